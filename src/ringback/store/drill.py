"""The scores of drills. Their order is that of their numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ringback.model.drill import Drilled, counts_from_json, counts_to_json
from ringback.store.link import Link
from ringback.store.own import DRILL, DRILL_COUNTS, DRILL_COUNTS_VERSION, DRILL_SHAPE, next_number, version
from ringback.store.shape import Shape, frame

_WHOLE: Shape = (*DRILL_SHAPE, DRILL_COUNTS)
_NAMES = {"at": "drilled_at", "by": "done_by"}  # columns that are named otherwise: these are words of SQL


def store(link: Link, drilled: Drilled) -> Drilled:
    """Write a score under a number of its own. Inside a transaction that no other of this kind overlaps."""
    given = next_number(link, DRILL)
    numbered = replace(drilled, id=given)
    told = {_NAMES.get(name, name): getattr(numbered, name) for name in Drilled.__dataclass_fields__}
    told["counts"] = counts_to_json(numbered.counts)
    link.ingest(DRILL, frame(_WHOLE, told), _WHOLE)
    return numbered


def of_feed(link: Link, feed: str) -> tuple[Drilled, ...]:
    """All scores of a feed, newest first; none in tables of an older ringback."""
    if DRILL.name not in link.dialect.tables(link, (DRILL.name,)):
        return ()
    shape = _WHOLE if version(link) >= DRILL_COUNTS_VERSION else DRILL_SHAPE
    found = link.fetch(shape, f"from {DRILL.sql} where feed = $1", feed).sort("id", descending=True)
    return tuple(_drilled(told) for told in found.iter_rows(named=True))


def _drilled(told: dict[str, Any]) -> Drilled:
    written: dict[str, Any] = {name: told.get(_NAMES.get(name, name)) for name in Drilled.__dataclass_fields__}
    counts = told.get("counts")
    written["counts"] = counts_from_json(counts) if counts else ()
    return Drilled(**written)
