"""The quick way: blocks in which there is nothing to reject or leave out are proved to be so, then split by Polars.

The proof: every quote stands where it may; Polars refuses a row with too many cells; and the delimiters outside quotes
are as many as all rows together need, so no row has too few. What cannot be proved is read the general way.
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
    """Where a clean block ends, and its rows' first lines (counted from 0) and the places behind them."""

    stop: int
    row_count: int
    delimiter_count: int
    line_count: int
    lines: Places | None = None  # None: every row is one line
    nexts: Places | None = None


def clean_chunk(plain: Plain, *, line: int, table: Table, final: bool) -> tuple[RowChunk, int, int] | None:
    """The chunk, the bytes and the lines that it takes; None, where the block is not proved clean."""
    if table.width == 0 or _has_anything_to_look_at(plain, table):
        return None
    has_quotes = plain.quote != b"" and plain.quote in plain.content
    shape = _quoted_shape(plain, width=table.width, final=final) if has_quotes else _bare_shape(plain, final=final)
    if shape is None or shape.stop == 0 or shape.delimiter_count != shape.row_count * (table.width - 1):
        return None
    content = plain.content[: shape.stop]
    rows = split_columns(content, plain, table.columns, quote=plain.quote.decode() if has_quotes else "")
    if rows is None or rows.height != shape.row_count:
        return None
    lines = np.arange(shape.row_count) if shape.lines is None else shape.lines
    chunk = RowChunk(
        rows=numbered(plain.restored(rows), lines + line),
        rejects=no_rejects(),
        skipped={},
        row_count=shape.row_count,
        texts=lambda positions: _texts(plain, content, shape.nexts, positions),
    )
    return chunk, shape.stop, shape.line_count


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


def _bare_shape(plain: Plain, *, final: bool) -> _Shape:
    stop = len(plain.content) if final else plain.content.rfind(b"\n") + 1
    bytes_ = np.frombuffer(plain.content, np.uint8)[:stop]
    feed_count = int(np.count_nonzero(bytes_ == ord("\n")))  # four times as fast as bytes.count, where there are many
    row_count = feed_count + (stop > 0 and bytes_[-1] != ord("\n"))
    return _Shape(stop, row_count, int(np.count_nonzero(bytes_ == ord(plain.delimiter))), row_count)


def _quoted_shape(plain: Plain, *, width: int, final: bool) -> _Shape | None:
    bytes_ = np.frombuffer(plain.content, np.uint8)
    is_feed = bytes_ == ord("\n")
    quotes, feeds = bits.bits_of(bytes_, plain.quote), bits.packed(is_feed)
    delimiters = bits.bits_of(bytes_, plain.delimiter)
    inside = bits.inside(quotes)
    closers = feeds & ~inside
    stop = len(bytes_) if final else bits.end_of_last(closers)
    if stop == 0 or _ends_inside(inside, stop):
        return None
    touching = quotes | delimiters | feeds | (bits.bits_of(bytes_, b"\r") if b"\r" in plain.content else quotes)
    if not _stand_right(bits.up_to(quotes, stop), inside, touching, len(bytes_)):
        return None
    open_end = bytes_[stop - 1] != ord("\n")
    row_count = bits.count(bits.up_to(closers, stop)) + int(open_end)
    line_count = bits.count(bits.up_to(feeds, stop)) + int(open_end)
    delimiter_count = bits.count(bits.up_to(delimiters & ~inside, stop))
    if line_count == row_count:
        return _Shape(stop, row_count, delimiter_count, line_count)
    feed_places = np.flatnonzero(is_feed[:stop])
    closes = bits.unpacked(closers, len(bytes_))[feed_places]
    if width >= 3 and _may_swallow(bytes_, plain, feed_places, closes, width=width):
        return None
    nexts = feed_places[closes] + 1
    lines = np.concatenate(([0], np.flatnonzero(closes) + 1))[:row_count]
    return _Shape(stop, row_count, delimiter_count, line_count, lines, np.append(nexts, stop) if open_end else nexts)


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


def _texts(plain: Plain, content: bytes, nexts: Places | None, positions: list[int]) -> list[str]:
    if nexts is None:
        nexts = np.flatnonzero(np.frombuffer(content, np.uint8) == ord("\n")) + 1
        nexts = nexts if content.endswith(b"\n") else np.append(nexts, len(content))
    starts = np.concatenate(([0], nexts[:-1]))
    parts = [plain.text(int(starts[position]), int(nexts[position])) for position in positions]
    return [part.removesuffix(b"\n").removesuffix(b"\r").decode() for part in parts]
