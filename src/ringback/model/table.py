"""What reading a file with nothing told may have to say beside its rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing about a file as read: a doubt, if the table may be wrong; a note, if it is merely odd."""

    why: str
    line: int | None = None  # counted as an editor counts; None: the whole file
    readings: tuple[str, ...] = ()  # what it may mean, side by side; values of the file, for people entitled to them

    def __str__(self) -> str:
        head = self.why if self.line is None else f"line {self.line}: {self.why}"
        return "\n".join([head, *(f"    {reading}" for reading in self.readings)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How a file is written."""

    encoding: str
    delimiter: str
    quote: str | None
    escape: str | None
    first_line: int  # of the first record


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReport:
    """A file as `read` shows it."""

    file_name: str
    written: Written | None  # None: the file is empty
    header: tuple[str, ...] | None
    row_count: int
    lines: tuple[int, ...]  # of the rows that are shown
    rows: tuple[tuple[str, ...], ...]  # the first ones
    doubts: tuple[Remark, ...]
    notes: tuple[Remark, ...]
