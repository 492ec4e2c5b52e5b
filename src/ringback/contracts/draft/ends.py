"""Which of the last lines are no records: totals, remarks, another small table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ringback.contracts.draft.dialect import Table
from ringback.steps.read.align import align
from ringback.steps.read.fit import ColumnFit, is_like, vote
from ringback.steps.read.lenient import Record

_MOST = 40  # records at the end that are looked at
_TOTAL = re.compile(
    r"(?:grand )?total[s:]?\b.*|sum(?:me|ma)?[:]?|gesamt\w*[:]?|subtotal.*|totale?[s]?[:]?|insgesamt|average|mean",
    re.IGNORECASE,
)
_ALWAYS = 0.02  # share of empty cells in a column that is always filled, beside one


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The lines at the end that are no records."""

    line_count: int = 0  # the last ones of the file, blank ones included
    first_line: int = 0  # as the records that were looked at count
    texts: tuple[str, ...] = ()


def find_end(text: str, tail: Table, fits: Sequence[ColumnFit], *, line: int) -> End:
    """Find the last lines that are no records.

    text, tail: the end of a file (from a line's start), and the records in it. fits: what is known of the columns.
    line: of the text's first one, as the records count.
    """
    width, records = len(fits), tail.records
    if width < 2 or len(records) < 2:
        return End()
    first = len(records)
    while first > max(0, len(records) - _MOST) and _is_no_record(records[first - 1], tail, fits):
        first -= 1
    first = min(first, _other_block(tail, fits))
    if first == len(records) or first <= max(0, len(records) - _MOST):
        return End()
    last = records[first - 1]  # a record
    line_count = len(re.findall(r"\r\n|\r|\n", text)) + (not text.endswith(("\n", "\r")))
    return End(
        line_count=line_count - (last.line + last.line_count - line),
        first_line=records[first].line,
        texts=tuple(record.text for record in records[first:]),
    )


def _other_block(tail: Table, fits: Sequence[ColumnFit]) -> int:
    """The place of the last block behind a blank line, if it starts unlike a record; else behind all records."""
    records = tail.records
    for place in range(len(records) - 1, max(0, len(records) - _MOST), -1):
        before = records[place - 1]
        if records[place].line > before.line + before.line_count:
            votes = [vote(cell, fit) for cell, fit in zip(records[place].cells, fits, strict=False)]
            return place if any(votes) and sum(votes) < 0 else len(records)
    return len(records)


def _is_no_record(record: Record, tail: Table, fits: Sequence[ColumnFit]) -> bool:
    if len(record.cells) == len(fits):
        return _is_total(record, fits)
    if len(record.cells) > len(fits) / 2 and _is_like(record.cells, fits):
        return False
    if not record.clean or record.text.count(" ") >= len(fits):
        aligned = align(record.text, tail.marks, fits)
        if aligned is not None and _is_like(aligned.cells, fits):
            return False
    return True


def _is_like(cells: Sequence[str], fits: Sequence[ColumnFit]) -> bool:
    if not any(fit.kind for fit in fits):
        return len(cells) > len(fits) / 2
    return is_like(cells, fits)


def _is_total(record: Record, fits: Sequence[ColumnFit]) -> bool:
    """Whether a row sums up: few cells, none where there always is one, and not what stands in its first column."""
    place = next((place for place, cell in enumerate(record.cells) if cell.strip()), None)
    if place is None or record.filled_count > max(2, len(fits) / 3):
        return False
    always = [
        at
        for at, fit in enumerate(fits)
        if fit.values and fit.empty_share * len(fit.values) <= 1 + _ALWAYS * len(fit.values)
    ]
    lacking = sum(not record.cells[at].strip() or vote(record.cells[at], fits[at]) < 0 for at in always)
    label = record.cells[place].strip()
    strange = bool(_TOTAL.fullmatch(label)) or (fits[place].kind is not None and not fits[place].fits(label))
    strange = strange or (record.filled_count == 1 and len(fits) > 2)
    return strange and len(always) > 1 and lacking >= len(always) / 2
