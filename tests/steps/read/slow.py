"""A second reader, letter by letter and with all of the text in sight, to hold the real one against."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ringback.model.contract import Source

LINE_BREAK = re.compile(r"\r\n?|\n")


@dataclass(frozen=True)
class SlowRow:
    line: int
    text: str
    cells: tuple[str, ...] = ()
    code: str | None = None
    skipped: str | None = None


def slow_rows(text: str, source: Source, width: int) -> Iterator[SlowRow]:
    """All rows of a text without a header."""
    start = 0
    while start < len(text):
        line = 1 + sum(1 for found in LINE_BREAK.finditer(text) if found.end() <= start)
        row, end = _row(text, start, source, width)
        yield SlowRow(line, text[start:end], **row)
        start = end + len(_line_end(text, end))


def _line_end(text: str, at: int) -> str:
    return text[at : at + 2] if text[at : at + 2] == "\r\n" else text[at : at + 1]


def _row(text: str, start: int, source: Source, width: int) -> tuple[dict[str, object], int]:
    found = LINE_BREAK.search(text, start)
    line_end = found.start() if found else len(text)
    if source.comment and text.startswith(source.comment, start):
        return {"skipped": "comment"}, line_end
    if line_end == start and width != 1:
        return {"skipped": "blank line"}, line_end
    cells, end, inner = _cells(text, start, source)
    if cells is None:
        return {"code": "row.quote"}, line_end
    if _swallows(text[start:end], inner, start, source, width):
        return {"code": "row.quote"}, end if len(cells) == width else line_end
    if "\0" in text[start:end]:
        return {"code": "row.nul"}, end
    if len(cells) != width:
        return {"code": "row.ragged"}, end
    return {"cells": tuple(cells)}, end


def _cells(text: str, at: int, source: Source) -> tuple[list[str] | None, int, set[int]]:
    """Cells, where they end, and the places of quotes and delimiters that are escaped."""
    cells, hidden = [], set[int]()
    while True:
        cell, at = _cell(text, at, source, hidden)
        if cell is None:
            return None, at, hidden
        cells.append(cell)
        if text.startswith(source.delimiter, at):
            at += len(source.delimiter)
        elif at == len(text) or text[at] in "\r\n":
            return cells, at, hidden
        else:
            return None, at, hidden


def _cell(text: str, at: int, source: Source, hidden: set[int]) -> tuple[str | None, int]:
    quoted = source.quote is not None and text.startswith(source.quote, at)
    at += quoted
    cell = ""
    while at < len(text):
        letter = text[at]
        if letter == source.escape and at + 1 < len(text):
            escaped = source.delimiter if text.startswith(source.delimiter, at + 1) else text[at + 1]
            hidden.add(at + 1)
            cell += escaped
            at += 1 + len(escaped)
        elif quoted and letter == source.quote and text.startswith(source.quote, at + 1):
            cell += letter
            at += 2
        elif quoted and letter == source.quote:
            return cell, at + 1
        elif not quoted and (letter in "\r\n" or letter == source.quote or text.startswith(source.delimiter, at)):
            return cell, at
        else:
            cell += letter
            at += 1
    return (None if quoted else cell), at


def _swallows(row: str, hidden: set[int], start: int, source: Source, width: int) -> bool:
    """An inner line that looks like a whole row: the right number of delimiters, no quote, nothing escaped counts."""
    if width < 3:
        return False
    marked = "".join("_" if start + at in hidden and letter not in "\r\n" else letter for at, letter in enumerate(row))
    lines = LINE_BREAK.split(marked)[1:-1]
    return any(line.count(source.delimiter) == width - 1 and (source.quote or "\n") not in line for line in lines)
