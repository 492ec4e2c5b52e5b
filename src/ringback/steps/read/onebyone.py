"""Rows of a block, found one after the other: for blocks in which a quote stands where it may not.

The grammar of a row, the same as `scan_at_once` takes for granted:
    row   = cell (delimiter cell)* line-end
    cell  = quote (any byte but a quote | quote quote)* quote | (any byte but quote, delimiter, line break)*
A row that breaks it costs its first line only: reading resumes at the next line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from ringback.steps.read.plain import Plain
from ringback.steps.read.spans import Fault, Spans


@dataclass(frozen=True, slots=True)
class _Grammar:
    row: re.Pattern[bytes]
    open_to_end: re.Pattern[bytes]
    quoted: re.Pattern[bytes]
    line_break: re.Pattern[bytes]


def _grammar(plain: Plain) -> _Grammar:
    delimiter, quote = re.escape(plain.delimiter), re.escape(plain.quote)
    bare = rb"[^%b%b\r\n]*+" % (delimiter, quote)
    inner = rb"%b[^%b]*+(?:%b%b[^%b]*+)*+" % ((quote,) * 5) if quote else rb"(?!)"
    cell = rb"(?>%b%b|%b)" % (inner, quote, bare)
    feed, back = re.escape(plain.breaks[:1]), re.escape(plain.breaks[1:])
    return _Grammar(
        row=re.compile(rb"%b(?:%b%b)*+" % (cell, delimiter, cell)),
        open_to_end=re.compile(rb"%b\Z" % inner),
        quoted=re.compile(rb"%b%b" % (inner, quote)),
        line_break=re.compile(rb"[\r%b]\n?|[\n%b]" % (back, feed)),
    )


@dataclass(slots=True)
class _Found:
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    nexts: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)
    faults: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    end: int
    next: int
    cells: int = 0
    fault: Fault = Fault.NONE


def scan_one_by_one(
    plain: Plain, *, line: int, width: int, final: bool, full: bool, at_most: int | None = None
) -> Spans:
    """The rows that are decided within the block, at most `at_most`.

    full: the block is as long as a row may be; a row that starts it and is still not decided is at fault.
    """
    grammar, found, start = _grammar(plain), _Found(), 0
    while start < len(plain.content) and (at_most is None or len(found.starts) < at_most):
        row = _row(plain, grammar, start, width=width, final=final)
        if row is None and full and start == 0:
            row = _given_up(plain, grammar)
        if row is None:
            break
        found.starts.append(start)
        found.ends.append(row.end)
        found.nexts.append(row.next)
        found.lines.append(line)
        found.cells.append(row.cells)
        found.faults.append(row.fault)
        line += _count_breaks(plain, grammar, start, row.next)
        start = row.next
    return Spans(
        starts=np.array(found.starts, np.int64),
        ends=np.array(found.ends, np.int64),
        nexts=np.array(found.nexts, np.int64),
        lines=np.array(found.lines, np.int64),
        cells=np.array(found.cells, np.int64),
        faults=np.array(found.faults, np.uint8),
        stop=start,
        next_line=line,
    )


def _row(plain: Plain, grammar: _Grammar, start: int, *, width: int, final: bool) -> _Row | None:
    """The row that starts here; None, when only more bytes can tell."""
    if plain.comment and plain.content.startswith(plain.comment, start):
        return _line(plain, grammar, start, Fault.NONE, final=final)
    end = _end_of_match(grammar.row, plain, start)
    if end == len(plain.content) or plain.content[end] in b"\r\n":
        following = _behind_line_end(plain, end, final=final)
        return None if following is None else _shaped(plain, grammar, start, end, following, width=width, final=final)
    if not final and plain.delivered.startswith(plain.content[end:]):
        return None  # a delimiter of several bytes may be cut by the block's end
    at_cell_start = end == start or plain.content[end - 1] == ord(plain.delimiter)
    unclosed = at_cell_start and grammar.open_to_end.match(plain.content, end) is not None
    if unclosed and not final:
        return None
    return _line(plain, grammar, start, Fault.UNCLOSED if unclosed else Fault.QUOTE, final=final)


def _shaped(
    plain: Plain, grammar: _Grammar, start: int, end: int, following: int, *, width: int, final: bool
) -> _Row | None:
    text = plain.content[start:end]
    shape = grammar.quoted.sub(b"", text) if plain.quote and plain.quote in text else text
    cells = shape.count(plain.delimiter) + 1
    if not _swallows(plain, grammar, text, width=width):
        return _Row(end, following, cells)
    if cells == width:
        return _Row(end, following, cells, Fault.SWALLOWED)
    return _line(plain, grammar, start, Fault.QUOTE, final=final)


def _swallows(plain: Plain, grammar: _Grammar, text: bytes, *, width: int) -> bool:
    inner = grammar.line_break.split(text)[1:-1] if width >= 3 else []
    return any(not (plain.quote and plain.quote in line) and line.count(plain.delimiter) == width - 1 for line in inner)


def _line(plain: Plain, grammar: _Grammar, start: int, fault: Fault, *, final: bool) -> _Row | None:
    """One line whatever stands in it; an escaped line break ends it too, so that its row alone is lost."""
    found = grammar.line_break.search(plain.content, start)
    if found is None:
        return _Row(len(plain.content), len(plain.content), 0, fault) if final else None
    if found.end() == len(plain.content) and not found.group().endswith(b"\n") and not final:
        return None  # a return may be half of a line end
    return _Row(found.start(), found.end(), 0, fault)


def _given_up(plain: Plain, grammar: _Grammar) -> _Row:
    """The first line of a block that is full of one row."""
    line = _line(plain, grammar, 0, Fault.UNCLOSED, final=False)
    if line is not None:
        return line
    # a return that ends the block may be half of a line end: it stays
    end = len(plain.content) - plain.content.endswith((b"\r", plain.breaks[1:] or b"\r"))
    return _Row(end, end, 0, Fault.TOO_LONG)


def _behind_line_end(plain: Plain, end: int, *, final: bool) -> int | None:
    rest = plain.content[end : end + 2]
    if rest == b"\r\n":
        return end + 2
    if len(rest) == 2 or rest == b"\n":
        return end + 1
    return len(plain.content) if final else None


def _count_breaks(plain: Plain, grammar: _Grammar, start: int, end: int) -> int:
    return sum(1 for _ in grammar.line_break.finditer(plain.content, start, end))


def _end_of_match(pattern: re.Pattern[bytes], plain: Plain, start: int) -> int:
    match = pattern.match(plain.content, start)
    return match.end() if match else start
