"""show: one run."""

from __future__ import annotations

from typing import Annotated

import typer

from ringback.cli.frame import JsonOption, ProjectOption, RunArgument, opened, tell
from ringback.report.receipt import run_text
from ringback.workflows.show import show_run


def show(
    run: RunArgument,
    field: Annotated[str | None, typer.Option("--field", metavar="F", help="Only this field's changes.")] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=0, help="Values a field.")] = 5,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Show a run: its rows, its findings, and values before and after.

    Example: ringback show R19 --field born_on --limit 50
    """
    with opened(project) as place:
        shown = show_run(run, place, field=field, limit=limit)
    tell(shown, lambda: run_text(shown, contract_name=f"feeds/{shown.run.feed}.yaml"), json=json)
