"""The bytes of a sample that a draft looks at: all of a small file; the start, middle and end of a large one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ringback.errors import DeliveryRefused
from ringback.model.contract import Source
from ringback.steps.read.unpack import unpack

_PACKED = (
    b"\x1f\x8b",
    b"PK",
    b"BZh",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
)  # only the start of what is inside is looked at
PIECE_BYTES = 4 * 2**20  # each of the three pieces of a large file


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleBytes:
    """What was looked at: `pieces` start and end at line ends (of single-byte encodings and UTF-8)."""

    path: Path
    size_bytes: int
    pieces: tuple[bytes, ...]

    @property
    def head(self) -> bytes:
        """The start of the file."""
        return self.pieces[0]

    @property
    def joined(self) -> bytes:
        """All pieces in order."""
        return b"".join(self.pieces)


def look_at(path: Path, *, piece_bytes: int = PIECE_BYTES, empty_too: bool = False) -> SampleBytes:
    """Read the pieces of one sample, each of `piece_bytes` at most.

    Raises: DeliveryRefused, when it is no file, or an empty one that may not be.
    """
    try:
        size = path.stat().st_size if path.is_file() else -1
        pieces = _pieces(path, size, piece_bytes) if size > 0 else ()
    except OSError as error:
        raise DeliveryRefused("cannot be read", where=path.name, why=error.strerror or "") from error
    if size < 0:
        raise DeliveryRefused("is no file", where=path.name, mend="Give the path of a file as the supplier sends it.")
    if not pieces and not empty_too:
        raise DeliveryRefused("is empty", where=path.name, mend="Give a sample with at least a header and one record.")
    return SampleBytes(path=path, size_bytes=size, pieces=pieces)


def _pieces(path: Path, size: int, piece_bytes: int) -> tuple[bytes, ...]:
    with path.open("rb") as content:
        if content.read(6).startswith(_PACKED):
            content.seek(0)
            return (unpack(content, Source(), file_name=path.name).read(3 * piece_bytes),)
        content.seek(0)
        if size <= 3 * piece_bytes:
            return (content.read(),)
        head = content.read(piece_bytes)
        content.seek(size // 2)
        middle = content.read(piece_bytes)
        content.seek(size - piece_bytes)
        tail = content.read()
    return (_to_line_end(head), _to_line_end(_from_line_start(middle)), _from_line_start(tail))


def _to_line_end(piece: bytes) -> bytes:
    return piece[: piece.rfind(b"\n") + 1] or piece


def _from_line_start(piece: bytes) -> bytes:
    return piece[piece.find(b"\n") + 1 :]
