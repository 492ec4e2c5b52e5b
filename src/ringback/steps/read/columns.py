"""Rows of a block, found at once for the whole block: numpy over its bytes."""

from __future__ import annotations

import numpy as np

from ringback.steps.read.plain import Plain
from ringback.steps.read.spans import Bytes, Fault, Mask, Places, Spans

_FEED, _RETURN = ord("\n"), ord("\r")


def scan_at_once(plain: Plain, *, line: int, width: int, final: bool) -> Spans | None:
    """All rows that end within the block, if every quote stands where it may.

    None, where one doesn't, or where no row ends: `scan_one_by_one` then tells more.
    """
    if _has_lasting_comment(plain):
        return None
    bytes_ = np.frombuffer(plain.content, np.uint8)
    breaks = line_breaks(plain, final=final)
    inside = _inside(plain, bytes_)
    closers = breaks if inside is None else breaks[~inside[breaks]]
    if plain.breaks:
        closers = closers[(bytes_[closers] == _FEED) | (bytes_[closers] == _RETURN)]
    starts, nexts = _borders(closers, len(bytes_), final=final)
    stop = int(nexts[-1]) if len(nexts) else 0
    if stop == 0 or (inside is not None and not _quotes_stand_right(plain, bytes_, inside, stop)):
        return None
    return _spans(plain, starts, nexts, breaks=breaks[breaks < stop], inside=inside, line=line, width=width)


def line_breaks(plain: Plain, *, final: bool) -> Places:
    """The last byte of every line end, escaped and quoted ones too. A return that ends a block may be half of one."""
    bytes_ = np.frombuffer(plain.content, np.uint8)
    is_break = bytes_ == _FEED
    returns = np.flatnonzero(bytes_ == _RETURN) if b"\r" in plain.content else np.empty(0, np.int64)
    if len(returns) and returns[-1] == len(bytes_) - 1:
        is_break[-1] = final
        returns = returns[:-1]
    is_break[returns[bytes_[returns + 1] != _FEED]] = True
    if plain.breaks:
        is_break |= bytes_ == plain.breaks[0]
        hidden = np.flatnonzero(bytes_ == plain.breaks[1])
        is_break[hidden[(hidden + 1 == len(bytes_)) | (bytes_[np.minimum(hidden + 1, len(bytes_) - 1)] != _FEED)]] = (
            True
        )
    return np.flatnonzero(is_break)


def _has_lasting_comment(plain: Plain) -> bool:
    """Whether a comment may hold quotes or escaped line breaks, which mean nothing in it."""
    if not plain.comment or not ((plain.quote and plain.quote in plain.content) or plain.breaks):
        return False
    found = plain.content.startswith(plain.comment)
    return found or b"\n" + plain.comment in plain.content or b"\r" + plain.comment in plain.content


def _inside(plain: Plain, bytes_: Bytes) -> Mask | None:
    """Which bytes lie inside quotes, if every quote opens or closes; None without any quote."""
    if not plain.quote or plain.quote not in plain.content:
        return None
    return np.bitwise_xor.accumulate((bytes_ == ord(plain.quote)).view(np.uint8)).view(np.bool_)


def _borders(closers: Places, size: int, *, final: bool) -> tuple[Places, Places]:
    nexts = closers + 1
    if final and size and (len(nexts) == 0 or nexts[-1] < size):
        nexts = np.append(nexts, size)
    return np.concatenate(([0], nexts[:-1])) if len(nexts) else nexts, nexts


def _quotes_stand_right(plain: Plain, bytes_: Bytes, inside: Mask, stop: int) -> bool:
    if inside[stop - 1]:  # the last value is not closed
        return False
    quotes = np.flatnonzero(bytes_[:stop] == ord(plain.quote))
    may_touch = np.zeros(256, dtype=bool)
    may_touch[[_FEED, _RETURN, ord(plain.delimiter), ord(plain.quote)]] = True
    opens, closes = quotes[0::2], quotes[1::2]
    before = may_touch[bytes_[opens - 1]] | (opens == 0)
    after = may_touch[bytes_[np.minimum(closes + 1, len(bytes_) - 1)]]
    return bool(before.all() and after.all())


def _spans(
    plain: Plain, starts: Places, nexts: Places, *, breaks: Places, inside: Mask | None, line: int, width: int
) -> Spans | None:
    stop = int(nexts[-1])
    bytes_ = np.frombuffer(plain.content, np.uint8)[:stop]
    delimiters = (bytes_ == ord(plain.delimiter)).view(np.uint8)
    own = delimiters if inside is None else delimiters & ~inside[:stop].view(np.uint8)
    swallowed = np.zeros(len(starts), dtype=bool)
    if len(breaks) == len(starts) - (bytes_[-1] not in b"\r\n"):
        lines = np.arange(line, line + len(starts))
    else:
        lines = line + np.searchsorted(breaks, starts)
        swallowed = _swallowing(plain, delimiters, breaks=breaks, starts=starts, width=width)
    cells = np.add.reduceat(own, starts, dtype=np.int64) + 1
    if (swallowed & (cells != width)).any():
        return None
    return Spans(
        starts=starts,
        ends=_text_ends(bytes_, starts, nexts),
        nexts=nexts,
        lines=lines,
        cells=cells,
        faults=np.where(swallowed, np.uint8(Fault.SWALLOWED), np.uint8(0)),
        stop=stop,
        next_line=line + len(breaks),
    )


def _text_ends(bytes_: Bytes, starts: Places, nexts: Places) -> Places:
    last = bytes_[nexts - 1]
    is_end = (last == _FEED) | (last == _RETURN)
    two = (last == _FEED) & (nexts - 2 >= starts) & (bytes_[np.maximum(nexts - 2, 0)] == _RETURN)
    ends: Places = nexts - is_end - two
    return ends


def _swallowing(plain: Plain, delimiters: Bytes, *, breaks: Places, starts: Places, width: int) -> Mask:
    """Rows with an inner line that is a whole row by its look: the header's number of cells, and no quote.

    With less than three cells too many honest texts look so.
    """
    found = np.zeros(len(starts), dtype=bool)
    if width < 3:
        return found
    line_starts = np.concatenate(([0], breaks[:-1] + 1))  # what follows the last break has no break behind it
    looks_whole = np.add.reduceat(delimiters[: breaks[-1] + 1], line_starts, dtype=np.int64) == width - 1
    if plain.quote:
        quotes = (np.frombuffer(plain.content, np.uint8)[: breaks[-1] + 1] == ord(plain.quote)).view(np.uint8)
        looks_whole &= np.add.reduceat(quotes, line_starts, dtype=np.int64) == 0
    starts_row = np.isin(line_starts, starts)
    ends_row = np.isin(breaks + 1, np.append(starts[1:], len(delimiters)))
    inner = line_starts[looks_whole & ~starts_row & ~ends_row]
    found[np.searchsorted(starts, inner, side="right") - 1] = True
    return found
