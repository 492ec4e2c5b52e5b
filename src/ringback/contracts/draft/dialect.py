"""Delimiter and quote of a sample: each hypothesis is tried on the lines and judged by the table that it makes."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from ringback.contracts.draft.evidence import Doubt
from ringback.contracts.draft.scalar import quoted, shown

LOOKED_AT = 64 * 1024  # characters of the head on which hypotheses are tried
_ASKED_CLEVERCSV = 8 * 1024  # it is thorough and slow
_DELIMITERS = (",", ";", "\t", "|", "||", "~", "^", ":", "\x1f", "\x01", " ")
_QUOTES = ('"', "'")
_TYPED = re.compile(
    r"[-+]?\d+(?:[.,]\d+)*|\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?:[T ][\d:.+Z-]+)?"
    r"|[^@\s]+@[^@\s]+\.\w+|https?://\S+|\+[\d ()-]+|[A-Za-z]{1,3}"
)
_WEIGHTS = {" ": 0.6, ":": 0.8}  # they stand in ordinary text and in times of day too
_CLOSE = 0.02  # of the score, which goes from 0 to 1


@dataclass(frozen=True)
class Table:
    """The head of a sample, split under one hypothesis."""

    delimiter: str
    quote: str | None
    lines: tuple[tuple[str, ...], ...]  # the cells of each record, blank lines left out

    @cached_property
    def width(self) -> int:
        """Cells of most records."""
        widths = Counter(len(line) for line in self.lines)
        return max(widths, key=lambda width: (widths[width], width)) if widths else 0

    @cached_property
    def even_count(self) -> int:
        """Records of that width."""
        return sum(len(line) == self.width for line in self.lines)

    @cached_property
    def score(self) -> float:
        """0 to 1: how much it looks like a table. Uneven records weigh heavily; cells of a known form help."""
        if not self.lines or self.width < 2:
            return 0.0
        even = self.even_count / len(self.lines)
        weight = _WEIGHTS.get(self.delimiter, 1.0)
        return weight * even**2 * (0.7 + 0.3 * self._typed_share) * (1 - 0.2 / self.width)

    @property
    def _typed_share(self) -> float:
        cells = [cell.strip() for line in self.lines[:300] if len(line) == self.width for cell in line]
        return sum(not cell or _TYPED.fullmatch(cell) is not None for cell in cells) / len(cells) if cells else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DialectDraft:
    """How lines are cut into cells, and why."""

    table: Table
    remarks: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()


def find_dialect(text: str, *, delimiter: str | None = None) -> DialectDraft:
    """Find delimiter and quote in the head of a sample; a decided delimiter leaves only the quote to find."""
    head = _whole_lines(text)
    asked = (delimiter,) if delimiter else _standing_in(head)
    tables = [table for mark in asked for table in _tables(head, mark)]
    ranked = sorted(tables, key=lambda table: -table.score)
    if not ranked or (ranked[0].score == 0 and not delimiter):
        return DialectDraft(table=split(head, ",", _quote_in(head)), remarks=("one column: no delimiter stands in it",))
    best = ranked[0]
    second = next((table for table in ranked[1:] if table.delimiter != best.delimiter), None)
    opinion = _clevercsv(head) if delimiter is None else None
    return DialectDraft(
        table=best,
        remarks=_remarks(best, second, opinion, decided=delimiter is not None),
        doubts=_doubts(best, second, opinion),
    )


def _standing_in(head: str) -> tuple[str, ...]:
    """Delimiters that the text has; bars that stand only in pairs are one delimiter of two characters."""
    only_pairs = head.count("|") == 2 * head.count("||")
    return tuple(mark for mark in _DELIMITERS if mark in head and not (mark == "|" and only_pairs))


def split(text: str, delimiter: str, quote: str | None) -> Table:
    """Cut a text into records of cells; a delimiter of several characters cannot stand in quotes here."""
    if len(delimiter) > 1:
        records = [tuple(line.split(delimiter)) for line in text.splitlines() if line]
        return Table(delimiter, quote, tuple(records))
    reading = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quotechar=quote,
        quoting=csv.QUOTE_NONE if quote is None else csv.QUOTE_MINIMAL,
    )
    return Table(delimiter, quote, tuple(tuple(record) for record in reading if record))


def _whole_lines(text: str) -> str:
    head = text[:LOOKED_AT]
    cut = head.rfind("\n")
    return head[: cut + 1] if len(text) > LOOKED_AT and cut > 0 else head


def _tables(head: str, delimiter: str) -> list[Table]:
    quotes: list[str | None] = [quote for quote in _QUOTES if _quotes_cells(head, delimiter, quote)]
    tables = []
    for quote in quotes or [None]:
        try:
            tables.append(split(head, delimiter, quote))
        except csv.Error:  # a cell over the module's limit: no such table
            continue
    return tables


def _quotes_cells(head: str, delimiter: str, quote: str) -> bool:
    """Whether the quote stands at the start of some cell and at the end of some cell."""
    mark = re.escape(delimiter)
    opens = re.search(rf"(?:^|{mark}){quote}", head, re.MULTILINE)
    closes = re.search(rf"{quote}(?:\r?$|{mark})", head, re.MULTILINE)
    return bool(opens and closes)


def _quote_in(head: str) -> str | None:
    return '"' if re.search(r'^".*"\r?$', head, re.MULTILINE) else None


def _clevercsv(head: str) -> str | None:
    import clevercsv  # takes a while, and only init asks it

    part = head[:_ASKED_CLEVERCSV]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = clevercsv.Sniffer().sniff(part[: part.rfind("\n") + 1] or part)
        except (clevercsv.exceptions.Error, ValueError, IndexError, TypeError):
            return None
    return str(found.delimiter) or None if found is not None else None


def _remarks(best: Table, second: Table | None, opinion: str | None, *, decided: bool) -> tuple[str, ...]:
    uneven = len(best.lines) - best.even_count
    even = f"{best.width} cells on each of the first {len(best.lines):,} lines"
    if uneven:
        even = f"{best.width} cells on {best.even_count:,} of the first {len(best.lines):,} lines"
    told = ["decided by a person", even] if decided else [even]
    if opinion is not None:
        told.append("clevercsv agrees" if opinion == best.delimiter else f"clevercsv says {shown(opinion)}")
    if second is not None and second.score > best.score / 2:
        told.append(f"{shown(second.delimiter)} would be even on {second.even_count:,} of {len(second.lines):,}")
    return tuple(told)


def _doubts(best: Table, second: Table | None, opinion: str | None) -> tuple[Doubt, ...]:
    if second is None or opinion != second.delimiter or best.score - second.score > _CLOSE:
        return ()
    return (
        Doubt(
            where="source.delimiter",
            why="two delimiters make even tables",
            choices=(_choice(best), _choice(second)),
            decide=tuple(f"source.delimiter={table.delimiter}" for table in (best, second)),
        ),
    )


def _choice(table: Table) -> str:
    cells = ", ".join(shown(cell, 20) for cell in table.lines[-1][:4])
    return f"delimiter: {quoted(table.delimiter)}   {table.width} cells: {cells}"
