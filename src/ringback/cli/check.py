"""check: lints contracts and project."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from ringback.cli.frame import JsonOption, ProjectOption, tell
from ringback.workflows.check import check_project


def check(
    feeds: Annotated[list[str] | None, typer.Argument(metavar="[FEED]...", help="Feeds; default: all.")] = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Find every fault in the project file and the contracts, and touch nothing.

    Example: ringback check
    """
    report = check_project(project, tuple(feeds or ()), os.environ)
    lines = [*report.faults, *(str(feed) for feed in report.feeds)]
    tell(report, lambda: "\n".join(lines), json=json)
    raise typer.Exit(report.exit_code)
