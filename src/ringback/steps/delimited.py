"""Rows of text -> the bytes of a delivery that reads back to them, written as a contract's source says."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Sequence

import polars as pl

from ringback.model.contract import Source
from ringback.model.rows import LINE, cells_of


def delimited(rows: pl.DataFrame, broken: Sequence[str], source: Source, *, header: tuple[str, ...]) -> bytes:
    """Write rows, then lines that are no rows; preamble and footer are stand-ins.

    Shapes:
        rows: LINE and the delivered columns, all String.
        broken: lines as they stand.
    """
    columns = [name for name in rows.columns if name != LINE]
    named = pl.DataFrame({name: [title] for name, title in zip(columns, header, strict=True)})
    parts = [
        *["preamble"] * source.preamble_lines,
        *(_lines(named, source) if source.header else ()),
        *_lines(rows.select(map(cells_of, columns)), source),
        *broken,
        *["footer"] * source.footer_lines,
    ]
    return "".join(f"{part}\n" for part in parts).encode(source.encoding)


def _lines(rows: pl.DataFrame, source: Source) -> list[str]:
    cells = [_cell(cells_of(name), source, is_alone=rows.width == 1) for name in rows.columns]
    return rows.select(pl.concat_str(cells, separator=source.delimiter).alias("line"))["line"].to_list()


def packed(content: bytes, file_name: str, source: Source) -> bytes:
    """Packed as the file's name says: .gz, .zip, or not at all."""
    if file_name.lower().endswith(".gz"):
        return gzip.compress(content, mtime=0)
    if not file_name.lower().endswith(".zip"):
        return content
    stream = io.BytesIO()
    member = (source.member or "sample.csv").replace("*", "sample").replace("?", "x")
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(member), content)
    return stream.getvalue()


def _cell(text: pl.Expr, source: Source, *, is_alone: bool) -> pl.Expr:
    """In quotes where the text would be something else without them; alone and empty it would be no row."""
    quote, escape = source.quote, source.escape
    if not quote:
        return text if not escape else text.str.replace_all(source.delimiter, escape + source.delimiter, literal=True)
    inner = text if not escape else text.str.replace_all(escape, escape * 2, literal=True)
    inner = inner.str.replace_all(quote, quote * 2, literal=True)
    marks = [quote, source.delimiter, "\n", "\r", *([escape] if escape else [])]
    special = pl.any_horizontal(*(text.str.contains(mark, literal=True) for mark in marks))
    if is_alone:
        special = special | (text == "")
    if source.comment:
        special = special | text.str.starts_with(source.comment)
    return pl.when(special).then(pl.concat_str(pl.lit(quote), inner, pl.lit(quote))).otherwise(text)
