"""The files, made while they are read: nothing of a gibibyte lies on a disk."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

import zstandard

from ringback.model.contract import Source

GIB = 2**30
MIB = 2**20
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


def _bomb(name: str, pack: Callable[[bytes], bytes], file_name: str) -> Case:
    return Case(name, lambda: io.BytesIO(pack(bytes(GIB))), {"maxBytes": LIMIT}, file_name)


def _zip(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _zstd_of_nothing(_content: bytes) -> bytes:
    """A frame of 1 GiB in blocks of one repeated byte: four bytes each."""
    block = (0x02 | (128 * 1024) << 3).to_bytes(3, "little") + b"a"
    last = (0x03 | (128 * 1024) << 3).to_bytes(3, "little") + b"a"
    return b"\x28\xb5\x2f\xfd\x00\x58" + block * 8191 + last


def _laughs() -> bytes:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE export [<!ENTITY l0 "lol">{lines}]><export><client>&l9;</client></export>'.encode()


XML = {"format": "xml", "record": "export/client"}
CASES = (
    Case("CSV, a line of 1 GiB", lambda: stream(b"a;b\n", b"x" * MIB, GIB, b"\n1;2\n"), {"delimiter": ";"}),
    Case("CSV, a quote that is never closed, 64 MiB", lambda: stream(b'a;b\n1;"', b"x;y\n" * 2**18, 64 * MIB), {"delimiter": ";"}),
    Case("CSV, 1 GiB of quotes", lambda: stream(b"a;b\n", b'"' * MIB, GIB), {"delimiter": ";"}),
    Case("CSV, 1 GiB of delimiters", lambda: stream(b"a;b\n", b";" * MIB, GIB), {"delimiter": ";"}),
    Case("CSV, a header of 10,000,000 columns", lambda: stream(b"", b"a;" * 2**19, 20 * MIB), {"delimiter": ";"}),
    Case("CSV, 1 GiB of NUL", lambda: stream(b"a;b\n", bytes(MIB), GIB), {"delimiter": ";"}),
    Case("CSV, 64 MiB of bytes that are no UTF-8", lambda: stream(b"a;b\n", b"\xff\xfe\n" * 2**18, 64 * MIB), {"delimiter": ";"}),
    Case("CSV, 10,000 columns of one name", lambda: io.BytesIO(b";".join([b"a"] * 10_000) + b"\n"), {"delimiter": ";"}),
    _bomb("gzip, 1 GiB of zeros", gzip.compress, "clients.csv.gz"),
    _bomb("bzip2, 1 GiB of zeros", bz2.compress, "clients.csv.bz2"),
    _bomb("xz, 1 GiB of zeros", lzma.compress, "clients.csv.xz"),
    _bomb("zstd, 1 GiB of zeros", zstandard.compress, "clients.csv.zst"),
    _bomb("zstd, 1 GiB in blocks of four bytes", _zstd_of_nothing, "clients.csv.zst"),
    _bomb("zip, 1 GiB of zeros", lambda content: _zip({"clients.csv": content}), "clients.zip"),
    Case("zip in a zip", lambda: io.BytesIO(_zip({"b.zip": _zip({"a.csv": b"a;b\n" * MIB})})), {}, "clients.zip"),
    Case("zip, 200,000 files", lambda: io.BytesIO(_zip({f"{n}.csv": b"" for n in range(200_000)})), {}, "clients.zip"),
    Case("zip, a path upwards", lambda: io.BytesIO(_zip({"../../etc/clients.csv": b"a;b\n1;2\n"})), {"delimiter": ";"}, "clients.zip"),
    Case("fixed, 1 GiB in one line", lambda: stream(b"", b"x" * MIB, GIB), {"format": "fixed", "offsets": "characters", "layout": [{"name": "a", "start": 1, "length": 5}]}),
    Case("JSON Lines, a line of 1 GiB", lambda: stream(b'{"a":"', b"x" * MIB, GIB, b'"}\n'), {"format": "jsonl"}),
    Case("JSON Lines, 100,000 lists inside one another", lambda: io.BytesIO(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"), {"format": "jsonl"}),
    Case("JSON Lines, every record 10,000 other names", lambda: io.BytesIO(b"".join(json.dumps({f"{row}.{n}": 1 for n in range(10_000)}).encode() + b"\n" for row in range(20))), {"format": "jsonl"}),
    Case("JSON, a text of 1 GiB", lambda: stream(b'[{"a":"', b"x" * MIB, GIB, b'"}]'), {"format": "json"}),
    Case("JSON, 1 GiB of [", lambda: stream(b"", b"[" * MIB, GIB), {"format": "json"}),
    Case("XML, a billion laughs", lambda: io.BytesIO(_laughs()), XML),
    Case("XML, a text of 1 GiB", lambda: stream(b"<export><client>", b"x" * MIB, GIB), XML),
    Case("XML, a name of 1 GiB", lambda: stream(b"<export><", b"x" * MIB, GIB), XML),
    Case("XML, elements inside one another, 1 GiB", lambda: stream(b"<export>", b"<a>" * (MIB // 3), GIB), XML),
    Case("XML, 1,000,000 attributes", lambda: io.BytesIO(b"<export><client " + b" ".join(b'a%d="1"' % n for n in range(1_000_000)) + b"/></export>"), XML),
    Case("vCard, a card of 1 GiB", lambda: stream(b"BEGIN:VCARD\n", b"NOTE:" + b"x" * 1018 + b"\n", GIB), {"format": "vcard"}),
    Case("LDIF, an entry of 1 GiB", lambda: stream(b"dn: a\n", b" " + b"x" * 1022 + b"\n", GIB), {"format": "ldif"}),
)  # fmt: skip
