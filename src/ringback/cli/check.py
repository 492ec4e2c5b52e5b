"""check: lints contracts and project, tries the contracts' examples; verifies the audit trail."""

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ringback.cli.frame import JsonOption, ProjectOption, opened, tell
from ringback.errors import UsageError
from ringback.report.check import check_text
from ringback.workflows.accept_examples import Taken, accept_examples
from ringback.workflows.audit_trail import audit_trail as verified
from ringback.workflows.check import check_project
from ringback.workflows.offline import Offline


def check(
    feeds: Annotated[list[str] | None, typer.Argument(metavar="[FEED]...", help="Feeds; default: all.")] = None,
    examples: Annotated[
        bool, typer.Option("--examples", help="Only the examples, feeds/FEED.examples.yaml; else they are tried too.")
    ] = False,
    accept: Annotated[
        bool,
        typer.Option("--accept", help="Write what the examples become as what they must; without any, take some."),
    ] = False,
    file: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Take them from this file; default: the newest import."),
    ] = None,
    as_delivered: Annotated[
        bool, typer.Option("--as-delivered", help="Take client values as they are; default: scrambled.")
    ] = False,
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Take each ${VARIABLE} of ringback.yaml for set: no database is here."),
    ] = False,
    audit_trail: Annotated[
        bool, typer.Option("--audit-trail", help="Verify the events in the database too, and print their head.")
    ] = False,
    head: Annotated[
        str | None,
        typer.Option("--head", metavar="HASH", help="A head that you kept: nothing up to it was changed since."),
    ] = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Find every fault in the project file, the contracts and their examples, and touch nothing.

    With --examples --accept the examples of the feeds named are written; review them as any change.

    Exit codes: 0 no fault, 2 a fault or a failing example, 4 the audit trail is not whole.

    Example: ringback check
    """
    if (accept or file or as_delivered) and not (examples and accept and feeds):
        raise UsageError("--accept, --from and --as-delivered belong to examples of a feed", mend=_ACCEPT)
    accepted = (
        _accepted(feeds or [], Taken(file=file, secret=None if as_delivered else secrets.token_bytes(32)), project)
        if accept
        else {}
    )
    report = check_project(project, tuple(feeds or ()), Offline(os.environ) if offline else os.environ)
    if examples:
        report = replace(report, feeds=())
    told = tuple(replace(each, accepted=accepted.get(each.feed)) for each in report.examples)
    report = replace(report, examples=told)
    if audit_trail or head is not None:
        with opened(project) as place:
            report = replace(report, chain=verified(place, head=head))
    tell(report, lambda: check_text(report), json=json)
    raise typer.Exit(report.exit_code)


_ACCEPT = "Write ringback check --examples --accept FEED; beside it --from FILE and --as-delivered."


def _accepted(feeds: list[str], taken: Taken, project: Path | None) -> dict[str, str | None]:
    """Feed -> what was written."""
    with opened(project) as place:
        return {feed: accept_examples(feed, place, taken).accepted for feed in feeds}
