"""The scores of drills. Their order is that of their numbers."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ringback.model.drill import Drilled
from ringback.store.link import Link
from ringback.store.own import DRILL, DRILL_SHAPE
from ringback.store.shape import Column, Shape

_NEXT: Shape = (Column("next", pl.Int64()),)
_NAMES = {"at": "drilled_at", "by": "done_by"}  # columns that are named otherwise: these are words of SQL


def store(link: Link, drilled: Drilled) -> Drilled:
    """Write a score under a number of its own. Inside a transaction that no other of this kind overlaps."""
    given = int(link.fetch_as(_NEXT, ["coalesce(max(id), 0) + 1"], f"from {DRILL.sql}")["next"].item())
    numbered = replace(drilled, id=given)
    told = {_NAMES.get(name, name): getattr(numbered, name) for name in Drilled.__dataclass_fields__}
    row = pl.DataFrame([pl.Series(column.name, [told[column.name]], dtype=column.dtype) for column in DRILL_SHAPE])
    link.ingest(DRILL, row, DRILL_SHAPE)
    return numbered


def of_feed(link: Link, feed: str) -> tuple[Drilled, ...]:
    """All scores of a feed, newest first; none in tables of an older ringback."""
    if DRILL.name not in link.dialect.tables(link, (DRILL.name,)):
        return ()
    found = link.fetch(DRILL_SHAPE, f"from {DRILL.sql} where feed = $1", feed).sort("id", descending=True)
    written = {name: _NAMES.get(name, name) for name in Drilled.__dataclass_fields__}
    return tuple(
        Drilled(**{name: told[column] for name, column in written.items()}) for told in found.iter_rows(named=True)
    )
