"""Masks over a block, 64 bytes in one word: what a byte is and where it lies, without an array of places.

The bit of byte `i` is bit `i % 64` of word `i // 64`.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from ringback.steps.read.spans import Bytes, Mask, Places

Words: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint64]]

_ONE, _LAST = np.uint64(1), np.uint64(63)


def packed(mask: Mask) -> Words:
    """A mask, packed."""
    few = np.packbits(mask, bitorder="little")
    words = np.zeros(-(-len(mask) // 64), np.uint64)
    words.view(np.uint8)[: len(few)] = few
    return words


def bits_of(bytes_: Bytes, byte: bytes) -> Words:
    """Where a byte stands."""
    return packed(bytes_ == ord(byte))


def unpacked(words: Words, size: int) -> Mask:
    """The mask again."""
    return np.unpackbits(words.view(np.uint8), count=size, bitorder="little").view(np.bool_)


def inside(quotes: Words) -> Words:
    """Where an odd number of quotes stands at or before the byte: an opening quote lies inside, a closing one not."""
    within = quotes.copy()
    for step in (1, 2, 4, 8, 16, 32):
        within ^= within << np.uint64(step)
    odd = (np.bitwise_count(quotes) & 1).astype(np.uint8)
    before = np.bitwise_xor.accumulate(odd) ^ odd
    return within ^ (np.uint64(0) - before.astype(np.uint64))


def after(words: Words) -> Words:
    """Where the byte before is set."""
    moved = words << _ONE
    moved[1:] |= words[:-1] >> _LAST
    return moved


def before(words: Words) -> Words:
    """Where the byte behind is set."""
    moved = words >> _ONE
    moved[:-1] |= words[1:] << _LAST
    return moved


def count(words: Words) -> int:
    """How many bits are set."""
    return int(np.bitwise_count(words).sum())


def rank(words: Words, places: Places) -> Places:
    """How many bits are set before each place."""
    padded = np.append(words, np.uint64(0))
    counts = np.bitwise_count(padded)
    whole = np.cumsum(counts, dtype=np.int64) - counts
    word, bit = places >> 6, (places & 63).astype(np.uint64)
    ranks: Places = whole[word] + np.bitwise_count(padded[word] & ((_ONE << bit) - _ONE))
    return ranks


def end_of_last(words: Words) -> int:
    """One behind the last bit that is set; 0 without any."""
    used = np.flatnonzero(words)
    return 0 if len(used) == 0 else int(used[-1]) * 64 + int(words[used[-1]]).bit_length()


def up_to(words: Words, size: int) -> Words:
    """Without the bits from `size` on."""
    kept = words[: -(-size // 64)].copy()
    if size % 64:
        kept[-1] &= (_ONE << np.uint64(size % 64)) - _ONE
    return kept
