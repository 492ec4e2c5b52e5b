"""What a delivered file itself shows, read by the standard library, beside ringback."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Issue:
    """One file of a series."""

    path: Path
    encoding: str = "utf-8-sig"

    @cached_property
    def text(self) -> str:
        """Its text; a byte that is none of the encoding becomes a lone surrogate."""
        return self.path.read_bytes().decode(self.encoding, errors="surrogateescape")

    @cached_property
    def _numbered(self) -> tuple[tuple[int, list[str]], ...]:
        return tuple(_numbered(self.text))

    @property
    def header(self) -> list[str]:
        """The first record."""
        return self._numbered[0][1]

    @property
    def records(self) -> tuple[tuple[int, list[str]], ...]:
        """Every record after the header, with the line that it begins on; a blank line is one without cells."""
        return self._numbered[1:]

    def column(self, name: str) -> list[str]:
        """One column's cells, of the records that are wide enough."""
        at = self.header.index(name)
        return [cells[at] for _, cells in self.records if len(cells) > at]


def cells_of(text: str) -> list[str]:
    """The cells of one record's text."""
    return next(iter(csv.reader(io.StringIO(text, newline=""))), [])


def _numbered(text: str) -> Iterator[tuple[int, list[str]]]:
    reader, line = csv.reader(io.StringIO(text, newline="")), 1
    for cells in reader:
        yield line, cells
        line = reader.line_num + 1


Claim = Callable[[Issue, Issue], bool]  # of the issue before and this one


def came(*columns: str) -> Claim:
    """These columns, and no others, are new in the header."""
    return lambda before, now: Counter(now.header) - Counter(before.header) == Counter(columns)


def went(*columns: str) -> Claim:
    """These columns, and no others, are no longer in the header."""
    return lambda before, now: Counter(before.header) - Counter(now.header) == Counter(columns)


def rows(before_count: int, now_count: int) -> Claim:
    """So many records before, and so many now."""
    return lambda before, now: (len(before.records), len(now.records)) == (before_count, now_count)


def widths(*counted: tuple[int, int]) -> Claim:
    """So many cells, in so many records; the header has other things to say."""
    return lambda before, now: Counter(len(cells) for _, cells in now.records) == dict(counted)


def written(column: str, pattern: str, *, before: int, now: int) -> Claim:
    """So many of the column's cells fit the whole pattern: in the issue before, and in this one."""

    def holds(earlier: Issue, issue: Issue) -> bool:
        return (_fitting(earlier, column, pattern), _fitting(issue, column, pattern)) == (before, now)

    return holds


def _fitting(issue: Issue, column: str, pattern: str) -> int:
    return sum(re.fullmatch(pattern, cell) is not None for cell in issue.column(column))


def same_as(file_name: str) -> Claim:
    """The bytes are those of an earlier file."""
    return lambda before, now: now.path.read_bytes() == now.path.with_name(file_name).read_bytes()


def only_text(beginning: str) -> Claim:
    """The whole file is one line that begins so."""
    return lambda before, now: now.text.startswith(beginning) and len(now.text.splitlines()) == 1


def altered(column: str, count: int, *, key: str | tuple[str, ...]) -> Claim:
    """So many records that both files have are other ones in a column."""
    names = (key,) if isinstance(key, str) else key

    def told(issue: Issue) -> dict[tuple[str, ...], str]:
        at = [issue.header.index(name) for name in (*names, column)]
        wide = [[cells[place] for place in at] for _, cells in issue.records if len(cells) > max(at)]
        return {tuple(cells[:-1]): cells[-1] for cells in wide}

    def claim(before: Issue, now: Issue) -> bool:
        old, new = told(before), told(now)
        return sum(old[each] != new[each] for each in old.keys() & new.keys()) == count

    return claim
