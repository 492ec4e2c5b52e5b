"""Packed deliveries, read without ever being written out under a name of their own.

What a file is, its first bytes say: 1f 8b is gzip, PK is zip. No text starts so. The name has to say the same (.gz,
.bz2, .xz, .zst, .zip): a name that says otherwise makes the file doubtful, and it is refused.
"""

from __future__ import annotations

import io
import lzma
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import PurePath
from typing import BinaryIO, cast

from ringback.errors import DeliveryRefused, StoreError
from ringback.model.contract import Source
from ringback.steps.read.packed import BLOCK_BYTES, Broken, unpacked

_SPOOL_BYTES = 16 * 2**20  # a zip larger than this lies in a nameless temporary file while it is read
_END_BYTES = 2**16 + 22 + 20 + 56  # the longest end of a zip: a remark, and what zip64 puts before it
_HEAD_BYTES = 30  # before a file in a zip, its name not counted
_INDEX_BYTES = 16 * 2**20  # some 100,000 files
_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf": "7z",
}
_ZIP_FAULTS = (  # all that zipfile and its unpackers raise on damaged files; their messages may name what is inside
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
_NAMED = {
    ".gz": "gzip",
    ".bz2": "bzip2",
    ".xz": "xz",
    ".zst": "zstd",
    ".zstd": "zstd",
    ".zip": "zip",
}
STREAMS = frozenset({"gzip", "bzip2", "xz", "zstd"})
_WHY = {
    "damaged": "It cannot be unpacked to its end.",
    "cut short": "Its end is missing.",
    "followed by something else": "What follows its end is not of its kind.",
}


def unpack(content: BinaryIO, source: Source, *, file_name: str) -> BinaryIO:
    """The delivery's text bytes: those of the one file inside, or the content itself. Never more than `max_bytes`.

    gzip and its like may have several members, one after the other. zip has one file, or one that fits `source.member`.
    Raises: DeliveryRefused, here or while reading, where what is packed cannot be had whole.
    """
    blocks = _blocks(content)
    first = next(blocks, b"")
    kind = _kind(first)
    _require_name_agrees(kind, file_name)
    blocks = _chained(first, blocks)
    if kind in STREAMS:
        blocks = _once(_unpacked(kind, blocks, file_name), file_name)
    elif kind == "zip":
        blocks = _once(_unzipped(blocks, source, file_name), file_name)
    stream = _Stream(_limited(blocks, source.max_bytes, file_name))
    return cast(BinaryIO, io.BufferedReader(stream, BLOCK_BYTES))


class _Stream(io.RawIOBase):
    """Blocks as a stream."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer)).cast("B")
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = block
        part = self._rest[: len(view)]
        view[: len(part)] = part
        self._rest = self._rest[len(part) :]
        return len(part)


def _blocks(content: BinaryIO) -> Iterator[bytes]:
    while block := content.read(BLOCK_BYTES):
        yield block


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _kind(first: bytes) -> str | None:
    return next((kind for magic, kind in _MAGIC.items() if first.startswith(magic)), None)


def _require_name_agrees(kind: str | None, file_name: str) -> None:
    named = _NAMED.get(PurePath(file_name).suffix.lower())
    if kind == named:
        return
    if named is not None:
        raise _refused(file_name, f"this is not {named}", "Its name says so, its first bytes do not.")
    if kind in _NAMED.values():
        raise _refused(
            file_name,
            f"this is a {kind} file under another name",
            f"Its first bytes are those of {kind}, as packed text and workbooks have them.",
        )
    raise _refused(file_name, f"this is a {kind} file", "Packed deliveries are read as gzip, bzip2, xz, zstd and zip.")


def _unpacked(kind: str, blocks: Iterator[bytes], file_name: str) -> Iterator[bytes]:
    try:
        yield from unpacked(kind, blocks)
    except Broken as broken:
        raise _refused(file_name, f"the {kind} file is {broken}", _WHY[str(broken)]) from None


def _unzipped(blocks: Iterator[bytes], source: Source, file_name: str) -> Iterator[bytes]:
    with tempfile.SpooledTemporaryFile(_SPOOL_BYTES) as spooled:
        _spool(blocks, cast(BinaryIO, spooled))
        _require_short_index(cast(BinaryIO, spooled), file_name)
        try:
            packed = zipfile.ZipFile(cast(BinaryIO, spooled))
            with packed, packed.open(_member(packed, source, file_name)) as member:
                yield from _blocks(cast(BinaryIO, member))
        except _ZIP_FAULTS:
            raise _refused(file_name, "the zip file is damaged", "It cannot be unpacked to its end.") from None


def _require_short_index(spooled: BinaryIO, file_name: str) -> None:
    """The list of a zip's files is held in memory: it may not be as long as the zip."""
    size = spooled.seek(0, io.SEEK_END)
    spooled.seek(max(0, size - _END_BYTES))
    tail = spooled.read()
    at = tail.rfind(b"PK\x05\x06")
    length = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    wide = tail.rfind(b"PK\x06\x06")  # zip64 says the same with more bytes
    if length == 0xFFFFFFFF and wide >= 0:
        length = int.from_bytes(tail[wide + 40 : wide + 48], "little")
    spooled.seek(0)
    if length > _INDEX_BYTES:
        raise _refused(file_name, "the zip file holds too many files", f"Its list of them has {length:,} bytes.")


def _spool(blocks: Iterator[bytes], spooled: BinaryIO) -> None:
    for block in blocks:
        try:
            spooled.write(block)
        except OSError as fault:
            raise StoreError(
                "the temporary folder cannot be written",
                why=f"The system says: {fault.strerror}. Nothing was stored.",
                mend="Make room there, then import the file again.",
            ) from fault


def _member(packed: zipfile.ZipFile, source: Source, file_name: str) -> zipfile.ZipInfo:
    _require_apart(packed, file_name)
    pattern = source.member or "*"
    found = [member for member in packed.infolist() if not member.is_dir() and fnmatchcase(member.filename, pattern)]
    if len(found) != 1:
        wanted = "one file" if source.member is None else "one file that fits source.member"
        raise _refused(
            file_name, f"the zip file does not hold exactly {wanted}", f"{len(found)} of its files come into question."
        )
    if found[0].flag_bits & 1:
        raise _refused(file_name, "the zip file is encrypted", "Passwords are not kept in contracts.")
    return found[0]


def _require_apart(packed: zipfile.ZipFile, file_name: str) -> None:
    """Files that lie over one another are how a small zip holds more than there is room for."""
    places = sorted((each.header_offset, each.compress_size, len(each.filename)) for each in packed.infolist())
    for (start, size, name), (following, _, _) in pairwise(places):
        if following < start + _HEAD_BYTES + name + size:
            raise _refused(file_name, "the zip file is made to deceive", "Files inside lie over one another.")


def _once(blocks: Iterator[bytes], file_name: str) -> Iterator[bytes]:
    """Refuse what is packed twice: the second packing would be read as text."""
    start = b""
    for block in blocks:
        start += block
        if len(start) >= 8:
            break
    kind = _kind(start)
    if kind is not None:
        raise _refused(file_name, "the file is packed twice", f"What is inside is itself a {kind} file.")
    if start == b"":
        raise _refused(file_name, "what is packed is empty", "It has no bytes at all.")
    yield start
    yield from blocks


def _limited(blocks: Iterator[bytes], max_bytes: int, file_name: str) -> Iterator[bytes]:
    done = 0
    for block in blocks:
        done += len(block)
        if done > max_bytes:
            raise _refused(
                file_name, "the file is too large", f"It has more than {max_bytes:,} bytes (source.maxBytes)."
            )
        yield block


def _refused(file_name: str, what: str, why: str) -> DeliveryRefused:
    return DeliveryRefused(
        what, where=file_name, why=why, mend="Ask for the file again, or mend its name or the contract's `source`."
    )
