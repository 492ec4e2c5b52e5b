"""incident: what went wrong; opened by holds and undos, or by hand when a caller complains."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ringback.cli.frame import ByOption, FeedArgument, JsonOption, ProjectOption, asked, guarded, opened, run_id, tell
from ringback.errors import UsageError
from ringback.model.incident import EntryKind
from ringback.report.incident import incident_text, incidents_text
from ringback.workflows.incident import (
    Words,
    close_incident,
    list_incidents,
    note_incident,
    open_incident,
    require_incident,
)

incident = typer.Typer(no_args_is_help=False, rich_markup_mode=None)

NumberArgument = Annotated[int, typer.Argument(metavar="INCIDENT", min=1, help="Its number.")]
AtOption = Annotated[
    str | None, typer.Option("--at", metavar="TIME", help="When it was, as 2026-08-10T09:00; UTC, or with its offset.")
]
ComplaintOption = Annotated[str | None, typer.Option("--complaint", metavar="TEXT", help="What a caller said.")]
FieldsOption = Annotated[list[str] | None, typer.Option("--field", metavar="F", help="A field concerned; repeatable.")]
FoundOption = Annotated[str | None, typer.Option("--found", metavar="TEXT", help="The cause, found at --at.")]
RunOption = Annotated[int | None, typer.Option("--run", metavar="RUN", parser=run_id, help="The run at fault, as R19.")]


@incident.callback(invoke_without_command=True)
def list_all(
    context: typer.Context,
    feed: Annotated[str | None, typer.Option("--feed", metavar="FEED", help="Only this feed's.")] = None,
    only_open: Annotated[bool, typer.Option("--open", help="Only those that are open.")] = False,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """List what went wrong, and write down what people know of it. Holds, undos and repairs open incidents themselves.

    Example: ringback incident
    """
    if context.invoked_subcommand is None:
        guarded(_list)(feed=feed, only_open=only_open, project=project, json=json)


def _list(*, feed: str | None, only_open: bool, project: Path | None, json: bool) -> None:
    with opened(project) as place:
        told = list_incidents(place, feed=feed, only_open=only_open)
    tell(told, lambda: incidents_text(told), json=json)


def open_(
    feed: FeedArgument,
    complaint: ComplaintOption = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="What else is known.")] = None,
    at: AtOption = None,
    field: FieldsOption = None,
    by: ByOption = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Open an incident by hand, as when a caller complains.

    Example: ringback incident open clients --at 2026-08-10T09:00 --complaint "my birthday is wrong"
    """
    told, fields = _moment(at), tuple(field or ())
    words = [Words(text=complaint, kind=EntryKind.COMPLAINT, at=told, fields=fields)] if complaint else []
    if note or not words:
        words.append(Words(text=note or "", at=told, fields=() if words else fields))
    with opened(project) as place, asked(by) as request:
        found = open_incident(feed, place, request, words)
    tell(found, lambda: incident_text(found), json=json)


def note(
    number: NumberArgument,
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="What is known.", show_default=False)] = None,
    complaint: ComplaintOption = None,
    found: FoundOption = None,
    measure: Annotated[
        list[str] | None, typer.Option("--measure", metavar="TEXT", help="What keeps it from coming again; repeatable.")
    ] = None,
    run: RunOption = None,
    field: FieldsOption = None,
    at: AtOption = None,
    by: ByOption = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Add to what is known of an incident: a note, a complaint, the cause, the run at fault, a measure.

    Example: ringback incident note 1 --found "line 18 was changed" --run R5 --at 2026-08-10T10:30
    """
    told, fields = _moment(at), tuple(field or ())
    words = [Words(text=each, kind=EntryKind.MEASURE, at=told) for each in measure or ()]
    words += [Words(text=complaint, kind=EntryKind.COMPLAINT, at=told, fields=fields)] if complaint else []
    if found or run is not None:
        words.append(Words(text=found or "", kind=EntryKind.FOUND, at=told, fields=fields, run_id=run))
    if text or (fields and not words):
        words.append(Words(text=text or "", at=told, fields=fields))
    if not words:
        raise UsageError("nothing is said", mend=f'say what is known: ringback incident note {number} "..."')
    with opened(project) as place, asked(by) as request:
        noted = note_incident(number, place, request, words)
    tell(noted, lambda: incident_text(noted), json=json)


def close(
    number: NumberArgument,
    conclusion: Annotated[str, typer.Option("--conclusion", metavar="TEXT", help="What it came to.")] = "",
    by: ByOption = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Close an incident. What befalls its runs later opens it again.

    Example: ringback incident close 1 --conclusion "repaired; approvers are named"
    """
    with opened(project) as place, asked(by) as request:
        closed = close_incident(number, place, request, conclusion)
    tell(closed, lambda: incident_text(closed), json=json)


def show(number: NumberArgument, project: ProjectOption = None, json: JsonOption = False) -> None:
    """Show all that is written of an incident.

    Example: ringback incident show 1
    """
    with opened(project) as place:
        found = require_incident(number, place)
    tell(found, lambda: incident_text(found), json=json)


_COMMANDS: dict[str, Callable[..., None]] = {"open": open_, "note": note, "close": close, "show": show}
for _name, _command in _COMMANDS.items():
    incident.command(_name)(guarded(_command))


def _moment(written: str | None) -> datetime | None:
    """A time of day without an offset is UTC, as all times that ringback prints."""
    if written is None:
        return None
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise UsageError("this is no time", where="--at", mend="write it as 2026-08-10T09:00") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
