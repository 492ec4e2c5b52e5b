"""approve: makes the working contract the feed's release."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ringback.cli.frame import ByOption, FeedArgument, JsonOption, ProjectOption, asked, opened, remark, tell
from ringback.errors import UsageError
from ringback.model.release import Approval
from ringback.report.approval import approval_text, plan_text, proposal_text
from ringback.workflows.approve import Wanted, consider, settle


def approve(
    feed: FeedArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why the contract is right.")] = "",
    author: Annotated[
        str | None, typer.Option("--author", metavar="NAME", help="Who made the change; default: as git tells it.")
    ] = None,
    note: Annotated[
        str | None,
        typer.Option("--note", metavar="TEXT", help="What operators must know; default: drafted from what changed."),
    ] = None,
    note_file: Annotated[Path | None, typer.Option("--note-file", metavar="FILE", help="The same from a file.")] = None,
    dry: Annotated[bool, typer.Option("--plan", help="Only show what would be approved, with the notes.")] = False,
    emergency: Annotated[
        bool, typer.Option("--emergency", help="Untried, by anybody; told at once, and in every receipt.")
    ] = False,
    by: ByOption = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Let this contract, read by this software, import from now on; no other may.

    Notes tell the operators named in ringback.yaml what changes for them; each acknowledges them.

    A change of what is approved must have been tried: ringback trial FEED. Who is named under approvers in
    ringback.yaml approves what others have changed.

    Example: ringback approve clients --reason "dates checked against the billing screen"
    """
    wanted = Wanted(reason=reason, author=author, emergency=emergency, note=_note(note, note_file))
    with opened(project) as place:
        with asked(by) as request:
            considered = consider(feed, place, request, wanted)
        if dry:
            tell(considered, lambda: plan_text(considered), json=json)
            return
        asks = considered.is_new and not reason and not json and sys.stdin.isatty()
        approval = settle(_as_asked(considered, wanted) if asks else considered, place, request)
    tell(approval, lambda: approval_text(approval, shown=asks), json=json)


def _as_asked(considered: Approval, wanted: Wanted) -> Approval:
    """Show what is different, and ask why it is right; and for other notes, where operators read them."""
    remark(proposal_text(considered))
    told = replace(considered.release, reason=typer.prompt("Why is this right?", err=True))
    if considered.operators and not wanted.note:
        note = typer.prompt(
            "Other notes for operators (Enter keeps those above)", default="", show_default=False, err=True
        )
        told = replace(told, notes=note.strip() or told.notes)
    return replace(considered, release=told)


def _note(text: str | None, path: Path | None) -> str:
    """The note as given; empty where none is. Raises: UsageError."""
    if text is not None and path is not None:
        raise UsageError("--note and --note-file cannot both be meant", mend="leave one of them out")
    if path is not None:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, ValueError):
            raise UsageError("the note cannot be read", where=str(path), mend="give a text file in UTF-8") from None
    if text is not None and not text.strip():
        raise UsageError("the note says nothing", mend="write what operators must know, or leave --note out")
    return text or ""
