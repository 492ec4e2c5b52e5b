"""Rows back into bytes, so that a contract that reads bytes otherwise shows what it makes of them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ringback.model.contract import Source

_TOTAL = "TOTAL"


def written(header: Sequence[str], texts: pl.Series, source: Source) -> bytes:
    """A file with these rows as they were delivered, in the source's dialect.

    Its preamble and footer are made up: a footer has as many values as a row.
    """
    names = [_line(header, source)] if source.format == "csv" and source.header else []
    above = ["-"] * source.preamble_lines + names
    below = [_footer(len(header), texts.len(), source)] * source.footer_lines
    parts = (pl.Series(above, dtype=pl.String), texts, pl.Series(below, dtype=pl.String))
    lines = pl.concat([part.alias("line") for part in parts])
    return f"{lines.str.join(chr(10)).item()}\n".encode(source.encoding)


def rows_written(rows: pl.DataFrame, source: Source) -> pl.Series:
    """Rows as one text, a line each, in the source's dialect; quoted where it must be.

    Raises: polars.exceptions.PolarsError or ValueError, where the dialect has marks that cannot be written.
    """
    text = rows.write_csv(
        include_header=False,
        separator=source.delimiter,
        quote_char=source.quote or '"',
        quote_style="necessary" if source.quote else "never",
        null_value="",
    )
    return pl.Series([text.removesuffix("\n")])


def _footer(width: int, row_count: int, source: Source) -> str:
    cells = [_TOTAL, *[""] * (width - 2), str(row_count)]
    return _line(cells[:width], source)


def _line(cells: Sequence[str], source: Source) -> str:
    return source.delimiter.join(_cell(cell, source) for cell in cells)


def _cell(text: str, source: Source) -> str:
    marks = (source.delimiter, source.quote, "\n", "\r")
    if source.quote and any(mark and mark in text for mark in marks):
        return f"{source.quote}{text.replace(source.quote, source.quote * 2)}{source.quote}"
    return text
