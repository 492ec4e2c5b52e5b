"""Delimited text: CSV, TSV and their kin, in blocks of bounded size.

Lines end with a line feed, a return, or both, mixed as they come. A row's first line is counted as an editor counts.
Bytes belong to the byte order mark, the preamble, the header, the rows (good, rejected, skipped), or the footer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from ringback.model.contract import Source
from ringback.steps.read.chunk import Hopeless, Table, chunk_of
from ringback.steps.read.clean import clean_chunk
from ringback.steps.read.columns import scan_at_once
from ringback.steps.read.dialect import Dialect, Limits, dialect_of
from ringback.steps.read.head import Head, head_named, head_of
from ringback.steps.read.onebyone import scan_one_by_one
from ringback.steps.read.plain import Plain, to_plain
from ringback.steps.read.reading import HeaderProblem, RowChunk, unique_names
from ringback.steps.read.spans import Spans
from ringback.steps.read.window import Window

PRODUCTION = Limits()
ONE_BY_ONE = 100_000  # rows found one after the other at a time: a block may have millions of them


class CsvReading:
    """A delimited delivery being read: a `Reading`."""

    def __init__(
        self,
        content: BinaryIO,
        source: Source,
        *,
        file_name: str,
        limits: Limits = PRODUCTION,
        names: tuple[str, ...] | None = None,
    ) -> None:
        """names: of the columns, where they are known and the rows follow the preamble."""
        self._source = source
        self._dialect: Dialect = dialect_of(source)
        self._window = Window(content, source, file_name=file_name, limits=limits)
        self._head: Head = (
            head_of(self._window, source, self._dialect, columns=limits.columns)
            if names is None
            else head_named(self._window, source, names)
        )
        self._columns, self._problems = unique_names(self._head.names)
        self._table = Table(source=source, columns=self._columns, record_bytes=limits.record_bytes)
        self._skipped: Counter[str] = Counter(self._head.skipped)
        self._row_count = sum(self._head.skipped.values())
        self._line = self._head.next_line

    @property
    def header(self) -> tuple[str, ...]:
        return self._head.names

    @property
    def columns(self) -> tuple[str, ...]:
        return self._columns

    @property
    def header_problems(self) -> tuple[HeaderProblem, ...]:
        return self._problems if self._source.header else ()

    @property
    def row_count(self) -> int:
        return self._row_count

    @property
    def skipped(self) -> dict[str, int]:
        return dict(self._skipped)

    @property
    def byte_count(self) -> int:
        return self._window.byte_count

    @property
    def parts(self) -> dict[str, int]:
        return dict(self._window.parts)

    def chunks(self) -> Iterator[RowChunk]:
        if self._head.skipped:
            yield self._head.chunk(self._table)
        while not self._window.is_done:
            chunk = self._next()
            if chunk is not None and chunk.row_count:
                self._skipped.update(chunk.skipped)
                self._row_count += chunk.row_count
                yield chunk
        self._window.take_footer()

    def _next(self) -> RowChunk | None:
        self._window.fill(line=self._line)
        plain = to_plain(self._window.content, self._dialect)
        final = self._window.is_last
        clean = clean_chunk(plain, line=self._line, table=self._table, final=final)
        if clean is None:
            return self._examined(plain, line=self._line, final=final)
        chunk, stop, line_count = clean
        self._line += line_count
        self._window.take("rows", plain.delivered_length(stop))
        return chunk

    def _examined(self, plain: Plain, *, line: int, final: bool) -> RowChunk | None:
        width, full = self._table.width, self._window.is_full
        spans: Spans | None = scan_at_once(plain, line=line, width=width, final=final)
        if spans is None:
            spans = scan_one_by_one(plain, line=line, width=width, final=final, full=full, at_most=ONE_BY_ONE)
        if len(spans) == 0:
            return None
        self._line = spans.next_line
        try:
            chunk = chunk_of(plain, spans, self._table)
        except Hopeless as hopeless:
            raise self._window.refused(
                "most of its rows cannot be read", line=hopeless.line, why="It begins here, and goes on."
            ) from None
        self._window.take("rows", plain.delivered_length(spans.stop))
        if spans.nexts[-1] == spans.ends[-1] and not final:  # a row that is too long, without its end
            self._window.take_rest_of_line("rows", line=self._line)
            self._line += 1
        return chunk
