"""Which lines are the header, which stand before it, and where the records begin.

Records are told from names by the columns' kinds: what is learned from the later half of the sample (`Table.fits`) is
held against each of the first lines. Where no column is of a kind, names are told by not standing again below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ringback.contracts.draft.dialect import Table
from ringback.contracts.draft.evidence import Doubt
from ringback.contracts.draft.names import Names, joined_names, other_width
from ringback.contracts.draft.scalar import shown
from ringback.steps.read.align import align
from ringback.steps.read.fit import TYPED, is_like, kind_of
from ringback.steps.read.lenient import Record

_MOST_LEAD = 60  # records that are looked at for the first one that is no header
_MOST_ALIGNED = 60  # columns: a wider record is only compared from both its ends
_NAMED = 0.5  # of the columns a header names at least


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutDraft:
    """The lines before the records."""

    header: bool
    preamble_lines: int  # before the header, or before the records where there is none
    body_line: int = 1  # the first line of the first record
    width: int = 0
    names: Names | None = None  # as they stand in the sample, for as many columns as the records have
    remarks: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def find_layout(table: Table, *, header: bool | None = None) -> LayoutDraft:
    """Find preamble and header in the head of a sample; `header` where a person decided it."""
    records = table.records
    if not records:
        return LayoutDraft(header=False, preamble_lines=0, width=table.width)
    start = _first_record(table)
    found = _typed_header(table, start, header=header) if start is not None else None
    if start is None:
        return _untyped(table, header=header)
    if found is None:
        return _without_header(table, start, header=header)
    return _drafted(table, found, _evidence(table, found), header=header)


def _first_record(table: Table) -> int | None:
    """The place of the first record that looks like those below; None, where no column is of a kind."""
    if not any(fit.kind for fit in table.fits):
        return None
    lead = table.records[:_MOST_LEAD]
    return next((place for place, record in enumerate(lead) if _is_record(record, table)), len(lead))


def _is_record(record: Record, table: Table) -> bool:
    if len(record.cells) == table.width and record.clean:
        return is_like(record.cells, table.fits)
    if table.width * 0.5 < len(record.cells) <= table.width + 3 and is_like(record.cells, table.fits):
        return True
    if table.width > _MOST_ALIGNED or record.clean == (record.text.count(" ") < table.width):
        return False
    aligned = align(record.text, table.marks, table.fits)
    return aligned is not None and is_like(aligned.cells, table.fits)


def _votes(cells: Sequence[str], table: Table) -> tuple[int, int]:
    """In how many columns of one kind a cell is of that kind, and in how many not."""
    held = [
        (kind_of(cell) == fit.kind) for cell, fit in zip(cells, table.fits, strict=False) if fit.kind and _says(cell)
    ]
    return sum(held), len(held) - sum(held)


def _says(cell: str) -> bool:
    return kind_of(cell) != "none"


@dataclass(frozen=True, slots=True)
class _Header:
    """Places of records: the first row of names, and the first record."""

    first: int
    start: int


def _typed_header(table: Table, start: int, *, header: bool | None) -> _Header | None:
    """The rows of names directly before the first record, if there are any."""
    lead = table.records[:start]
    places = [place for place, record in enumerate(lead) if _may_be_names(record, table)]
    whole = [place for place in places if len(lead[place].cells) == table.width]
    if not (whole or places):
        return None
    last = first = (whole or places)[-1]
    while first > 0 and first - 1 in whole and _adds_names(lead[first - 1], lead[first]):
        first -= 1
    below = range(first + 1, last + 1)
    return _Header(first, next((at for at in below if _may_be_record(lead[at], table, header=header)), last + 1))


def _may_be_record(record: Record, table: Table, *, header: bool | None) -> bool:
    """Whether a row below names says as much for a record as for more names: where a person says that there is one
    header row, any value of its column's kind does."""
    held, misfit = _votes(record.cells, table)
    return held > 0 and (header is True or held >= misfit)


def _may_be_names(record: Record, table: Table) -> bool:
    near, cells = max(1, table.width // 4), _split_names(record, table)
    if abs(len(cells) - table.width) > near:
        return False
    _, misfit = _votes(cells, table)
    filled = sum(bool(cell.strip()) for cell in cells)
    return filled >= max(1, _NAMED * table.width) and (misfit > 0 or filled == table.width) and filled > 0


def _split_names(record: Record, table: Table) -> Sequence[str]:
    return record.cells if record.clean else record.text.split(table.delimiter)


def _adds_names(above: Record, below: Record) -> bool:
    """Whether a row directly above names is one of names too, not of a few labels."""
    directly = above.line + above.line_count == below.line
    return directly and above.filled_count > 0.8 * len(above.cells)


def _drafted(table: Table, found: _Header, evidence: str, *, header: bool | None) -> LayoutDraft:
    rows = table.records[found.first : found.start]
    above = table.records[: found.first]
    names = joined_names(rows, above, table)
    first = names.first_line
    body = rows[-1].line + rows[-1].line_count
    told = _before(above, first)
    if header is False:
        return LayoutDraft(
            header=False,
            preamble_lines=first - 1,
            body_line=first,
            width=table.width,
            remarks=("decided by a person", *told),
        )
    evidence = "decided by a person" if header else evidence
    return LayoutDraft(
        header=True,
        preamble_lines=first - 1,
        body_line=body,
        width=table.width,
        names=names,
        remarks=(evidence, *told),
        doubts=() if header else names.doubts,
    )


def _evidence(table: Table, found: _Header) -> str:
    row = table.records[found.start - 1]
    unlike = _votes(row.cells, table)[1]
    return f"{unlike} of {len(row.cells)} names stand over numbers or dates"


def _before(above: Sequence[Record], first_line: int) -> tuple[str, ...]:
    if first_line == 1:
        return ()
    lines = first_line - 1
    return (f"{'1 line' if lines == 1 else f'{lines} lines'} before it",)


def _without_header(table: Table, start: int, *, header: bool | None) -> LayoutDraft:
    records = table.records
    if header:
        return _drafted(table, _Header(min(start, len(records) - 1), min(start, len(records) - 1) + 1), "", header=True)
    body = records[start] if start < len(records) else records[-1]
    first = body.cells
    value = next((cell for cell, fit in zip(first, table.fits, strict=False) if fit.kind and _says(cell)), first[0])
    remark = (
        "decided by a person" if header is False else f"no header: the first line has values too, as {shown(value)}"
    )
    return LayoutDraft(
        header=False,
        preamble_lines=body.line - 1,
        body_line=body.line,
        width=table.width,
        remarks=(remark, *_before(records[:start], body.line)),
        doubts=() if header is False else _directly_above(records[:start], body, table),
    )


def _directly_above(above: Sequence[Record], body: Record, table: Table) -> tuple[Doubt, ...]:
    """A doubt about a line that stands over records without a blank one between: it may be names."""
    if not above or above[-1].line + above[-1].line_count != body.line or above[-1].text.startswith("#"):
        return ()
    return (other_width(above[-1].cells, table.width),)


def _untyped(table: Table, *, header: bool | None) -> LayoutDraft:
    """No column says what a record is: the first whole row is the header, unless its texts stand again below."""
    records = table.records
    usual = sorted(record.filled_count for record in records)[len(records) // 2]
    least = max(2 if table.width > 2 else 1, min(_NAMED * table.width, usual))
    whole = [
        place
        for place, record in enumerate(records[:_MOST_LEAD])
        if len(record.cells) == table.width and record.filled_count >= least
    ]
    place = whole[0] if whole else 0
    rest = [record.cells for record in records[place + 1 :] if len(record.cells) == table.width]
    first = records[place].cells
    again = sum(any(cells[at] == name for cells in rest) for at, name in enumerate(first[: table.width]) if name)
    values = sum(kind_of(cell) in TYPED - {"code"} for cell in first)
    different = len(set(first)) == len(first)
    drafted = _drafted(table, _Header(place, place + 1), "no name stands again below it", header=header)
    if header is not None or (different and not again and not values and not _as_long(first, rest)):
        return drafted
    if values > len(first) / 3 and not rest:
        return replace(drafted, doubts=(_doubt(first), *drafted.doubts))
    return replace(drafted, remarks=drafted.remarks[1:], doubts=(_doubt(first), *drafted.doubts))


def _as_long(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Whether the only column's texts are all as long as the first one: a name would not be."""
    return len(first) == 1 and len(rest) > 2 and {len(cells[0]) for cells in rest} == {len(first[0])}


def _doubt(first: Sequence[str]) -> Doubt:
    cells = ", ".join(shown(cell, 20) for cell in first[:5])
    return Doubt(
        where="source.header",
        why="the first line may be names or a record",
        choices=(f"header: true   these are names: {cells}", f"header: false   these are a record: {cells}"),
        decide=("source.header=true", "source.header=false"),
    )
