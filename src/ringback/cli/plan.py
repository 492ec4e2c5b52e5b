"""plan: what an import would change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ringback.cli.frame import FeedArgument, JsonOption, ProjectOption, asked, finish, opened, tell
from ringback.report.receipt import plan_text
from ringback.workflows.import_file import plan_file


def plan(
    feed: FeedArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The delivery.")],
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Show what an import would change, and its verdict. The database is only read.

    Example: ringback plan clients clients_2024-08-09.csv
    """
    with opened(project) as place, asked(None) as request:
        planned = plan_file(file, feed, place, request)
    tell(planned, lambda: plan_text(planned, contract_name=f"feeds/{feed}.yaml"), json=json)
    finish(planned.receipt.run.outcome)
