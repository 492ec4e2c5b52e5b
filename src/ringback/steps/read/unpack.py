"""Packed deliveries, read without ever being written out under a name of their own.

What a file is, its first bytes say: 1f 8b is gzip, PK is zip. No text starts so. The name has to say the same (.gz,
.zip): a name that says otherwise makes the file doubtful, and it is refused.
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
from pathlib import PurePath
from typing import BinaryIO, cast

from ringback.errors import DeliveryRefused, StoreError
from ringback.model.contract import Source

BLOCK_BYTES = 2**20
_SPOOL_BYTES = 16 * 2**20  # a zip larger than this lies in a nameless temporary file while it is read
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
_NAMED = {".gz": "gzip", ".zip": "zip"}


def unpack(content: BinaryIO, source: Source, *, file_name: str) -> BinaryIO:
    """The delivery's text bytes: those of the one file inside, or the content itself. Never more than `max_bytes`.

    gzip may have several members, one after the other. zip has one file, or one that fits `source.member`.
    Raises: DeliveryRefused, here or while reading, where what is packed cannot be had whole.
    """
    blocks = _blocks(content)
    first = next(blocks, b"")
    kind = _kind(first)
    _require_name_agrees(kind, file_name)
    blocks = _chained(first, blocks)
    if kind == "gzip":
        blocks = _once(_gunzipped(blocks, file_name), file_name)
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
    raise _refused(file_name, f"this is a {kind} file", "Packed deliveries are read as gzip and zip.")


def _gunzipped(blocks: Iterator[bytes], file_name: str) -> Iterator[bytes]:
    member = zlib.decompressobj(wbits=31)
    try:
        for block in blocks:
            while block:
                if member.eof:
                    block = _next_member(block, file_name)
                    member = zlib.decompressobj(wbits=31) if block else member
                    continue
                yield member.decompress(block, BLOCK_BYTES)
                block = member.unused_data if member.eof else member.unconsumed_tail
    except zlib.error:
        raise _refused(file_name, "the gzip file is damaged", "It cannot be unpacked to its end.") from None
    if not member.eof:
        raise _refused(file_name, "the gzip file is cut short", "Its end is missing.")


def _next_member(rest: bytes, file_name: str) -> bytes:
    rest = rest.lstrip(b"\0")  # tapes fill their last block with zeros
    if rest and not b"\x1f\x8b".startswith(rest[:2]):
        raise _refused(file_name, "the gzip file is damaged", "Something that is not gzip follows its end.")
    return rest


def _unzipped(blocks: Iterator[bytes], source: Source, file_name: str) -> Iterator[bytes]:
    with tempfile.SpooledTemporaryFile(_SPOOL_BYTES) as spooled:
        _spool(blocks, cast(BinaryIO, spooled))
        try:
            packed = zipfile.ZipFile(cast(BinaryIO, spooled))
            with packed, packed.open(_member(packed, source, file_name)) as member:
                yield from _blocks(cast(BinaryIO, member))
        except _ZIP_FAULTS:
            raise _refused(file_name, "the zip file is damaged", "It cannot be unpacked to its end.") from None


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
