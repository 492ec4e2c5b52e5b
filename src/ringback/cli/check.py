"""check: lints contracts and project; verifies the audit trail."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Annotated

import typer

from ringback.cli.frame import JsonOption, ProjectOption, opened, tell
from ringback.report.check import check_text
from ringback.workflows.audit_trail import audit_trail as verified
from ringback.workflows.check import check_project


def check(
    feeds: Annotated[list[str] | None, typer.Argument(metavar="[FEED]...", help="Feeds; default: all.")] = None,
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
    """Find every fault in the project file and the contracts, and touch nothing.

    Exit codes: 0 no fault, 2 a fault, 4 the audit trail is not whole.

    Example: ringback check
    """
    report = check_project(project, tuple(feeds or ()), os.environ)
    if audit_trail or head is not None:
        with opened(project) as place:
            report = replace(report, chain=verified(place, head=head))
    tell(report, lambda: check_text(report), json=json)
    raise typer.Exit(report.exit_code)
