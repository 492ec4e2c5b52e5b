"""Which lines at the end are no records: a rule for them, or only a remark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ringback.contracts.draft.dialect import Table
from ringback.contracts.draft.evidence import SkipDraft

_MOST_FOOTER = 20


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
