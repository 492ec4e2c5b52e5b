"""Which lines are the header, which stand before it, and which are no records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ringback.contracts.draft.dialect import Table
from ringback.contracts.draft.evidence import Doubt, SkipDraft
from ringback.contracts.draft.scalar import shown

_NUMBER_OR_DATE = re.compile(
    r"[-+]?[\d.,]*\d[\d.,]*%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|[^@\s]+@[^@\s]+\.\w+|https?://\S+"
)
_MOST_PREAMBLE = 50
_MOST_FOOTER = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutDraft:
    """The lines around the records."""

    header: bool
    preamble_lines: int
    remarks: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()


def find_layout(text: str, table: Table, *, header: bool | None = None) -> LayoutDraft:
    """Find preamble and header in the head of a sample; `header` where a person decided it."""
    first = next((number for number, cells in enumerate(table.lines) if len(cells) == table.width), 0)
    preamble = _lines_before(text, table.lines[:first]) if 0 < first <= _MOST_PREAMBLE else 0
    told = (_before(preamble),) if preamble else ()
    records = [cells for cells in table.lines[first + 1 :] if len(cells) == table.width]
    if header is not None:
        return LayoutDraft(header=header, preamble_lines=preamble, remarks=("decided by a person", *told))
    draft = _judged(table.lines[first] if table.lines else (), records, preamble, told)
    wider = table.lines[first - 1] if preamble and not draft.header else ()
    if _may_be_names(wider, table.width):
        return replace(draft, doubts=(_other_width(wider, table.width),))
    return draft


def _before(preamble: int) -> str:
    return f"{'1 line' if preamble == 1 else f'{preamble} lines'} before it, with another number of cells"


def _may_be_names(cells: Sequence[str], width: int) -> bool:
    """Whether a line over records without a header may be their header, with a name too many or too few."""
    values = any(_NUMBER_OR_DATE.fullmatch(cell.strip()) for cell in cells)
    return len(cells) > 1 and abs(len(cells) - width) <= max(1, width // 4) and not values


def _other_width(cells: Sequence[str], width: int) -> Doubt:
    return Doubt(
        where="source.header",
        why=f"the line above the records has {len(cells)} names, and the records have {width} values",
        choices=(
            "header: false   the names are passed over, columns go by their place: ask the sender which one it is",
        ),
        decide=("source.header=false",),
    )


def _lines_before(text: str, records: Sequence[Sequence[str]]) -> int:
    """Lines of the text up to the header, blank ones included, counted as an editor counts."""
    left, count = len(records), 0
    for line in text.splitlines():
        if left == 0 and line.strip():
            break
        left -= bool(line.strip())
        count += 1
    return count


def _judged(
    first: Sequence[str], records: Sequence[Sequence[str]], preamble: int, told: tuple[str, ...]
) -> LayoutDraft:
    values = [cell for cell in first if _NUMBER_OR_DATE.fullmatch(cell.strip())]
    unlike = sum(_unlike(name, [cells[at] for cells in records[:200]]) for at, name in enumerate(first))
    again = sum(any(cells[at] == name for cells in records) for at, name in enumerate(first) if name)
    different = len(set(first)) == len(first)
    if not values and different and not again:
        why = (
            f"{unlike} of {len(first)} names stand over numbers or dates" if unlike else "no name stands again below it"
        )
        return LayoutDraft(header=True, preamble_lines=preamble, remarks=(why, *told))
    if len(values) > len(first) / 3 and not unlike:
        remark = f"no header: the first line has values too, as {shown(values[0])}"
        return LayoutDraft(header=False, preamble_lines=preamble, remarks=(remark, *told))
    if unlike > again and unlike >= len(values):
        return LayoutDraft(
            header=True,
            preamble_lines=preamble,
            remarks=(f"{unlike} of {len(first)} names stand over numbers or dates", *told),
        )
    return LayoutDraft(header=True, preamble_lines=preamble, remarks=told, doubts=(_doubt(first),))


def _unlike(name: str, below: Sequence[str]) -> bool:
    """Whether a word stands over numbers or dates."""
    filled = [cell.strip() for cell in below if cell.strip()]
    typed = sum(_NUMBER_OR_DATE.fullmatch(cell) is not None for cell in filled)
    return bool(filled) and typed > 0.9 * len(filled) and not _NUMBER_OR_DATE.fullmatch(name.strip())


def _doubt(first: Sequence[str]) -> Doubt:
    cells = ", ".join(shown(cell, 20) for cell in first[:5])
    return Doubt(
        where="source.header",
        why="the first line may be names or a record",
        choices=(f"header: true   these are names: {cells}", f"header: false   these are a record: {cells}"),
        decide=("source.header=true", "source.header=false"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FooterDraft:
    """The lines at the end that are no records: a rule for them, or only a remark."""

    skip: tuple[SkipDraft, ...] = ()
    remarks: tuple[str, ...] = ()


def find_footer(tail: str, table: Table, width: int) -> FooterDraft:
    """Find the lines at the end that are no records.

    Where they begin with words or marks of their own they get a rule. Otherwise they are only told: a file may have
    been cut off, and
    `footerLines` would then take a record from every delivery.
    """
    ends = [cells for cells in table.lines if cells]
    longest = max((len(cells[0]) for cells in ends[:-_MOST_FOOTER]), default=0)
    footers = 0
    for cells in reversed(ends):
        if (len(cells) == width and not _is_note(cells, longest)) or footers > _MOST_FOOTER:
            break
        footers += 1
    if not footers or footers > _MOST_FOOTER or footers == len(ends):
        return FooterDraft()
    rule = _rule([cells[0] for cells in ends[-footers:]], tail, footers)
    return FooterDraft(skip=(rule,)) if rule else FooterDraft(remarks=(_told(footers),))


def _told(footers: int) -> str:
    lines = "the last line has" if footers == 1 else f"the last {footers} lines have"
    return f"{lines} another number of cells; where every delivery ends so, write footerLines: {footers}"


def _is_note(cells: Sequence[str], longest: int) -> bool:
    """Whether a line has all cells, but only a sentence in the first one, longer than any text above it."""
    return not any(cell.strip() for cell in cells[1:]) and longest > 0 and len(cells[0]) > 2 * longest


def _rule(starts: Sequence[str], tail: str, count: int) -> SkipDraft | None:
    """A rule for notes: the words or marks that they begin with, where no record begins so."""
    begins = [re.match(r"[A-Za-z]{3,}|[*(\[†#]+", start) for start in starts]
    words = sorted({found[0] for found in begins if found is not None})
    if not words or None in begins:
        return None
    pattern = '^"?' + (re.escape(words[0]) if len(words) == 1 else f"(?:{'|'.join(map(re.escape, words))})")
    fitting = sum(re.match(pattern, line) is not None for line in tail.splitlines())
    return SkipDraft(name="note", pattern=pattern, row_count=count) if fitting == count else None
