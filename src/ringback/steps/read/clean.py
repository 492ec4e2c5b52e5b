"""The quick way: blocks in which there is nothing to reject or leave out are proved to be so, then split by Polars.

The proof: every quote stands where it may, and every row has as many delimiters outside quotes as the header. (Polars
2.1 leaves out an empty cell too many without a word.) What cannot be proved is read the general way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringback.model.rows import no_rejects
from ringback.steps.read import bits
from ringback.steps.read.chunk import Table, numbered, split_columns
from ringback.steps.read.plain import Plain
from ringback.steps.read.reading import RowChunk
from ringback.steps.read.spans import Bytes, Mask, Places

_MARK = b"\xef\xbb\xbf"  # inside a file this is text, but Polars leaves it out where a block starts with it


@dataclass(frozen=True, slots=True)
class _Shape:
    """Of the whole rows of a clean block: the places behind them, and their first lines, counted from 0."""

    nexts: Places
    lines: Places
    line_count: int


def clean_chunk(plain: Plain, *, line: int, table: Table, final: bool) -> tuple[RowChunk, int, int] | None:
    """The chunk, the bytes and the lines that it takes; None, where the block is not proved clean."""
    if table.width == 0 or _has_anything_to_look_at(plain, table):
        return None
    has_quotes = plain.quote != b"" and plain.quote in plain.content
    shape = _shape(plain, table.width, has_quotes=has_quotes, final=final)
    if shape is None:
        return None
    stop, row_count = int(shape.nexts[-1]), len(shape.nexts)
    content = plain.content[:stop]
    rows = split_columns(content, plain, table.columns, quote=plain.quote.decode() if has_quotes else "")
    if rows is None or rows.height != row_count:
        return None
    chunk = RowChunk(
        rows=numbered(plain.restored(rows), shape.lines + line),
        rejects=no_rejects(),
        skipped={},
        row_count=row_count,
        texts=lambda positions: _texts(plain, shape.nexts, positions),
    )
    return chunk, stop, shape.line_count


def _has_anything_to_look_at(plain: Plain, table: Table) -> bool:
    content, comment = plain.content, plain.comment
    return (
        bool(plain.breaks)
        or bool(table.source.skip)
        or b"\0" in content
        or content.startswith(_MARK)
        or (comment != b"" and (content.startswith(comment) or b"\n" + comment in content))
        or (b"\r" in content and _has_lone_return(np.frombuffer(content, np.uint8)))
    )


def _has_lone_return(bytes_: Bytes) -> bool:
    # one that ends the block, before its line feed, lies behind the last whole row
    followed = bits.before(bits.bits_of(bytes_, b"\n"))
    return bool((bits.bits_of(bytes_[:-1], b"\r") & ~followed[: -(-(len(bytes_) - 1) // 64)]).any()) or (
        bytes_[-1] == ord("\r")
    )


def _shape(plain: Plain, width: int, *, has_quotes: bool, final: bool) -> _Shape | None:
    bytes_ = np.frombuffer(plain.content, np.uint8)
    delimiters, feeds = bits.bits_of(bytes_, plain.delimiter), np.flatnonzero(bytes_ == ord("\n"))
    closes = np.ones(len(feeds), dtype=bool)
    if has_quotes:
        inside = _inside(plain, bytes_, delimiters, final=final)
        if inside is None:
            return None
        closes = ~bits.unpacked(inside, len(bytes_))[feeds]
        delimiters &= ~inside
    nexts = feeds[closes] + 1
    if final and len(bytes_) and (len(nexts) == 0 or nexts[-1] < len(bytes_)):
        nexts = np.append(nexts, len(bytes_))
    cells = np.diff(bits.rank(delimiters, nexts), prepend=0) + 1
    if len(nexts) == 0 or (cells != width).any():
        return None
    feeds, closes = feeds[feeds < nexts[-1]], closes[: np.searchsorted(feeds, nexts[-1])]
    if width >= 3 and _may_swallow(bytes_, plain, feeds, closes, width=width):
        return None
    lines = np.concatenate(([0], np.flatnonzero(closes) + 1))[: len(nexts)]
    return _Shape(nexts, lines, len(feeds) + int(bytes_[nexts[-1] - 1] != ord("\n")))


def _inside(plain: Plain, bytes_: Bytes, delimiters: bits.Words, *, final: bool) -> bits.Words | None:
    """What lies inside quotes; None, where a quote of a whole row stands where it may not."""
    quotes, feeds = bits.bits_of(bytes_, plain.quote), bits.bits_of(bytes_, b"\n")
    inside = bits.inside(quotes)
    stop = len(bytes_) if final else bits.end_of_last(feeds & ~inside)
    if stop == 0 or _ends_inside(inside, stop):
        return None
    touching = quotes | delimiters | feeds
    if b"\r" in plain.content:
        touching |= bits.bits_of(bytes_, b"\r")
    return inside if _stand_right(bits.up_to(quotes, stop), inside, touching, len(bytes_)) else None


def _ends_inside(inside: bits.Words, stop: int) -> bool:
    return bool((int(inside[(stop - 1) // 64]) >> ((stop - 1) % 64)) & 1)


def _stand_right(quotes: bits.Words, inside: bits.Words, touching: bits.Words, size: int) -> bool:
    """Whether every opening quote follows, and every closing one precedes, what a cell may touch."""
    inside = inside[: len(quotes)]
    follows, precedes = bits.after(touching)[: len(quotes)], bits.before(touching)[: len(quotes)]
    follows[0] |= np.uint64(1)
    if -(-size // 64) == len(quotes):
        precedes[-1] |= np.uint64(1) << np.uint64((size - 1) % 64)
    return not ((quotes & inside & ~follows).any() or (quotes & ~inside & ~precedes).any())


def _may_swallow(bytes_: Bytes, plain: Plain, feeds: Places, closes: Mask, *, width: int) -> bool:
    """Whether a line within quotes looks like a whole row: the general way then looks closer."""
    inner = np.flatnonzero(~closes[:-1] & ~closes[1:])
    if len(inner) == 0:
        return False
    borders = np.column_stack((feeds[inner], feeds[inner + 1])).ravel()
    counts = np.add.reduceat(bytes_ == ord(plain.delimiter), borders, dtype=np.int64)[::2]
    return bool((counts == width - 1).any())


def _texts(plain: Plain, nexts: Places, positions: list[int]) -> list[str]:
    starts = np.concatenate(([0], nexts[:-1]))
    parts = [plain.text(int(starts[position]), int(nexts[position])) for position in positions]
    return [part.removesuffix(b"\n").removesuffix(b"\r").decode() for part in parts]
