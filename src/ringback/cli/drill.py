"""drill: every misreading tried on the guard."""

from __future__ import annotations

from typing import Annotated

import typer

from ringback.cli.frame import ByOption, FeedArgument, JsonOption, ProjectOption, asked, opened, run_id, tell
from ringback.report.drill import drill_text
from ringback.workflows.drill import SAMPLE_ROWS, Wanted
from ringback.workflows.drill import drill as drill_feed


def drill(
    feed: FeedArgument,
    run: Annotated[
        int | None,
        typer.Option("--run", metavar="RUN", parser=run_id, help="Whose delivery; default: the newest published one."),
    ] = None,
    sample: Annotated[int, typer.Option("--sample", metavar="N", min=1, help="Rows, drawn by key.")] = SAMPLE_ROWS,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Another seed, other rows.")] = 0,
    by: ByOption = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Show which misreadings would be caught, which would be published, and the line that would catch them.

    A delivery from the archive is read wrongly on purpose, in every known way. Nothing is imported; the score is kept.

    Example: ringback drill clients
    """
    with opened(project) as place, asked(by) as request:
        drilled = drill_feed(feed, place, request, Wanted(run_id=run, sample=sample, seed=seed))
    tell(drilled, lambda: drill_text(drilled), json=json)
