"""Small tables of clients, for properties of the steps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import strategies as st

from ringback.model.canonical import to_text
from ringback.model.change import ChangeSet
from ringback.model.contract import Contract
from ringback.model.rows import LINE
from ringback.steps.interpret import FIELD_TYPES
from ringback.steps.plan import compared, held_schema

ASKED: dict[str, dict[str, Any]] = {
    "branch": {"type": "integer"},
    "client_no": {"type": "string"},
    "name": {"type": "string"},
    "born_on": {"type": "date", "format": "%d/%m/%Y"},
    "balance": {"type": "decimal", "scale": 2},
}


def contract(**told: Any) -> Contract:
    """A contract whose key has two parts."""
    fields = {name: FIELD_TYPES[asked["type"]](**{**asked, "from": name}) for name, asked in ASKED.items()}
    told = {"feed": "clients", "key": ["branch", "client_no"], "target": {"table": "clients"}, **told}
    return Contract(**told, fields=fields)


_KEYS = st.tuples(st.integers(1, 3), st.sampled_from(["1", "2", "é", ""]))
_VALUES = st.tuples(
    st.sampled_from(["Ann", "Bob", None]),
    st.sampled_from([date(1980, 4, 3), date(1999, 12, 31), None]),
    st.sampled_from([Decimal("0.00"), Decimal("12.50"), Decimal("-1.00"), None]),
)
CLIENTS = st.dictionaries(_KEYS, st.tuples(_VALUES, st.booleans()), max_size=12)
Clients = dict[tuple[int, str], tuple[tuple[Any, ...], bool]]


def held(clients: Clients, of: Contract) -> pl.DataFrame:
    """Clients as held; the mark is used where the contract has one."""
    rows = [(*key, *values, closed)[: len(compared(of))] for key, (values, closed) in clients.items()]
    return pl.DataFrame(rows, schema=held_schema(of), orient="row")


def delivered(clients: Clients, of: Contract) -> pl.DataFrame:
    """The same clients as delivered, from line 2."""
    records = held(clients, of).select(list(ASKED))
    return records.select(pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias(LINE), pl.all())


def rows(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Rows in an order of their own, to compare."""
    return sorted(frame.rows(), key=repr)


def cells_of(changes: ChangeSet, of: Contract, *, added_whole: bool) -> pl.DataFrame:
    """The cells that the store would keep of a change set."""
    values = [name for name in compared(of) if name not in of.key]
    told = [_told(changes.removed, of, "removed", name, before=name) for name in values]
    if added_whole:
        told.append(_told(changes.added, of, "added", None))
    else:
        told += [_told(changes.added, of, "added", name, after=name) for name in values]
    for name in values:
        mask = changes.changed_cells(name)
        after = changes.after.filter(mask).select(to_text(pl.col(name), changes.after.schema[name]).alias("after"))
        old = _told(changes.before.filter(mask), of, "changed", name, before=name)
        told.append(old.with_columns(after["after"]))
    return pl.concat(told)


def _told(
    records: pl.DataFrame,
    of: Contract,
    kind: str,
    name: str | None,
    before: str | None = None,
    after: str | None = None,
) -> pl.DataFrame:
    sides = {
        side: pl.lit(None, dtype=pl.String) if field is None else to_text(pl.col(field), records.schema[field])
        for side, field in (("before", before), ("after", after))
    }
    return records.select(
        pl.lit(kind).alias("kind"),
        *of.key,
        pl.lit(name, dtype=pl.String).alias("field"),
        *(text.alias(side) for side, text in sides.items()),
    )


def applied(changes: ChangeSet, was: pl.DataFrame) -> pl.DataFrame:
    """The table that a change set makes."""
    leaving = pl.concat([changes.before, changes.removed]).select(changes.key)
    stays = was.join(leaving, on=changes.key, how="anti")
    return pl.concat([stays, changes.after.select(was.columns), changes.added.select(was.columns)])
