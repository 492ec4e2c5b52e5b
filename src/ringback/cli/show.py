"""show: one run, or what is known of a feed."""

from __future__ import annotations

from typing import Annotated

import typer

from ringback.cli.frame import JsonOption, OptionalRunArgument, ProjectOption, opened, tell
from ringback.errors import UsageError
from ringback.report.baseline import baseline_text
from ringback.report.receipt import run_text
from ringback.workflows.baseline import show_baseline
from ringback.workflows.show import show_run


def show(
    run: OptionalRunArgument = None,
    field: Annotated[str | None, typer.Option("--field", metavar="F", help="Only this field's changes.")] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=0, help="Values a field.")] = 5,
    baseline: Annotated[
        str | None, typer.Option("--baseline", metavar="FEED", help="What is known of a feed, and its limits.")
    ] = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Show a run: its rows, its findings, and values before and after. Or a feed's baseline.

    Example: ringback show R19 --field born_on --limit 50
    """
    with opened(project) as place:
        if baseline is not None and run is None:
            known = show_baseline(baseline, place, field=field)
            tell(known, lambda: baseline_text(known), json=json)
        elif run is not None and baseline is None:
            shown = show_run(run, place, field=field, limit=limit)
            tell(shown, lambda: run_text(shown, contract_name=f"feeds/{shown.run.feed}.yaml"), json=json)
        else:
            raise UsageError("show takes a run, or --baseline FEED", mend="ringback show R19")
