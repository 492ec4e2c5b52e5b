"""The files, made while they are read: nothing of a gibibyte lies on a disk."""

from __future__ import annotations

import bz2
import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol, cast

import zstandard

GIB = 2**30
MIB = 2**20
ROWS = b"1;2\n" * (MIB // 4)
LIMIT = 64 * MIB  # source.maxBytes of the bombs


class Made(io.RawIOBase):
    """A stream of blocks."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._rest = blocks, b""

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


def stream(head: bytes, block: bytes, size: int, tail: bytes = b"") -> BinaryIO:
    """`size` bytes between head and tail."""

    def blocks() -> Iterator[bytes]:
        yield head
        for _ in range(size // len(block)):
            yield block
        yield tail

    return cast(BinaryIO, io.BufferedReader(Made(blocks()), MIB))


@dataclass(frozen=True)
class Case:
    """A file, and the contract's `source` for it."""

    name: str
    content: Callable[[], BinaryIO]
    source: dict[str, Any] = field(default_factory=dict)
    file_name: str = "clients.csv"


class Packer(Protocol):
    """Packs block by block."""

    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


def _bomb(name: str, packer: Callable[[], Packer], file_name: str, *, size: int = GIB) -> Case:
    """Many rows, packed a piece at a time: making it must not be what takes the memory."""

    def packed() -> bytes:
        pack = packer()
        return b"".join([*(pack.compress(ROWS) for _ in range(size // MIB)), pack.flush()])

    return Case(name, lambda: io.BytesIO(packed()), {"maxBytes": LIMIT}, file_name)


def _long(name: str, head: bytes, block: bytes, size: int, tail: bytes = b"", **source: Any) -> Case:
    """A file with `size` bytes of one block again and again."""
    return Case(name, lambda: stream(head, block, size, tail), source)


def _whole(name: str, make: Callable[[], bytes], file_name: str = "clients.csv", **source: Any) -> Case:
    """A file that is made at once."""
    return Case(name, lambda: io.BytesIO(make()), source, file_name)


def _zip(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _zip_of_zeros() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("clients.csv", "w") as member:
        for _ in range(GIB // MIB):
            member.write(ROWS)
    return packed.getvalue()


def _zstd_of_nothing() -> bytes:
    """A frame of 1 GiB in blocks of one repeated byte: four bytes each."""
    block = (0x02 | (128 * 1024) << 3).to_bytes(3, "little") + b"a"
    last = (0x03 | (128 * 1024) << 3).to_bytes(3, "little") + b"a"
    return b"\x28\xb5\x2f\xfd\x00\x58" + block * 8191 + last


def _laughs() -> bytes:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE export [<!ENTITY l0 "lol">{lines}]><export><client>&l9;</client></export>'.encode()


def _other_names() -> bytes:
    records = ({f"{row}.{number}": 1 for number in range(10_000)} for row in range(20))
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def _attributes() -> bytes:
    return b"<export><client " + b" ".join(b'a%d="1"' % number for number in range(1_000_000)) + b"/></export>"


X, LISTS = b"x" * MIB, 100_000
CSV: dict[str, Any] = {"delimiter": ";"}
XML: dict[str, Any] = {"format": "xml", "record": "export/client"}
FIXED: dict[str, Any] = {
    "format": "fixed",
    "offsets": "characters",
    "layout": [{"name": "a", "start": 1, "length": 5}],
}
CASES = (
    _long("CSV, a line of 1 GiB", b"a;b\n", X, GIB, b"\n1;2\n", **CSV),
    _long("CSV, a quote that is never closed, 64 MiB", b'a;b\n1;"', b"x;y\n" * 2**18, 64 * MIB, **CSV),
    _long("CSV, 1 GiB of quotes", b"a;b\n", b'"' * MIB, GIB, **CSV),
    _long("CSV, 1 GiB of delimiters", b"a;b\n", b";" * MIB, GIB, **CSV),
    _long("CSV, a header of 10,000,000 columns", b"", b"a;" * 2**19, 20 * MIB, **CSV),
    _long("CSV, 1 GiB of NUL", b"a;b\n", bytes(MIB), GIB, **CSV),
    _long("CSV, 64 MiB of bytes that are no UTF-8", b"a;b\n", b"\xff\xfe\n" * 2**18, 64 * MIB, **CSV),
    _whole("CSV, 10,000 columns of one name", lambda: b";".join([b"a"] * 10_000) + b"\n", **CSV),
    _bomb("gzip, 1 GiB of rows, maxBytes 64 MiB", lambda: zlib.compressobj(wbits=31), "clients.csv.gz"),
    _bomb("bzip2, 128 MiB of rows, maxBytes 64 MiB", bz2.BZ2Compressor, "clients.csv.bz2", size=128 * MIB),
    _bomb("xz, 1 GiB of rows, maxBytes 64 MiB", lzma.LZMACompressor, "clients.csv.xz"),
    _bomb("zstd, 1 GiB of rows, maxBytes 64 MiB", lambda: zstandard.ZstdCompressor().compressobj(), "clients.csv.zst"),
    _whole("zstd, 1 GiB of one letter in blocks of four bytes", _zstd_of_nothing, "clients.csv.zst", maxBytes=LIMIT),
    _whole("zip, 1 GiB of rows, maxBytes 64 MiB", _zip_of_zeros, "clients.zip", maxBytes=LIMIT),
    _whole("zip in a zip", lambda: _zip({"b.zip": _zip({"a.csv": b"a;b\n" * MIB})}), "clients.zip"),
    _whole("zip, 200,000 files", lambda: _zip({f"{number}.csv": b"" for number in range(200_000)}), "clients.zip"),
    _whole("zip, a path upwards", lambda: _zip({"../../etc/clients.csv": b"a;b\n1;2\n"}), "clients.zip", **CSV),
    _long("fixed, 1 GiB in one line", b"", X, GIB, **FIXED),
    _long("JSON Lines, a line of 1 GiB", b'{"a":"', X, GIB, b'"}\n', format="jsonl"),
    _whole(
        "JSON Lines, 100,000 lists inside one another",
        lambda: b'{"a":' + b"[" * LISTS + b"]" * LISTS + b"}\n",
        format="jsonl",
    ),
    _whole("JSON Lines, every record 10,000 other names", _other_names, format="jsonl"),
    _long("JSON, a text of 1 GiB", b'[{"a":"', X, GIB, b'"}]', format="json"),
    _long("JSON, 1 GiB of [", b"", b"[" * MIB, GIB, format="json"),
    _whole("XML, a billion laughs", _laughs, **XML),
    _long("XML, a text of 1 GiB", b"<export><client>", X, GIB, **XML),
    _long("XML, a name of 1 GiB", b"<export><", X, GIB, **XML),
    _long("XML, elements inside one another, 1 GiB", b"<export>", b"<a>" * (MIB // 3), GIB, **XML),
    _whole("XML, 1,000,000 attributes", _attributes, **XML),
    _long("vCard, a card of 1 GiB", b"BEGIN:VCARD\n", b"NOTE:" + b"x" * 1018 + b"\n", GIB, format="vcard"),
    _long("LDIF, an entry of 1 GiB", b"dn: a\n", b" " + b"x" * 1022 + b"\n", GIB, format="ldif"),
)
