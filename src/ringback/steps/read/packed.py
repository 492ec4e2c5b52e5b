"""Streams of packed bytes, unpacked piece by piece: what comes out of one piece is bounded, whatever was packed.

gzip, bzip2 and xz check all of their content; zstd only where its writer put a checksum in, as the zstd tool does.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import zstandard

BLOCK_BYTES = 2**20
WINDOW_BYTES = 128 * 2**20  # of xz and zstd: their highest usual settings need 64 and 128 MiB
_ZSTD_STEP = 1024  # a frame's smallest block has 4 bytes and gives 128 KiB: so much gives at most 32 MiB

FAULTS = (zlib.error, lzma.LZMAError, zstandard.ZstdError, OSError, ValueError, EOFError, MemoryError)


class Unpacker(Protocol):
    """One member of a packed stream, as the standard library's unpackers have it."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class Broken(ValueError):
    """The stream is damaged or cut short; says which."""


def unpacked(kind: str, blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes of a gzip, bzip2, xz or zstd stream, of all its members. Raises: Broken, while it is read."""
    try:
        if kind == "zstd":
            yield from _zstd(blocks)
        elif kind == "gzip":
            yield from _gzip(blocks)
        else:
            yield from _members(kind, blocks)
    except FAULTS as fault:
        if isinstance(fault, Broken):
            raise
        raise Broken("damaged") from None  # their messages may name what is inside


def _gzip(blocks: Iterator[bytes]) -> Iterator[bytes]:
    member = zlib.decompressobj(wbits=31)
    for block in blocks:
        while block:
            if member.eof:
                block = _next_member(block, b"\x1f\x8b")
                member = zlib.decompressobj(wbits=31) if block else member
                continue
            yield member.decompress(block, BLOCK_BYTES)
            block = member.unused_data if member.eof else member.unconsumed_tail
    _require_end(member.eof)


def _members(kind: str, blocks: Iterator[bytes]) -> Iterator[bytes]:
    magic, begin = _KINDS[kind]
    member = begin()
    for block in blocks:
        while block or (not member.eof and not getattr(member, "needs_input", True)):
            if member.eof:
                block = _next_member(block, magic)
                member = begin() if block else member
                if not block:
                    break
            yield member.decompress(block, BLOCK_BYTES)
            block = member.unused_data if member.eof else b""
    _require_end(member.eof)


_KINDS: dict[str, tuple[bytes, Callable[[], Unpacker]]] = {
    "bzip2": (b"BZh", bz2.BZ2Decompressor),
    "xz": (b"\xfd7zXZ", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=WINDOW_BYTES)),
}


def _zstd(blocks: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zstandard.ZstdDecompressor(max_window_size=WINDOW_BYTES)
    frame = unpacker.decompressobj()
    for block in blocks:
        for start in range(0, len(block), _ZSTD_STEP):
            piece = block[start : start + _ZSTD_STEP]
            while piece:
                if frame.eof:
                    frame = unpacker.decompressobj()
                yield frame.decompress(piece)
                piece = frame.unused_data if frame.eof else b""
    _require_end(frame.eof)


def _next_member(rest: bytes, magic: bytes) -> bytes:
    rest = rest.lstrip(b"\0")  # tapes fill their last block with zeros
    if rest and not magic.startswith(rest[: len(magic)]):
        raise Broken("followed by something else")
    return rest


def _require_end(ended: bool) -> None:
    if not ended:
        raise Broken("cut short")
