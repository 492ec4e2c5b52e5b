"""Every row of a delivery is somewhere: told by its text in the live table, or by its line in quarantine."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import ringback
from ringback.model.contract import Contract
from ringback.model.run import Outcome, Run

from ..workflows.office import query
from .evidence import Issue, cells_of

Table = Counter[tuple[str | None, ...]]  # records, as texts; in no order


def assert_counted(run: Run, issue: Issue, project: Path) -> None:
    """Ringback's rows are those of the standard library, and quarantine lists exactly those that were not taken."""
    assert run.rows.add_up()
    if run.outcome is not Outcome.REFUSED:  # nothing is read then
        assert run.rows.read == len(issue.records)
    if run.outcome in (Outcome.PUBLISHED, Outcome.HELD):
        _assert_quarantined(run, issue, project)


def _assert_quarantined(run: Run, issue: Issue, project: Path) -> None:
    delivered = dict(issue.records)
    listed = ringback.quarantine(run.feed, run=run.id, project=project).rows

    assert len(listed) == run.rows.quarantined + run.rows.duplicate
    for faults in listed:
        assert _cells(faults["row"][0]) == [_shown(cell) for cell in delivered[faults["line"][0]]]


def _cells(row: str) -> list[str]:
    told = json.loads(row)
    return list(told.values()) if isinstance(told, dict) else cells_of(told)


def _shown(cell: str) -> str:
    """A byte that is none of the encoding is shown by its number."""
    return cell.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="backslashreplace")


def assert_told(run: Run, issue: Issue, contract: Contract, *, project: Path, table: Table) -> None:
    """All texts of a row that was taken stand together in one record of `table`, which has the contract's fields."""
    apart = _apart(run, project)
    taken = [cells for line, cells in issue.records if line not in apart]
    told = [cells for cells in taken if not _skipped(cells, contract)]
    columns = {name: str(spec.column) for name, spec in contract.fields.items() if spec.type == "string"}
    places = {name: issue.header.index(column) for name, column in columns.items()}
    delivered = Counter(tuple(_told(cells[at], contract, name) for name, at in places.items()) for cells in told)
    held_at = [list(contract.fields).index(name) for name in places]
    held = Counter(tuple(record[at] for at in held_at) for record in table.elements())

    assert len(taken) - len(told) == run.rows.skipped
    assert not delivered - held


def _apart(run: Run, project: Path) -> set[int]:
    """Lines of the rows in quarantine."""
    if not run.rows.quarantined + run.rows.duplicate:
        return set()
    return set(ringback.quarantine(run.feed, run=run.id, project=project).faults["line"])


def _skipped(cells: list[str], contract: Contract) -> bool:
    """A blank line, or what a rule of the contract names."""
    return not cells or any(re.search(rule.pattern, cells[0]) for rule in contract.source.skip)


def _told(cell: str, contract: Contract, name: str) -> str | None:
    text = cell.strip()
    return None if text in contract.missing_texts(name) else text


def table_of(target: str, table: str, names: tuple[str, ...]) -> Table:
    """Columns of a live table as text, record by record, read beside ringback."""
    # marked, so that no column is empty: the driver takes its type from the first records
    marked = ", ".join(f"coalesce('=' || cast(\"{name}\" as text), '-') as \"{name}\"" for name in names)
    records = query(target, f'select {marked} from "{table}"')
    return Counter(tuple(None if cell == "-" else cell[1:] for cell in record) for record in records)
