"""Show the ledger, and a run: its row, and values that it changed or, when held, would change."""

from __future__ import annotations

import polars as pl

from ringback.errors import UsageError
from ringback.model.canonical import to_text
from ringback.model.finding import Example
from ringback.model.run import Ledger, Shown
from ringback.workflows.place import Place


def list_runs(place: Place, *, feed: str | None, limit: int) -> Ledger:
    """The newest runs, of one feed or of all."""
    runs = place.store.runs(feed, limit=limit)
    undone = frozenset[int]().union(*(place.undone(name) for name in {run.feed for run in runs}))
    return Ledger(runs=runs, undone=undone)


def show_run(run_id: int, place: Place, *, field: str | None, limit: int) -> Shown:
    """A run with at most `limit` changed values a field. Raises: UsageError."""
    run = place.require_run(run_id)
    if field is not None and field not in run.changed_by_field:
        fields = ", ".join(run.changed_by_field) or "none"
        raise UsageError(f"{run.name} changed no {field}", mend=f"fields that it changed: {fields}")
    changed: dict[str, tuple[Example, ...]] = {}
    if run.changed_by_field and limit:
        contract = place.released(run).contract
        for cells in place.store.cells_of_run(contract, run.id):
            _add(changed, cells, contract.key, field=field, limit=limit)
    by_count = sorted(changed, key=lambda name: -run.changed_by_field.get(name, 0))
    told = {name: changed[name] for name in by_count}
    return Shown(run=run, changed=told, emergency=place.emergency_of(run))


def _add(
    changed: dict[str, tuple[Example, ...]], cells: pl.DataFrame, key: tuple[str, ...], *, field: str | None, limit: int
) -> None:
    wanted = cells.filter(pl.col("kind") == "changed")
    if field is not None:
        wanted = wanted.filter(pl.col("field") == field)
    texts = [to_text(pl.col(name), cells.schema[name]).alias(f"key.{name}") for name in key]
    few = wanted.group_by("field", maintain_order=True).head(limit).with_columns(texts)
    for cell in few.iter_rows(named=True):
        known = changed.get(cell["field"], ())
        if len(known) < limit:
            told = tuple(cell[f"key.{name}"] for name in key)
            example = Example(key=told, line=cell["line"], before=cell["before"], after=cell["after"])
            changed[cell["field"]] = (*known, example)
