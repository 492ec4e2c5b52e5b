"""One block of text in its plain form: the delimiter is one byte, and no escape is left that could hide a mark.

Marks are control bytes that the block itself does not use, so going back is exact. Every escape and every escaped
byte keeps its place (byte for byte), only a delimiter of several bytes becomes one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from ringback.errors import DeliveryRefused
from ringback.steps.read.dialect import Dialect
from ringback.steps.read.spans import Bytes, Places

_FREE = bytes(byte for byte in (*range(0x1F, 0x0D, -1), *range(0x01, 0x09), 0x0B, 0x0C, 0x7F))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A block in plain form.

    delimiter  one byte; `delivered` is how the file writes it.
    texts      mark -> the bytes that it stands for in the delivered text.
    cells      mark -> the bytes that it stands for in a cell (the escape itself stands for nothing).
    breaks     marks of escaped line breaks (feed, return), empty where there are none.
    """

    content: bytes
    delimiter: bytes
    delivered: bytes
    quote: bytes
    comment: bytes
    texts: dict[bytes, bytes] = field(default_factory=dict)
    cells: dict[bytes, bytes] = field(default_factory=dict)
    breaks: bytes = b""

    def text(self, start: int, end: int) -> bytes:
        """The delivered bytes of a part."""
        part = self.content[start:end]
        for mark, meaning in self.texts.items():
            part = part.replace(mark, meaning)
        return part

    def delivered_length(self, end: int) -> int:
        """How many delivered bytes stand before a place."""
        return end + sum((len(text) - 1) * self.content.count(mark, 0, end) for mark, text in self.texts.items())

    def restored(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Cells with marks -> cells as they were meant."""
        if not self.cells:
            return rows
        marks = [mark.decode() for mark in self.cells]
        meanings = [meaning.decode() for meaning in self.cells.values()]
        return rows.with_columns(pl.col(pl.String).str.replace_many(marks, meanings))


def to_plain(block: bytes, dialect: Dialect) -> Plain:
    """Take a block to its plain form.

    Raises: DeliveryRefused, where the block uses every control byte there is: it is no text.
    """
    if not dialect.escape or dialect.escape not in block:
        return _with_short_delimiter(block, dialect)
    return _without_escapes(_with_short_delimiter(block, dialect), dialect)


def _with_short_delimiter(block: bytes, dialect: Dialect) -> Plain:
    if len(dialect.delimiter) == 1 or dialect.delimiter not in block:
        # a delimiter of several bytes that never occurs: one that never occurs either
        mark = dialect.delimiter if len(dialect.delimiter) == 1 else _free(block, 1, avoid=dialect.delimiter)[0]
        return Plain(
            content=block,
            delimiter=mark,
            delivered=dialect.delimiter,
            quote=dialect.quote,
            comment=dialect.comment,
        )
    (mark,) = _free(block, 1, avoid=dialect.delimiter)
    meaning = {mark: dialect.delimiter}
    return Plain(
        content=block.replace(dialect.delimiter, mark),
        delimiter=mark,
        delivered=dialect.delimiter,
        quote=dialect.quote,
        comment=dialect.comment,
        texts=meaning,
        cells=meaning,
    )


def _without_escapes(plain: Plain, dialect: Dialect) -> Plain:
    bytes_ = np.frombuffer(plain.content, np.uint8).copy()
    escape, quote, delimiter, feed, back = _free(plain.content, 5, avoid=dialect.delimiter + plain.delimiter)
    hidden = {plain.delimiter: delimiter, b"\n": feed, b"\r": back}
    if plain.quote:
        hidden[plain.quote] = quote
    active = _active(bytes_, ord(dialect.escape))
    table = np.arange(256, dtype=np.uint8)
    for meaning, mark in hidden.items():
        table[ord(meaning)] = ord(mark)
    bytes_[active] = ord(escape)
    bytes_[active + 1] = table[bytes_[active + 1]]
    meanings = {quote: dialect.quote, delimiter: plain.delivered, feed: b"\n", back: b"\r"}
    return Plain(
        content=bytes_.tobytes(),
        delimiter=plain.delimiter,
        delivered=plain.delivered,
        quote=plain.quote,
        comment=plain.comment,
        texts={**plain.texts, escape: dialect.escape, **meanings},
        cells={**plain.cells, escape: b"", **meanings},
        breaks=feed + back,
    )


def _active(bytes_: Bytes, escape: int) -> Places:
    """Where an escape escapes: every other one of a run of them. One that ends the block escapes nothing."""
    places = np.flatnonzero(bytes_ == escape)
    starts_run = np.ones(len(places), dtype=bool)
    starts_run[1:] = np.diff(places) > 1
    run_start = np.maximum.accumulate(np.where(starts_run, np.arange(len(places)), 0))
    active: Places = places[(np.arange(len(places)) - run_start) % 2 == 0]
    return active[active + 1 < len(bytes_)]


def _free(block: bytes, count: int, *, avoid: bytes) -> tuple[bytes, ...]:
    free = [bytes([byte]) for byte in _FREE if byte not in block and byte not in avoid]
    if len(free) < count:
        raise DeliveryRefused(
            "this is not text",
            why="It uses nearly every control character there is.",
            mend="Check that the file is of the format that the contract names.",
        )
    return tuple(free[:count])
