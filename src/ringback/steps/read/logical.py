"""Records of several lines, as address books write them: their lines, and the first thing wrong with one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ringback.model.rows import LINE
from ringback.steps.read.batch import Batch
from ringback.steps.read.chunk import BLANK
from ringback.steps.read.csv import CsvReading
from ringback.steps.read.lines import TEXT


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `fault` where it could not be read."""

    number: int
    text: str
    code: str = ""
    fault: str = ""


@dataclass(slots=True)
class Gathering:
    """The record under way: its first line, its lines as delivered, and the first thing wrong with it."""

    line: int
    most_chars: int
    lines: list[str] = field(default_factory=list)
    code: str = ""
    reason: str = ""
    _chars: int = 0

    def add(self, line: Line) -> None:
        """Take a line; of a record that is too long only the beginning is kept."""
        if line.fault:
            self.spoil(line.code, f"{line.fault} (line {line.number})")
        self._chars += len(line.text) + 1
        if self._chars > self.most_chars:
            self.spoil(
                "row.too_long", f"is longer than {self.most_chars:,} characters; only its beginning is kept here"
            )
        else:
            self.lines.append(line.text)

    def spoil(self, code: str, reason: str) -> None:
        """Remember the first thing wrong."""
        self.code, self.reason = self.code or code, self.reason or reason

    @property
    def text(self) -> str:
        """As delivered."""
        return "\n".join(self.lines)


def lines_of(reading: CsvReading) -> Iterator[Line]:
    """All lines, good or not, in the order of the file. Blank ones are lines here."""
    for chunk in reading.chunks():
        bad = [Line(*row) for row in chunk.rejects.select("line", "raw", "code", "reason").rows()]
        texts = chunk.rows[TEXT].to_list() if TEXT in chunk.rows.columns else []
        good = [Line(number, text) for number, text in zip(chunk.rows[LINE].to_list(), texts, strict=True)]
        yield from sorted([*good, *bad], key=lambda line: line.number) if bad else good


def outside(line: Line, batch: Batch) -> None:
    """A line that belongs to no record: left out where it is blank, else rejected."""
    if line.fault:
        batch.reject(line.number, line.code, line.text, line.fault)
    elif line.text.strip() == "":
        batch.skipped[BLANK] += 1
    else:
        batch.reject(line.number, "row.outside", line.text, "belongs to no record")


def numbered(name: str, cells: dict[str, str]) -> str:
    """The name, or NAME#2 and so on where the record has it already."""
    if name not in cells and name != LINE:  # the rows have a column of their own under this name
        return name
    number = 2
    while f"{name}#{number}" in cells:
        number += 1
    return f"{name}#{number}"
