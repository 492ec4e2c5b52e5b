"""Delimiter, quote and escape of a sample: each hypothesis is tried, and judged by the table that it makes."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from ringback.contracts.draft.evidence import Doubt
from ringback.contracts.draft.scalar import quoted, shown
from ringback.steps.read.fit import ColumnFit, column_fits
from ringback.steps.read.lenient import Marks, Record, records

LOOKED_AT = 64 * 1024  # characters of the head on which hypotheses are tried
_STARTED = 16 * 1024  # on which all are tried first
_HOPEFUL = 3
_LEAST = 0.2  # of the score: below it, what looks like a delimiter is none
_ASKED_CLEVERCSV = 8 * 1024  # it is thorough and slow
_DELIMITERS = (",", ";", "\t", "|", "~", "^", ":", "\x1f", "\x01", " ")
_QUOTES = ('"', "'", "`")
_JUDGED_ROWS = 300
_WEIGHTS = {" ": 0.6, ":": 0.7}  # they stand in ordinary text and in times of day too
_LONG = 1.02  # a delimiter of several characters is no accident
_PART = 0.5  # of its repetitions: one character of it is no delimiter
_NEAR = 0.15  # of the score, which goes from 0 to 1: clevercsv is asked where the second best is as near as this
_FIXED = 24  # characters of a line of fixed width, at least
_BLOCK = 0.4  # of the records between two blank lines, at least: they may be all of a table
_SPACED = 0.98  # of the delimiters with a space behind: it belongs to them


@dataclass(frozen=True)
class Table:
    """The head of a sample, split under one hypothesis."""

    marks: Marks
    records: tuple[Record, ...]  # blank lines left out

    @property
    def delimiter(self) -> str:
        """What stands between cells."""
        return self.marks.delimiter

    @property
    def quote(self) -> str | None:
        """What stands around cells."""
        return self.marks.quote

    @cached_property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """The cells of each record."""
        return tuple(record.cells for record in self.records)

    @cached_property
    def width(self) -> int:
        """Cells of most records."""
        widths = Counter(len(line) for line in self.lines)
        return max(widths, key=lambda width: (widths[width], width)) if widths else 0

    @property
    def fixed_size(self) -> int | None:
        """How many characters all lines have, where none has a delimiter and they are as long as several columns."""
        sizes = {len(record.text) for record in self.records}
        size = next(iter(sizes), 0)
        undelimited = self.width == 1 or (self.delimiter == " " and self.is_padded)
        return size if undelimited and len(sizes) == 1 and len(self.records) > 2 and size >= _FIXED else None

    @property
    def is_padded(self) -> bool:
        """Whether all lines have spaces in a row, as between columns of fixed width."""
        return all("  " in record.text for record in self.records)

    @cached_property
    def even_count(self) -> int:
        """Records of that width."""
        return sum(len(line) == self.width for line in self.lines)

    @cached_property
    def fault_count(self) -> int:
        """Records with a quote where none may stand."""
        return sum(not record.clean for record in self.records)

    @cached_property
    def fits(self) -> tuple[ColumnFit, ...]:
        """The columns, learned from the later half of the even records: the first ones may be a header or notes."""
        even = [record for record in self.records if record.clean and len(record.cells) == self.width]
        later = even[len(even) // 2 :] if len(even) > 1 or even != list(self.records[:1]) else []
        return column_fits([one.cells for one in later], self.width, [one.quoted for one in later])

    @cached_property
    def score(self) -> float:
        """0 to 1: how much it looks like a table. Uneven records weigh heavily; columns of one kind help."""
        if not self.lines or self.width < 2:
            return 0.0
        faults = self.fault_count / len(self.lines)
        weight = _LONG if len(self.delimiter) > 1 else _WEIGHTS.get(self.delimiter, 1.0)
        form = (0.4 + 0.6 * self._uniform_share) * (1 - 0.2 / self.width) * (1 - 0.4 * faults)
        return weight * self._evenness * form * (1 - 0.5 * self._left_share) * (1 - 0.6 * self._unquoted_share)

    @property
    def _evenness(self) -> float:
        """How much the records are of one width, or of a few: there may be two tables."""
        block = self.longest_block
        inside = _evenness(block) if len(block) > max(2, _BLOCK * len(self.records)) else 0.0
        return max(_evenness(self.records), 0.9 * inside)

    @property
    def longest_block(self) -> Sequence[Record]:
        """The most records without a blank line between them."""
        records = self.records
        gaps = [place for place in range(1, len(records)) if records[place].line > _line_after(records[place - 1])]
        borders = [0, *gaps, len(records)]
        blocks = [records[start:end] for start, end in pairwise(borders)]
        return max(blocks, key=len)

    @property
    def _unquoted_share(self) -> float:
        """Share of records with double quotes that mean nothing under this hypothesis."""
        if self.quote == '"':
            return 0.0
        return sum('"' in record.text for record in self.records) / len(self.records)

    @property
    def _uniform_share(self) -> float:
        """How much of the columns is of one kind, numbers and dates counting most."""
        fits = [fit for fit in self.fits if fit.filled_count]
        return sum(1.0 if fit.kind else 0.5 * _top_share(fit) for fit in fits) / len(fits) if fits else 0.0

    @property
    def _left_share(self) -> float:
        """Share of cells that keep a pair of quotes: these quotes mean something."""
        cells = [cell.strip() for line in self.lines[:_JUDGED_ROWS] for cell in line]
        kept = sum(len(cell) > 1 and cell[0] == cell[-1] and cell[0] in _QUOTES for cell in cells)
        return kept / len(cells) if cells else 0.0


def _evenness(records: Sequence[Record]) -> float:
    widths = Counter(len(record.cells) for record in records)
    wide = sum(count * count for width, count in widths.items() if width > 1)
    return float((wide**0.5 / len(records)) ** 1.3)


def _line_after(record: Record) -> int:
    return record.line + record.line_count


def _top_share(fit: ColumnFit) -> float:
    counts = [count for kind, count in fit.kinds.items() if kind != "none"]
    return max(counts, default=0) / max(1, fit.filled_count)


@dataclass(frozen=True, slots=True, kw_only=True)
class DialectDraft:
    """How lines are cut into cells, and why."""

    table: Table
    remarks: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()


def find_dialect(text: str, *, delimiter: str | None = None) -> DialectDraft:
    """Find delimiter, quote and escape in the head of a sample; a decided delimiter leaves the others to find."""
    head = _whole_lines(text)
    asked = (delimiter,) if delimiter else _standing_in(head)
    ranked = _ranked(head, asked)
    if not ranked or (ranked[0].score < _LEAST and not delimiter):
        alone = split(head, Marks(delimiter=_standing_nowhere(text), quote=_quote_in(head)))
        return DialectDraft(table=alone, remarks=("one column: no delimiter stands in it",))
    best = _escaped(head, ranked[0])
    if delimiter is None:
        best = _spaced(head, best)
    second = next((table for table in ranked[1:] if table.delimiter not in (best.delimiter, best.delimiter[0])), None)
    near = second is not None and best.score - second.score < _NEAR
    opinion = _clevercsv(head) if near and delimiter is None else None
    return DialectDraft(
        table=best,
        remarks=_remarks(best, second, opinion, decided=delimiter is not None),
        doubts=_doubts(best, second, opinion),
    )


def _ranked(head: str, asked: Sequence[str]) -> list[Table]:
    """The tables under each hypothesis, best first; in a long head only those that its start leaves in question."""
    start = _whole_lines(head, _STARTED)
    tables = [table for mark in asked for table in _tables(start, mark)]
    tables.sort(key=lambda table: -table.score)
    if len(start) == len(head):
        return tables
    hopeful = [table.marks for table in tables[:_HOPEFUL]]
    return sorted((split(head, marks) for marks in hopeful), key=lambda table: -table.score)


def _standing_nowhere(text: str) -> str:
    """A delimiter for text that has none."""
    return next((mark for mark in (",", "\x1f", "\x1e", "\x1d") if mark not in text), "\x1f")


def _standing_in(head: str) -> tuple[str, ...]:
    """Delimiters that the text has, of one character and of several."""
    part = head[: LOOKED_AT // 4]
    runs = Counter(re.findall(r"([^\w\s\"'.()\[\]{}<>=*#/\\-])\1+", part))
    several = [mark * size for mark in runs for size in (3, 2) if _only_in_runs(part, mark, size)]
    mixed = [mark for mark in ("|~|", "~|~", "^|^", ";|;", "::", "<>", "@@") if part.count(mark) > 1]
    ordinary = [mark for mark in _DELIMITERS if mark in head and not any(mark * 2 in run for run in several)]
    return (*ordinary, *several, *(mark for mark in mixed if mark not in several))


def _only_in_runs(text: str, mark: str, size: int) -> bool:
    """Whether a mark stands in runs of this size (or of a multiple: empty cells) and nowhere else."""
    runs = [len(run) for run in re.findall(rf"{re.escape(mark)}+", text)]
    return bool(runs) and all(run % size == 0 for run in runs)


def split(text: str, marks: Marks, *, line: int = 1) -> Table:
    """Cut a text into records of cells."""
    return Table(marks, tuple(record for record in records(text, marks, line=line) if record.text))


def _whole_lines(text: str, size: int = LOOKED_AT) -> str:
    head = text[:size]
    cut = max(head.rfind("\n"), head.rfind("\r"))
    return head[: cut + 1] if len(text) > size and cut > 0 else head


def _tables(head: str, delimiter: str) -> Iterator[Table]:
    quoting = [quote for quote in _QUOTES if _quotes_cells(head, delimiter, quote)]
    tables = [split(head, Marks(delimiter=delimiter, quote=quote)) for quote in quoting]
    yield from tables
    if not any(table.width == 1 and table.fault_count == 0 for table in tables):  # else it stands only inside quotes
        yield split(head, Marks(delimiter=delimiter, quote=None))


def _quotes_cells(head: str, delimiter: str, quote: str) -> bool:
    """Whether the quote stands at the start of some cell, and another one at the end of that or of a later one."""
    mark = re.escape(delimiter)
    opens = re.search(rf"(?:^|\r|{mark}) ?{quote}", head, re.MULTILINE)
    closes = re.compile(rf"{quote}(?:\r?$|\r| ?{mark})", re.MULTILINE)
    return opens is not None and closes.search(head, opens.end()) is not None


def _quote_in(head: str) -> str | None:
    return '"' if re.search(r'^".*"\r?$', head, re.MULTILINE) else None


def _escaped(head: str, table: Table) -> Table:
    """The table with a backslash as escape, where quotes stand better so."""
    plain, quote = table, table.quote or '"'
    if "\\" + quote not in head:
        return table
    table = split(head, replace(table.marks, quote=quote)) if table.quote is None else table
    escaped = split(head, replace(table.marks, escape="\\"))
    return escaped if escaped.fault_count < table.fault_count / 2 else plain


def _spaced(head: str, table: Table) -> Table:
    """The table with the space that follows every delimiter as part of it."""
    if len(table.delimiter) > 1 or table.delimiter in " \t":
        return table
    pattern = re.escape(table.delimiter)
    spaced, all_of_them = (len(re.findall(pattern + end, head)) for end in (" ", ""))
    inside = sum(cell.count(table.delimiter) for line in table.lines for cell in line)
    if spaced < _SPACED * (all_of_them - inside) or not spaced:
        return table
    wide = split(head, replace(table.marks, delimiter=table.delimiter + " "))
    return wide if wide.width == table.width and wide.even_count >= table.even_count else table


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
    if best.marks.escape:
        told.append("quotes inside values have a backslash before them")
    if second is not None and second.score > best.score / 2:
        told.append(f"{shown(second.delimiter)} would be even on {second.even_count:,} of {len(second.lines):,}")
    return tuple(told)


def _doubts(best: Table, second: Table | None, opinion: str | None) -> tuple[Doubt, ...]:
    if second is None or opinion != second.delimiter or best.score - second.score > _NEAR:
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
