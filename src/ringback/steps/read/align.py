"""A row that does not fit its columns, read so that it does: which delimiter is missing, too many, or inside a value.

Every way to cut the row is a path over its characters; a path costs what its cells are surprising in their columns
(`ColumnFit.cost`) and what it supposes to have gone wrong. The cheapest path is the reading; it is a guess, and told.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush

from ringback.steps.read.fit import ColumnFit, kind_of
from ringback.steps.read.lenient import Marks, records

# What it costs to suppose a fault, beside about 1 to 8 for a cell that is surprising in its column.
_LITERAL = 3.0  # a quote that is text
_STRAY = 1.0  # a quote at the edge of a value
_SPACED = 1.5  # a space before a value, where no value of the column has one
_LOOSE = 2.0  # quotes inside a quoted value
_BEYOND = 5.0  # reading on beyond a quote that would do
_EXTRA = 4.5  # a delimiter too many
_MISSING = 6.0  # a delimiter that is not there
_JOINED = 5.0  # a delimiter inside a value without quotes
_SHORT = 4.0  # a row that ends before its last columns
_OTHER = 4.0  # a row with a delimiter of its own
_OTHERS = (";", ",", "\t", "|", " ")

_LONGEST_CUT = 80  # characters of a cell that ends without a delimiter

MOST_CHARACTERS = 4000  # of a row; a longer one is not aligned
MOST_CELLS = 300
_MOST_STEPS = 120_000  # tried for a row
_MOST_QUOTES = 12  # behind an opening one that may close it
_MOST_JOINED = 4
_BAND = 4  # columns that a path may be away from where plain counting would put it


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """A reading of a row with one cell for each column."""

    cells: tuple[str, ...]
    cost: float
    faults: tuple[str, ...]  # what it supposes, in words: "a delimiter is missing after column 3"


@dataclass(frozen=True, slots=True)
class _Step:
    cost: float
    before: tuple[int, int] | None
    cell: str | None
    fault: str


def align(text: str, marks: Marks, fits: Sequence[ColumnFit]) -> Aligned | None:
    """The likeliest reading of a row in the columns; None, where there is none or the row is too long."""
    if len(text) > MOST_CHARACTERS or len(fits) > MOST_CELLS or not fits:
        return None
    found = [_cheapest(text, marks, fits)]
    own = max(len(record.cells) for record in records(text, marks)) if text else 0
    for other in _OTHERS if own <= (len(fits) + 1) / 2 else ():
        if other != marks.delimiter and text.count(other) >= (len(fits) - 1) / 2:
            found.append(_with_other(text, marks, other, fits))
    known = [one for one in found if one is not None]
    return min(known, key=lambda one: one.cost, default=None)


def _cheapest(text: str, marks: Marks, fits: Sequence[ColumnFit]) -> Aligned | None:
    """Without cuts where no delimiter stands, if that explains the row well enough: it is much quicker."""
    found = _Search(text, marks, fits, cutting=False).best()
    usual = sum(fit.usual for fit in fits)
    if found is not None and found.cost < usual + _MISSING:
        return found
    cut = _Search(text, marks, fits, cutting=True).best()
    return min((one for one in (found, cut) if one is not None), key=lambda one: one.cost, default=None)


def _with_other(text: str, marks: Marks, other: str, fits: Sequence[ColumnFit]) -> Aligned | None:
    found = _cheapest(text, replace(marks, delimiter=other), fits)
    if found is None:
        return None
    cells = found.cells
    if marks.delimiter not in text and other != " ":  # then it may have been replaced inside values too
        pairs = zip(cells, fits, strict=True)
        cells = tuple(min(cell.replace(other, marks.delimiter), cell, key=fit.cost) for cell, fit in pairs)
    named = {" ": "a space", "\t": "a tab"}.get(other, f"{other!r}")
    told = f"{named} stands for the delimiter"
    return replace(found, cells=cells, cost=found.cost + _OTHER, faults=(told, *found.faults))


class _Search:
    """The cheapest path, by places in the text and columns (Dijkstra's way, from left to right)."""

    def __init__(self, text: str, marks: Marks, fits: Sequence[ColumnFit], *, cutting: bool) -> None:
        self._text, self._marks, self._fits, self._cutting = text, marks, fits, cutting
        self._width = len(fits)
        self._ends = [found.start() for found in re.finditer(re.escape(marks.delimiter), text)]
        self._steps: dict[tuple[int, int], _Step] = {}
        ahead = [0.0]
        for fit in reversed(fits):
            ahead.append(ahead[-1] + max(0.0, fit.least))
        self._ahead = ahead[::-1]  # what the columns from here on cost at least

    def best(self) -> Aligned | None:
        size = len(self._text)
        last = (size + 1, self._width)  # behind the end, as if a delimiter stood there
        self._steps[0, 0] = _Step(0.0, None, None, "")
        queue, done, count = [(0.0, 0, 0)], set[tuple[int, int]](), 0
        while queue:
            _, place, column = heappop(queue)
            if (place, column) == last:
                return self._path(last)
            if (place, column) in done:
                continue
            done.add((place, column))
            if count > _MOST_STEPS:
                return None
            cost = self._steps[place, column].cost
            for to, extra, cell, fault in self._next(place, column):
                count += 1
                total = cost + extra
                known = self._steps.get(to)
                if known is None or total < known.cost:
                    self._steps[to] = _Step(total, (place, column), cell, fault)
                    heappush(queue, (total + self._ahead[to[1]], *to))
        return None

    def _path(self, last: tuple[int, int]) -> Aligned:
        cells: list[str] = []
        faults: list[str] = []
        at: tuple[int, int] | None = last
        while at is not None:
            step = self._steps[at]
            if step.cell is not None and step.before is not None:
                cells.append(step.cell)
            if step.fault:
                faults.append(step.fault)
            at = step.before
        cells += [""] * 0
        path = list(reversed(cells))
        path += [""] * (self._width - len(path))
        return Aligned(cells=tuple(path), cost=self._steps[last].cost, faults=tuple(reversed(faults)))

    def _next(self, place: int, column: int) -> Iterator[tuple[tuple[int, int], float, str | None, str]]:
        size = len(self._text)
        if column == self._width:
            if place <= size and not self._text[place:].strip(self._marks.delimiter + " "):
                yield (size + 1, column), _EXTRA, None, "delimiters stand behind the last column"
            return
        if place > size:
            rest = sum(fit.cost("", quoted=False) for fit in self._fits[column:])
            yield (place, self._width), _SHORT + rest, None, f"the row ends after column {column}"
            return
        if self._text.startswith(self._marks.delimiter, place):
            yield (
                (place + len(self._marks.delimiter), column),
                _EXTRA,
                None,
                f"a delimiter too many after column {column}",
            )
        yield from self._quoted(place, column)
        yield from self._bare(place, column)

    def _quoted(self, place: int, column: int) -> Iterator[tuple[tuple[int, int], float, str | None, str]]:
        quote, delimiter, text = self._marks.quote, self._marks.delimiter, self._text
        start = place
        while delimiter != " " and text.startswith(" ", start):
            start += 1
        if not quote or not text.startswith(quote, start):
            return
        inner = start + 1
        shut = text.find(quote, inner)
        loose, tried = 0.0, 0
        while shut >= 0 and tried < _MOST_QUOTES:
            tried += 1
            behind = shut + 1
            cell = text[inner:shut].replace(quote * 2, quote)
            price = self._price(cell, column, quoted=True) + loose
            if behind == len(text) or text.startswith(delimiter, behind):
                after = min(behind + len(delimiter), len(text) + 1) if behind < len(text) else len(text) + 1
                yield (after, column + 1), price, cell, "a quote stands inside quotes" if loose else ""
                loose += _BEYOND
            else:
                fault = f"a delimiter is missing after column {column + 1}"
                yield (behind, column + 1), price + _MISSING, cell, fault
                if text.startswith(quote, behind):
                    shut = behind  # doubled: text
                else:
                    loose = max(loose, _LOOSE)
            shut = text.find(quote, shut + 1)

    def _bare(self, place: int, column: int) -> Iterator[tuple[tuple[int, int], float, str | None, str]]:
        text, size, mark = self._text, len(self._text), self._marks.delimiter
        most = 3 * _MOST_JOINED if mark == " " else _MOST_JOINED
        first = bisect_left(self._ends, place)
        ends = [*self._ends[first : first + most + 1], size]
        for joined, end in enumerate(ends[: most + 1]):
            cell = text[place:end]
            price = self._price(cell, column, quoted=False)
            if joined:
                price += self._joined(cell, column, joined)
            fault = f"column {column + 1} has the delimiter inside its value" if joined else self._told(cell, column)
            yield (end + len(mark) if end < size else size + 1, column + 1), price, cell, fault
        if not self._cutting:
            return
        fault = f"a delimiter is missing after column {column + 1}"
        for cut in self._cuts(place, min(ends[0], place + _LONGEST_CUT), column):
            cell = text[place:cut]
            yield (cut, column + 1), self._price(cell, column, quoted=False) + _MISSING, cell, fault

    def _joined(self, cell: str, column: int, count: int) -> float:
        """What it costs to suppose that delimiters in a value are text: much, where the column has no text."""
        fit, mark = self._fits[column], self._marks.delimiter
        at_edge = cell.startswith(mark) or cell.endswith(mark)
        strange = fit.kind is not None and kind_of(cell) != fit.kind
        more = 0.4 if mark == " " else 1.5  # spaces stand in any text
        return _JOINED + more * (count - 1) + _EXTRA * (at_edge + strange) - (1.0 if mark + " " in cell else 0.0)

    def _cuts(self, place: int, end: int, column: int) -> Iterator[int]:
        """Where a cell may end without a delimiter: anywhere, if its column is of one kind; else where words meet."""
        if self._fits[column].kind is not None:
            yield from range(place + 1, end)
        else:
            text = self._text
            yield from (at for at in range(place + 1, end) if _is_seam(text[at - 1], text[at]))

    def _price(self, cell: str, column: int, *, quoted: bool) -> float:
        """The cell's cost here; a stray quote at its start or end does not change what it is."""
        fit, quote = self._fits[column], self._marks.quote
        if not quote or quote not in cell:
            return fit.cost(cell, quoted=quoted) + (_SPACED if cell.startswith(" ") and not fit.spaced else 0.0)
        price = min(fit.cost(cell, quoted=quoted), fit.cost(cell.strip(quote), quoted=quoted) + _STRAY)
        return price if quoted else price + _LITERAL

    def _told(self, cell: str, column: int) -> str:
        return f"a quote is part of column {column + 1}" if self._marks.quote and self._marks.quote in cell else ""


def _is_seam(before: str, after: str) -> bool:
    """Whether two values may meet here."""
    if before == " ":
        return False
    if before.isdigit() or after.isdigit():
        return before.isdigit() != after.isdigit() and before.isalnum() and after.isalnum()
    return (not before.isupper() and after.isupper()) or after in "\"'$€£+(#"
