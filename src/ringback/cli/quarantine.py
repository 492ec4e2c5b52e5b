"""quarantine: rows that could not be taken."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ringback.cli.frame import (
    ByOption,
    FeedArgument,
    JsonOption,
    ProjectOption,
    asked,
    dumped,
    finish,
    opened,
    run_id,
    say,
    tell,
)
from ringback.errors import UsageError
from ringback.report.quarantine import quarantine_text
from ringback.report.receipt import receipt_text
from ringback.workflows.quarantine import export, quarantined, take_back

_RunOption = Annotated[
    int | None, typer.Option("--run", metavar="RUN", parser=run_id, help="Default: the newest import.")
]


def quarantine(
    feed: FeedArgument,
    run: _RunOption = None,
    to: Annotated[Path | None, typer.Option("--export", metavar="FILE", help="Write the rows as CSV.")] = None,
    take: Annotated[Path | None, typer.Option("--take", metavar="FILE", help="Import corrected rows.")] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="Rows listed.")] = 20,
    by: ByOption = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """List rows that could not be taken, with their reasons; hand them out as CSV; take corrected rows back in.

    Example: ringback quarantine clients --export rejects.csv
    """
    if take is not None:
        _take(feed, take, run, by=by, project=project, json=json)
    elif to is not None:
        _export(feed, to, run, project=project, json=json)
    else:
        with opened(project) as place:
            rows = quarantined(feed, place, run_id=run)
        tell(rows, lambda: quarantine_text(rows, limit=limit), json=json)


def _export(feed: str, to: Path, run: int | None, *, project: Path | None, json: bool) -> None:
    with opened(project) as place:
        row_count = export(feed, to, place, run_id=run)
    text = f"{row_count:,} rows written to {to}; correct them, then: ringback quarantine {feed} --take {to} --run RUN"
    say(dumped({"feed": feed, "file": str(to), "row_count": row_count}) if json else text)


def _take(feed: str, take: Path, run: int | None, *, by: str | None, project: Path | None, json: bool) -> None:
    if run is None:
        raise UsageError("whose rows are these?", mend="name the run that could not take them: --run R19")
    with opened(project) as place, asked(by) as request:
        receipt = take_back(feed, take, run, place, request)
    tell(receipt, lambda: receipt_text(receipt, contract_name=f"feeds/{feed}.yaml"), json=json)
    finish(receipt.run.outcome)
