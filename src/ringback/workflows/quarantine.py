"""Quarantine: list rows that could not be taken, hand them out for correction, and take corrected rows back in."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from ringback.errors import UsageError
from ringback.model.quarantine import Quarantine
from ringback.model.run import Receipt, Run, RunKind
from ringback.workflows.import_file import Asked, import_corrected
from ringback.workflows.place import MARKS, Place

_RUN, _LINE, _REASON, _ROW = MARKS
_CELLS = "ringback.cells"


def quarantined(feed: str, place: Place, *, run_id: int | None = None) -> Quarantine:
    """The quarantined rows of the newest import, as its repair left them; or those of one run."""
    frames = list(place.store.rejects(feed, _newest(feed, place) if run_id is None else run_id))
    return Quarantine(feed=feed, faults=pl.concat(frames) if frames else pl.DataFrame())


def _newest(feed: str, place: Place) -> int | None:
    """The newest published run; a repair of an older import says nothing of the newest one."""
    run, last = place.store.last_published(feed), place.last_import(feed)
    while run is not None and run.previous is not None and run.kind is RunKind.REPAIR:
        if not run.partial and last is not None and run.repairs == last.id:
            break
        run = place.store.run(run.previous)
    return run.id if run else None


def export(feed: str, path: Path, place: Place, *, run_id: int | None = None) -> int:
    """Write quarantined rows as CSV: run, line, reasons, then the columns as delivered. Returns the number of rows.

    A row whose columns could not be told apart has its text in `ringback_row`, to be put into the columns by hand.
    """
    rejects = quarantined(feed, place, run_id=run_id).faults
    if rejects.is_empty():
        return 0
    rows = rejects.group_by("run", "line", maintain_order=True).agg(
        (pl.coalesce(pl.col("column") + " ", pl.lit("")) + pl.col("reason")).str.join("; ").alias(_REASON),
        pl.col("row").first(),
    )
    columns = _columns(rows, feed, place)
    told = rows.select(
        pl.format("R{}", "run").alias(_RUN),
        pl.col("line").alias(_LINE),
        _REASON,
        pl.when(~_has_columns()).then(pl.col("row")).str.json_decode(pl.String()).alias(_ROW),
        _cells(columns),
    ).unnest(_CELLS)
    told.write_csv(path, null_value="")
    return told.height


def take_back(feed: str, path: Path, run_id: int, place: Place, asked: Asked) -> Receipt:
    """Import corrected rows as a delivery of their own, tied to the run that could not take them.

    Raises: UsageError, when that run has no quarantined rows.
    """
    run: Run = place.require_run(run_id)
    if run.feed != feed or not (run.rows.quarantined or run.rows.duplicate):
        raise UsageError(f"{run.name} has no quarantined rows of {feed}", mend=f"list them: ringback quarantine {feed}")
    return import_corrected(path, run, place, asked)


def _columns(rows: pl.DataFrame, feed: str, place: Place) -> list[str]:
    """The delivered columns: those of the first row that has them, else those of the contract."""
    whole = rows.filter(_has_columns())
    if not whole.is_empty():
        return list(json.loads(whole["row"][0]))
    contract = place.contract(feed).contract
    return list(dict.fromkeys(str(spec.column) for spec in contract.fields.values()))


def _has_columns() -> pl.Expr:
    return pl.col("row").str.starts_with("{")


def _cells(columns: list[str]) -> pl.Expr:
    shape = pl.Struct(dict.fromkeys(columns, pl.String()))
    return pl.when(_has_columns()).then(pl.col("row")).str.json_decode(shape).alias(_CELLS)
