"""Quarantined rows as text and JSON."""

from __future__ import annotations

import polars as pl

from ringback.report.as_json import Json
from ringback.report.words import count, shown


def rejects_text(rejects: pl.DataFrame, feed: str, *, limit: int) -> str:
    """Rows by line, each with all of its faults."""
    if rejects.is_empty():
        return f"no rows of {feed} are in quarantine"
    lines = []
    rows = rejects.partition_by("run", "line", maintain_order=True)
    for row in rows[:limit]:
        lines.append(f"R{row['run'][0]}, line {row['line'][0]}")
        lines += [f"  {_fault(fault)}" for fault in row.iter_rows(named=True)]
    if len(rows) > limit:
        lines.append(f"and {count(len(rows) - limit, 'row')} more: --limit {len(rows)}, or --export FILE")
    lines.append(f"Correct them: ringback quarantine {feed} --export rejects.csv")
    return "\n".join(lines)


def rejects_json(rejects: pl.DataFrame, feed: str, *, limit: int) -> Json:
    """The same for machines."""
    if rejects.is_empty():
        return {"feed": feed, "row_count": 0, "rows": []}
    rows = rejects.partition_by("run", "line", maintain_order=True)
    return {"feed": feed, "row_count": len(rows), "rows": [_row(row) for row in rows[:limit]]}


def _fault(fault: dict[str, object]) -> str:
    where = f'column "{fault["column"]}" ("{shown(str(fault["raw"]))}") ' if fault["column"] is not None else "the row "
    return f"{where}{fault['reason']}"


def _row(row: pl.DataFrame) -> Json:
    return {
        "run": f"R{row['run'][0]}",
        "line": row["line"][0],
        "row": row["row"][0],
        "faults": row.select("code", "field", "column", "raw", "reason").to_dicts(),
    }
