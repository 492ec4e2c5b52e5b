"""drill: every misreading tried on the guard; or one on a person."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ringback.cli.frame import ByOption, FeedArgument, JsonOption, ProjectOption, asked, opened, run_id, tell
from ringback.cli.train import Asking, train
from ringback.errors import UsageError
from ringback.report.drill import drill_text
from ringback.workflows.drill import SAMPLE_ROWS, Wanted
from ringback.workflows.drill import drill as drill_feed
from ringback.workflows.training import FOLDER


def drill(
    feed: FeedArgument,
    run: Annotated[
        int | None,
        typer.Option("--run", metavar="RUN", parser=run_id, help="Whose delivery; default: the newest published one."),
    ] = None,
    sample: Annotated[int, typer.Option("--sample", metavar="N", min=1, help="Rows, drawn by key.")] = SAMPLE_ROWS,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed", metavar="N", min=0, help="Another seed, other rows; with --train another accident, else drawn."
        ),
    ] = None,
    training: Annotated[
        bool, typer.Option("--train", help="Train a person: an accident on a copy of the feed.")
    ] = False,
    answer: Annotated[
        str | None, typer.Option("--answer", metavar="FIELD=NAME", help="With --train: what the accident is.")
    ] = None,
    hint: Annotated[bool, typer.Option("--hint", help="With --train: a hint; it costs points.")] = False,
    done: Annotated[bool, typer.Option("--done", help="With --train: it is taken back; ends the training.")] = False,
    names: Annotated[bool, typer.Option("--names", help="With --train: the misreadings by name.")] = False,
    records: Annotated[bool, typer.Option("--records", help="With --train: all trainings of the feed.")] = False,
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="DIR", help=f"With --train: of the copy; default: {FOLDER}.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="With --train: leave the copy there at the end.")] = False,
    by: ByOption = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Show which misreadings would be caught, which would be published, and the line that would catch them.

    A delivery from the archive is read wrongly on purpose, in every known way. Nothing is imported; the score is kept.
    With --train a person is drilled: one misreading is published in a copy of the feed, to be found and taken back.

    Example: ringback drill clients
    """
    asking = Asking(
        feed=feed,
        answer=answer,
        hint=hint,
        done=done,
        names=names,
        records=records,
        folder=folder,
        keep=keep,
        seed=seed,
        sample=sample,
        by=by,
        json=json,
    )
    if training:
        _require_none({"--run": run is not None}, why="a training is held on the newest deliveries")
        train(asking, project)
        return
    _require_none(
        {**asking.steps, "--folder": folder is not None, "--keep": keep}, why="it belongs to a training: add --train"
    )
    with opened(project) as place, asked(by) as request:
        drilled = drill_feed(feed, place, request, Wanted(run_id=run, sample=sample, seed=seed or 0))
    tell(drilled, lambda: drill_text(drilled), json=json)


def _require_none(options: dict[str, bool], *, why: str) -> None:
    given = [option for option, is_given in options.items() if is_given]
    if given:
        raise UsageError(f"{given[0]} has no meaning here", why=why, mend="ringback drill --help")
