"""Rows that do not fit, made to fit, each with a word on what was supposed."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass

from ringback.model.table import Remark
from ringback.steps.read.align import Aligned, align
from ringback.steps.read.fit import ColumnFit
from ringback.steps.read.lenient import Marks, Record, records
from ringback.steps.read.spans import Fault

_SHOWN = 60  # characters of a row that a remark shows
_STRANGE = 8.0  # how much more surprising a whole row is that is read anew: two cells of other kinds
_BETTER = 4.0  # how much less surprising another reading of it has to be
_MOST_ALIGNED = 400  # rows of a file: aligning one takes up to a tenth of a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A row with one cell for each column, and what is doubtful about it."""

    line: int
    cells: tuple[str, ...]
    doubt: Remark | None


class Mender:
    """Mends rows of one file."""

    def __init__(self, marks: Marks, fits: Sequence[ColumnFit]) -> None:
        self.marks, self._fits = marks, fits
        self._left = _MOST_ALIGNED

    @property
    def width(self) -> int:
        """Cells of a row."""
        return len(self._fits)

    def mend(self, line: int, delivered: bytes, fault: Fault) -> Mended:
        """Read a row that the strict reader rejects."""
        text, told = decoded(delivered)
        found = list(records(text, self.marks, line=line))
        record = found[0] if len(found) == 1 else None
        if record is not None and record.certain and len(record.cells) == self.width and fault is not Fault.NUL:
            return Mended(line=line, cells=record.cells, doubt=Remark(why=told, line=line) if told else None)
        cells, why = self._guessed(text, record)
        return Mended(line=line, cells=cells, doubt=_doubt(line, "; ".join(filter(None, (told, why))), text, cells))

    def mend_whole(self, line: int, text: str) -> Mended | None:
        """Read a row anew that has the right number of cells, of the wrong kinds; None, where all is well with it."""
        record = next(records(text, self.marks), None)
        if record is None or len(record.cells) != self.width:
            return None
        usual = sum(fit.usual for fit in self._fits)
        as_it_is = self._cost(record)
        if as_it_is - usual < _STRANGE:
            return None
        aligned = self._align(text)
        if aligned is None or not aligned.faults or aligned.cost > as_it_is - _BETTER:
            return None
        why = _told(aligned)
        return Mended(line=line, cells=aligned.cells, doubt=_doubt(line, why, text, aligned.cells))

    def _cost(self, record: Record) -> float:
        """How surprising a row is."""
        cells = zip(self._fits, record.cells, record.quoted, strict=True)
        return sum(fit.cost(cell, quoted=quoted) for fit, cell, quoted in cells)

    def _guessed(self, text: str, record: Record | None) -> tuple[tuple[str, ...], str]:
        aligned = self._align(text)
        if aligned is not None:
            return aligned.cells, _told(aligned) or "a quote stands where none may"
        cells = record.cells if record is not None else tuple(text.split(self.marks.delimiter))
        count = "1 value" if len(cells) == 1 else f"{len(cells)} values"
        return _cut_to(cells, self.width, self.marks.delimiter), f"{count} where {self.width} belong"

    def _align(self, text: str) -> Aligned | None:
        if self._left <= 0:
            return None
        self._left -= 1
        return align(text, self.marks, self._fits)


def decoded(delivered: bytes) -> tuple[str, str]:
    """A row's text; bytes that are not of the file's encoding are read as cp1252, and told."""
    try:
        return delivered.decode(), "has a NUL byte" if b"\0" in delivered else ""
    except UnicodeDecodeError:
        pass
    if (cut := _without_cut_letter(delivered)) is not None:
        return cut, "its last letter is cut off"
    try:
        plain = delivered.decode("utf-8", "surrogatepass")
        return _with_bytes(plain), "bytes that are not of the file's encoding are read as cp1252"
    except UnicodeDecodeError:
        return _as_cp1252(delivered), "bytes that are not UTF-8 are read as cp1252"


def _without_cut_letter(delivered: bytes) -> str | None:
    """The text before a letter whose last bytes are missing, as at the end of a file that was cut off."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        return decoder.decode(delivered)
    except UnicodeDecodeError:
        return None


def _with_bytes(text: str) -> str:
    """Lone surrogates that stand for bytes that could not be decoded as cp1252 has them; others as no letter."""
    return "".join(_letter(mark) if "\ud800" <= mark <= "\udfff" else mark for mark in text)


def _letter(mark: str) -> str:
    return _as_cp1252(bytes([ord(mark) - 0xDC00])) if "\udc80" <= mark <= "\udcff" else "\ufffd"


def _as_cp1252(delivered: bytes) -> str:
    try:
        return delivered.decode("cp1252")
    except UnicodeDecodeError:
        return delivered.decode("latin-1")


def _told(aligned: Aligned) -> str:
    return ", ".join(dict.fromkeys(aligned.faults))


def _cut_to(cells: Sequence[str], width: int, delimiter: str) -> tuple[str, ...]:
    if len(cells) <= width:
        return (*cells, *[""] * (width - len(cells)))
    return (*cells[: width - 1], delimiter.join(cells[width - 1 :]).rstrip(delimiter))


def _doubt(line: int, why: str, text: str, cells: Sequence[str]) -> Remark:
    return Remark(
        why=f"{why} (a guess)",
        line=line,
        readings=(f"written: {_shown(text)}", f"read as: {_shown(' | '.join(cells))}"),
    )


def _shown(text: str) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in text[: _SHOWN * 2])
    return printable if len(text) <= _SHOWN * 2 else printable[:-1] + "…"
