"""The shapes in which rows and records travel between steps, as Polars frames.

rows       one row per row of a delivery: LINE (Int64), then one String column per delivered column, named as delivered
           (unnamed columns and files without a header: "1", "2", ...). Never null: an empty cell is "".
records    one row per client as delivered: LINE, then the contract's fields, typed; null where the value is missing.
held       one row per client as held: the contract's fields (and the closed mark), typed the same way. No LINE.
rejects    one row per fault: REJECT_SCHEMA. A rejected row has one or more faults and is counted once, by its line.
"""

from __future__ import annotations

import polars as pl
from polars.selectors import by_name

LINE = "ringback.line"  # a field name has no dot, so it never meets this one

REJECT_SCHEMA = pl.Schema(
    {
        "line": pl.Int64(),  # first line of the row
        "fault": pl.Int32(),  # 1, 2, ... within the row
        "column": pl.String(),  # as delivered; null where the whole row is at fault
        "field": pl.String(),  # null where the whole row is at fault
        "code": pl.String(),  # "date.unreadable", "row.ragged", "constraint.pattern", "key.duplicate", ...
        "raw": pl.String(),  # the value's text as delivered, or the row's where the whole row is at fault
        "reason": pl.String(),  # a sentence without the value: "is not a date written as %d/%m/%Y"
        "row": pl.String(),  # the row as delivered: a JSON object column -> text, or its text as a JSON string
    }
)


def cells_of(*names: str) -> pl.Expr:
    """The cells of columns as they were delivered: to `pl.col` and `select`, "*" is every column, "^a.*$" a pattern."""
    return by_name(*names).as_expr()


def no_rejects() -> pl.DataFrame:
    """An empty frame of rejects."""
    return pl.DataFrame(schema=REJECT_SCHEMA)
