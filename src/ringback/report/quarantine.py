"""Quarantined rows as text."""

from __future__ import annotations

from ringback.model.quarantine import Quarantine
from ringback.report.words import count, shown


def quarantine_text(quarantine: Quarantine, *, limit: int) -> str:
    """Rows by line, each with all of its faults."""
    rows, feed = quarantine.rows, quarantine.feed
    if not rows:
        return f"no rows of {feed} are in quarantine"
    lines = []
    for row in rows[:limit]:
        lines.append(f"R{row['run'][0]}, line {row['line'][0]}")
        lines += [f"  {_fault(fault)}" for fault in row.iter_rows(named=True)]
    if len(rows) > limit:
        lines.append(f"and {count(len(rows) - limit, 'row')} more: --limit {len(rows)}, or --export FILE")
    lines.append(f"Correct them: ringback quarantine {feed} --export rejects.csv")
    return "\n".join(lines)


def _fault(fault: dict[str, object]) -> str:
    where = f'column "{fault["column"]}" ("{shown(str(fault["raw"]))}") ' if fault["column"] is not None else "the row "
    return f"{where}{fault['reason']}"
