"""plan: what an import would change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ringback.cli.frame import FeedArgument, JsonOption, ProjectOption, asked, finish, opened, remark, tell
from ringback.report.receipt import plan_text
from ringback.workflows import accept as accepting
from ringback.workflows.import_file import plan_file


def plan(
    feed: FeedArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The delivery.")],
    accept: Annotated[
        bool, typer.Option("--accept", help="Write the proposed change into the working copy of the contract.")
    ] = False,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Show what an import would change, and its verdict. The database is only read.

    Where the file does not fit the contract, a change of it is proposed; nothing imports with it before it is approved.

    Example: ringback plan clients clients_2024-08-09.csv
    """
    with opened(project) as place, asked(None) as request:
        planned = plan_file(file, feed, place, request)
        written = accepting.accept(planned, place) if accept else None
    tell(planned, lambda: plan_text(planned, contract_name=f"feeds/{feed}.yaml"), json=json)
    if written is not None:
        remark(f"written: {written}; try it: ringback trial {feed}; if that is meant: ringback approve {feed}")
        raise typer.Exit(0)
    finish(planned.receipt.run.outcome)
