"""Where another table begins: the header again, or rows of another width that stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ringback.model.rows import LINE, cells_of
from ringback.model.table import Remark
from ringback.steps.read.lenient import records
from ringback.steps.read.mend import Mender, decoded
from ringback.steps.read.spans import Fault

_SHARE = 0.6  # of the names that stand in a row: it is a header


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """The first line that is not of this table, and why."""

    line: int
    doubt: Remark


def find_stop(
    rows: pl.DataFrame, rejected: Sequence[tuple[int, bytes, Fault]], names: Sequence[str], mender: Mender
) -> Stop | None:
    """The first row of a chunk that has the names of the header again; None without one."""
    named = [(place, name) for place, name in enumerate(names) if name.strip()]
    if len(named) < 2:
        return None
    lines = [line for line, delivered, _ in rejected if _names_again(delivered, {name for _, name in named}, mender)]
    lines += _whole_rows_again(rows, named)
    if not lines:
        return None
    why = "the header stands here again; this and what follows is another table, and left out"
    return Stop(line=min(lines), doubt=Remark(why=why, line=min(lines)))


def _names_again(delivered: bytes, names: set[str], mender: Mender) -> bool:
    text, _ = decoded(delivered)
    if len(text) > 65536:
        return False
    cells = {cell for record in records(text, mender.marks) for cell in record.cells}
    return len(cells & names) >= max(2, _SHARE * len(names))


def _whole_rows_again(rows: pl.DataFrame, named: Sequence[tuple[int, str]]) -> list[int]:
    columns = rows.columns[1:]
    place, name = named[0]
    maybe = rows.filter(cells_of(columns[place]) == name)
    if maybe.is_empty():
        return []
    equal = pl.sum_horizontal((cells_of(columns[place]) == name).cast(pl.Int32) for place, name in named)
    again: list[int] = maybe.filter(equal >= max(2, _SHARE * len(named)))[LINE].to_list()
    return again
