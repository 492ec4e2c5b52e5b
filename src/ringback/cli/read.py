"""read: what a file says, with nothing told or under a contract."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ringback.cli.frame import JsonOption, ProjectOption, tell
from ringback.report.read import read_text
from ringback.workflows.read_table import read_table, report_of


def read(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Delimited text, plain or packed, or a workbook.")],
    contract: Annotated[
        str | None, typer.Option("--contract", metavar="FEED", help="Read it as this feed's contract says.")
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="NAME", help="Of a workbook; default: the first.")
    ] = None,
    head: Annotated[int, typer.Option("--head", metavar="N", min=0, help="How many rows to print.")] = 10,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Read a file with nothing told: its first rows, how it is written, and what may be wrong about them.

    Example: ringback read clients.csv --head 5
    """
    report = report_of(read_table(file, feed=contract, sheet=sheet, project=project, environ=os.environ), head=head)
    tell(report, lambda: read_text(report), json=json)
