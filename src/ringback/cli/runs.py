"""runs: the ledger."""

from __future__ import annotations

from typing import Annotated

import typer

from ringback.cli.frame import JsonOption, ProjectOption, opened, tell
from ringback.report.runs import runs_text
from ringback.workflows.drill import with_scores
from ringback.workflows.show import list_runs


def runs(
    feed: Annotated[str | None, typer.Argument(metavar="[FEED]", help="One feed; default: all.")] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="How many, newest first.")] = 20,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """List what was imported, held, refused and undone, newest first.

    Example: ringback runs clients
    """
    with opened(project) as place:
        ledger = with_scores(list_runs(place, feed=feed, limit=limit), place)
    tell(ledger, lambda: runs_text(ledger), json=json)
