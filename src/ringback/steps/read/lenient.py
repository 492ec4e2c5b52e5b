"""Rows of text whose quotes may be broken: split as a person would, with a word on whether anything was unclear.

The strict reader (`csv.py`) rejects a row that breaks the grammar; this one says what such a row most likely means. A
quoted cell that is not closed by a quote before a delimiter or line end takes the first such quote on its line, or is
no quoted cell at all. Nothing but a well-formed quoted cell reaches beyond its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import cast


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """How cells are told apart."""

    delimiter: str
    quote: str | None = '"'
    escape: str | None = None  # before a quote, a delimiter or itself; before anything else it is text


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row."""

    line: int  # its first one, from 1
    text: str  # as written, without its line end
    cells: tuple[str, ...]
    quoted: tuple[bool, ...]
    clean: bool  # every quote stands where it may
    certain: bool  # clean, or broken in a way that leaves one reading only

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(cell.strip() for cell in self.cells)

    @property
    def filled_count(self) -> int:
        """Cells with a text."""
        return sum(bool(cell.strip()) for cell in self.cells)

    @property
    def line_count(self) -> int:
        """Lines that it takes."""
        return len(re.findall(r"\r\n|\r|\n", self.text)) + 1


@lru_cache(maxsize=256)
def _cell_pattern(marks: Marks) -> re.Pattern[str]:
    delimiter = re.escape(marks.delimiter)
    end = rf"(?P<end>{delimiter}|\r\n|\r|\n|\Z)"
    bare = rf"[^{delimiter}\r\n]*" if len(marks.delimiter) == 1 else rf"(?:(?!{delimiter})[^\r\n])*"
    if not marks.quote:
        return re.compile(rf"(?P<bare>{bare}){end}")
    quote, space = re.escape(marks.quote), "" if marks.delimiter == " " else " *"
    inner = rf"(?:[^{quote}]|{quote}{quote})*+"
    if marks.escape:
        escape = re.escape(marks.escape)
        inner = rf"(?:{escape}[{quote}{escape}]|[^{quote}]|{quote}{quote})*+"
    strict = rf"{space}{quote}(?P<strict>{inner}){quote}{space}"
    loose = rf"{space}{quote}(?P<loose>[^\r\n]{{0,4096}}?){quote}{space}"
    return re.compile(rf"(?:{strict}|{loose}|(?P<bare>{bare})){end}")


def records(text: str, marks: Marks, *, line: int = 1) -> Iterator[Record]:
    """Split a text into its rows, blank ones too."""
    match, place, size = _cell_pattern(marks).match, 0, len(text)
    while place < size:
        start = place
        cells: list[str] = []
        quoted: list[bool] = []
        clean = certain = True
        while True:
            found = cast("re.Match[str]", match(text, place))  # a bare cell may be empty and end anywhere
            cell, kind = _cell(found, marks)
            cells.append(cell)
            quoted.append(kind != "bare")
            if kind != "strict" and marks.quote and marks.quote in cell:
                clean = False
                certain = certain and _is_certain(cell, kind, marks)
            place, ending = found.end(), found["end"]
            if ending != marks.delimiter:
                break
        whole = text[start : place - len(ending)]
        record = Record(line=line, text=whole, cells=tuple(cells), quoted=tuple(quoted), clean=clean, certain=certain)
        yield record
        line += record.line_count if "\n" in whole or "\r" in whole else 1


def _cell(found: re.Match[str], marks: Marks) -> tuple[str, str]:
    bare = found["bare"]
    if bare is not None:
        return (bare, "bare") if not _is_escaped(bare, marks) else (_unescaped(bare, marks), "strict")
    if marks.quote and found["strict"] is not None:
        return _unquoted(found["strict"], marks), "strict"
    return _unquoted(found["loose"], marks), "loose"


def _unquoted(inner: str, marks: Marks) -> str:
    if not marks.quote or (marks.quote not in inner and not (marks.escape and marks.escape in inner)):
        return inner
    if marks.escape:
        inner = _unescaped(inner, marks)
    return inner.replace(marks.quote * 2, marks.quote)


def _is_escaped(cell: str, marks: Marks) -> bool:
    """Whether a bare cell has quotes, and all of them have the escape before them."""
    if not marks.escape or not marks.quote or marks.quote not in cell:
        return False
    return cell.count(marks.quote) == cell.count(marks.escape + marks.quote)


def _unescaped(text: str, marks: Marks) -> str:
    escape, quote = str(marks.escape), str(marks.quote)
    return re.sub(rf"{re.escape(escape)}([{re.escape(quote + escape)}])", r"\1", text)


def _is_certain(cell: str, kind: str, marks: Marks) -> bool:
    """Whether quotes in a cell can only be text: within a bare one, or nowhere near a delimiter in a quoted one."""
    quote = str(marks.quote)
    if kind == "bare":
        return not cell.strip().startswith(quote) and not cell.strip().endswith(quote)
    return marks.delimiter.strip(" ") + quote not in cell.replace(" ", "")
