"""runs: the ledger."""

from __future__ import annotations

from typing import Annotated

import typer

from ringback.cli.frame import JsonOption, ProjectOption, opened, tell
from ringback.report.as_json import run_json
from ringback.report.runs import runs_text


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
        listed = place.store.runs(feed, limit=limit)
        undone = frozenset[int]().union(*(place.undone(name) for name in {run.feed for run in listed}))
    told = {"runs": [{**run_json(run), "undone": run.id in undone} for run in listed]}
    tell(runs_text(listed, undone), told, json=json)
