"""Rejects by their causes: how many rows, the first of them, and a few texts."""

from __future__ import annotations

from typing import TypeAlias

import polars as pl

from ringback.model.reading import RejectGroup

RejectGroups: TypeAlias = dict[tuple[object, ...], RejectGroup]

_RAW_EXAMPLES = 3


def add_rejects(rejects: pl.DataFrame, groups: RejectGroups) -> None:
    """Add rejects (REJECT_SCHEMA) to the groups of their causes."""
    cause = ["code", "field", "column", "reason"]
    found = rejects.group_by(cause, maintain_order=True).agg(
        pl.len().alias("row_count"),
        pl.col("line").first().alias("first"),
        pl.struct("line", "raw").head(_RAW_EXAMPLES).alias("raws"),
    )
    for row in found.iter_rows(named=True):
        raws = tuple((raw["line"], raw["raw"]) for raw in row["raws"])
        name = tuple(row[part] for part in cause)
        known = groups.get(name)
        groups[name] = RejectGroup(
            code=row["code"],
            field=row["field"],
            column=row["column"],
            reason=row["reason"],
            row_count=row["row_count"] + (known.row_count if known else 0),
            first_line=known.first_line if known else row["first"],
            raws=((known.raws if known else ()) + raws)[:_RAW_EXAMPLES],
        )
