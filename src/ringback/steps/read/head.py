"""What comes before the rows: preamble lines, and the header or, without one, the first row's width."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import polars as pl

from ringback.model.contract import Source
from ringback.model.rows import LINE, no_rejects
from ringback.steps.read.chunk import BLANK, COMMENT, Table
from ringback.steps.read.dialect import Dialect
from ringback.steps.read.onebyone import scan_one_by_one
from ringback.steps.read.plain import Plain, to_plain
from ringback.steps.read.reading import RowChunk
from ringback.steps.read.reference import split
from ringback.steps.read.spans import Spans
from ringback.steps.read.text import shown
from ringback.steps.read.window import Window

_FIRST_ROWS = 1000  # among which the first good one is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Names as delivered (numbers, where there are none), and what was left out before them."""

    names: tuple[str, ...]
    skipped: dict[str, int]
    next_line: int

    def chunk(self, table: Table) -> RowChunk:
        """What was left out, as a chunk without rows."""
        schema = {LINE: pl.Int64()} | dict.fromkeys(table.columns, pl.String())
        return RowChunk(
            rows=pl.DataFrame(schema=schema),
            rejects=no_rejects(),
            skipped=self.skipped,
            row_count=sum(self.skipped.values()),
            texts=lambda _positions: [],
        )


def head_of(window: Window, source: Source, dialect: Dialect, *, columns: int) -> Head:
    """Take preamble and header (of at most `columns` columns) from the window.

    Raises: DeliveryRefused, where there is none, or none that can be trusted.
    """
    line = _behind_preamble(window, source)
    if not source.header:
        return Head(names=_numbers(window, source, dialect, line=line, columns=columns), skipped={}, next_line=line)
    return _header(window, source, dialect, line=line, columns=columns)


def head_named(window: Window, source: Source, names: tuple[str, ...]) -> Head:
    """Take the preamble; the rows come next, and have these names. Raises: DeliveryRefused."""
    return Head(names=names, skipped={}, next_line=_behind_preamble(window, source))


def _behind_preamble(window: Window, source: Source) -> int:
    for number in range(source.preamble_lines):
        if not window.take_line("preamble", line=number + 1):
            raise window.refused("the file ends within its preamble", line=number + 1, why="Nothing comes after it.")
    return source.preamble_lines + 1


def _header(window: Window, source: Source, dialect: Dialect, *, line: int, columns: int) -> Head:
    skipped: Counter[str] = Counter()
    while True:
        plain, spans = _scan(window, dialect, line=line, at_most=1)
        if len(spans) == 0:
            raise window.refused("there is no header", line=line, why="The contract says that the first row has names.")
        taken = plain.delivered_length(spans.stop)
        rule = _rule(plain, spans)
        if rule is None:
            _require_at_most(columns, int(spans.cells[0]), window, line=line)
            names = _names(window, source, plain, spans)
            window.take("header", taken)
            return Head(names=names, skipped=dict(skipped), next_line=spans.next_line)
        skipped[rule] += 1
        window.take("rows", taken)
        line = spans.next_line


def _scan(window: Window, dialect: Dialect, *, line: int, at_most: int) -> tuple[Plain, Spans]:
    while True:
        window.fill(line=line)
        plain = to_plain(window.content, dialect)
        final = window.is_last
        spans = scan_one_by_one(plain, line=line, width=0, final=final, full=window.is_full, at_most=at_most)
        if len(spans) or final:
            return plain, spans


def _rule(plain: Plain, spans: Spans) -> str | None:
    if plain.comment and plain.content.startswith(plain.comment):
        return COMMENT
    return BLANK if spans.starts[0] == spans.ends[0] else None


def _names(window: Window, source: Source, plain: Plain, spans: Spans) -> tuple[str, ...]:
    line = int(spans.lines[0])
    if spans.faults[0]:
        raise window.refused(
            "the header cannot be read", line=line, why="A quote stands where none may, or its end is missing."
        )
    text = plain.text(0, int(spans.ends[0]))
    if b"\0" in text:
        raise window.refused("this is not delimited text", line=line, why="Its header has NUL bytes.")
    try:
        return tuple(split(text.decode(), source))
    except UnicodeDecodeError:
        why = f"It has bytes that are not {source.encoding}, or the encoding is another."
    raise window.refused("the header cannot be read", line=line, why=why)


def _numbers(window: Window, source: Source, dialect: Dialect, *, line: int, columns: int) -> tuple[str, ...]:
    plain, spans = _scan(window, dialect, line=line, at_most=_FIRST_ROWS)
    texts = [
        shown(plain.text(start, end)) for start, end in zip(spans.starts.tolist(), spans.ends.tolist(), strict=True)
    ]
    usable = (spans.faults == 0) & (spans.ends > spans.starts)
    for skip in source.skip:
        usable &= ~pl.Series(texts, dtype=pl.String).str.contains(skip.pattern).to_numpy()
    if source.comment:
        usable &= np.array([not text.startswith(source.comment) for text in texts], dtype=bool)
    width = int(spans.cells[usable][0]) if usable.any() else min(len(spans), 1)
    _require_at_most(columns, width, window, line=line)
    return tuple(str(number + 1) for number in range(width))


def _require_at_most(columns: int, width: int, window: Window, *, line: int) -> None:
    if width > columns:
        raise window.refused(
            "there are too many columns", line=line, why=f"It has {width:,}, and {columns:,} are read."
        )
