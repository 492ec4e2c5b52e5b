"""Packed deliveries."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import zipfile
import zlib

import pytest
import zstandard

from ringback.errors import DeliveryRefused
from ringback.model.contract import Source
from ringback.steps.read.unpack import unpack

TEXT = b"no;name\n" + b"".join(b"%d;%d\n" % (number, number * 7919) for number in range(50_000))

SHORT = TEXT[:30_000]


def unpacked(content: bytes, name: str, source: Source | None = None) -> bytes:
    return unpack(io.BytesIO(content), source or Source(), file_name=name).read()


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_plain_text_passes_as_it_is() -> None:
    assert unpacked(TEXT, "clients.csv") == TEXT


def test_gzip_is_read_through_all_of_its_members_and_the_padding_of_tapes() -> None:
    members = gzip.compress(TEXT[:1000], mtime=0) + gzip.compress(b"", mtime=0) + gzip.compress(TEXT[1000:], mtime=0)

    assert unpacked(members, "clients.csv.gz") == TEXT
    assert unpacked(members + bytes(512), "CLIENTS.CSV.GZ") == TEXT


def _checked(text: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(text)


STREAMS = {"a.gz": gzip.compress, "a.bz2": bz2.compress, "a.xz": lzma.compress, "a.zst": _checked, "a.zstd": _checked}


@pytest.mark.parametrize("name", STREAMS)
def test_every_kind_of_packing_is_read_through_all_of_its_members(name: str) -> None:
    pack = STREAMS[name]

    assert unpacked(pack(TEXT), name) == TEXT
    assert unpacked(pack(TEXT[:1000]) + pack(b"") + pack(TEXT[1000:]), name) == TEXT


@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("missing", [1, 4, 20])
def test_every_kind_of_packing_that_is_cut_short_or_goes_on_as_text_is_refused(name: str, missing: int) -> None:
    packed = STREAMS[name](TEXT)

    for content in (packed[:-missing], packed + b"1;Otto\n"):
        with pytest.raises(DeliveryRefused):
            unpacked(content, name)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_the_one_file_of_a_zip_is_read(method: int) -> None:
    assert unpacked(zipped({"out/": b"", "out/clients.csv": TEXT}, method), "clients.zip") == TEXT


def test_a_zip_of_several_files_is_read_where_the_contract_names_one() -> None:
    packed = zipped({"clients_2024.csv": TEXT, "readme.txt": b"hello"})

    assert unpacked(packed, "clients.zip", Source(member="clients_*.csv")) == TEXT
    for source in (Source(), Source(member="*"), Source(member="nothing*")):
        with pytest.raises(DeliveryRefused, match="exactly one file"):
            unpacked(packed, "clients.zip", source)


def test_a_file_inside_a_zip_never_reaches_the_disk_by_its_name() -> None:
    assert unpacked(zipped({"../../etc/clients.csv": TEXT}), "clients.zip") == TEXT


@pytest.mark.parametrize(
    "packed", [gzip.compress(TEXT, mtime=0), gzip.compress(TEXT, mtime=0) + gzip.compress(b"x" * 50, mtime=0)]
)
@pytest.mark.parametrize("missing", [1, 8, 20, 40])
def test_gzip_that_is_cut_short_is_refused(packed: bytes, missing: int) -> None:
    with pytest.raises(DeliveryRefused, match="gzip"):
        unpacked(packed[:-missing], "clients.csv.gz")


def test_gzip_followed_by_something_else_is_refused() -> None:
    with pytest.raises(DeliveryRefused, match="follows its end"):
        unpacked(gzip.compress(TEXT, mtime=0) + b"1;Otto\n", "clients.csv.gz")


@pytest.mark.parametrize(
    ("name", "packed"),
    [(name, pack(SHORT)) for name, pack in STREAMS.items()]
    + [
        ("a.zip", zipped({"a": SHORT}, method))
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2)
    ],
)
def test_a_flipped_bit_never_gives_another_text(name: str, packed: bytes) -> None:
    chance = random.Random(10)
    for _ in range(100):
        damaged = bytearray(packed)
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)

        try:
            text = unpacked(bytes(damaged), name)
        except DeliveryRefused:
            continue

        assert text == SHORT


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.gz", gzip.compress),
        ("a.zip", lambda text: zipped({"a": text})),
        ("a.bz2", bz2.compress),
        ("a.xz", lzma.compress),
        ("a.zst", zstandard.compress),
    ],
)
def test_a_bomb_is_refused_at_the_limit(name: str, pack: object) -> None:
    bomb = pack(bytes(50_000_000))  # type: ignore[operator]
    stream = unpack(io.BytesIO(bomb), Source(maxBytes=1_000_000), file_name=name)

    with pytest.raises(DeliveryRefused, match=r"more than 1,000,000 bytes"):
        stream.read()


def test_plain_text_has_the_same_limit() -> None:
    assert unpacked(b"x" * 100, "a.csv", Source(maxBytes=100)) == b"x" * 100
    with pytest.raises(DeliveryRefused, match="too large"):
        unpacked(b"x" * 101, "a.csv", Source(maxBytes=100))


def _encrypted() -> bytes:
    packed = bytearray(zipped({"clients.csv": TEXT}))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


def _overlapping() -> bytes:
    """Two names in the list, both for the same bytes."""
    packed = zipped({"clients.csv": TEXT, "readme.csv": TEXT[:10]})
    second = packed.rindex(b"PK\x01\x02")
    return packed[: second + 42] + bytes(4) + packed[second + 46 :]


def _long_index() -> bytes:
    packed = bytearray(zipped({"clients.csv": TEXT}))
    at = packed.rindex(b"PK\x05\x06")
    packed[at + 12 : at + 16] = (2**30).to_bytes(4, "little")
    return bytes(packed)


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.csv.gz", gzip.compress(gzip.compress(TEXT, mtime=0), mtime=0), "packed twice"),
        ("a.zip", zipped({"b.zip": zipped({"a.csv": TEXT})}, zipfile.ZIP_STORED), "packed twice"),
        ("a.zip", _encrypted(), "encrypted"),
        ("a.zip", zipped({}), "exactly one file"),
        ("a.zip", zipped({"a.csv": b""}), "empty"),
        ("a.csv.gz", gzip.compress(b"", mtime=0), "empty"),
        ("a.zip", zipped({"a.csv": TEXT})[:-30], "damaged"),
        ("a.csv.gz", TEXT, "not gzip"),
        ("a.zip", gzip.compress(TEXT, mtime=0), "not zip"),
        ("a.csv", gzip.compress(TEXT, mtime=0), "under another name"),
        ("a.xlsx", zipped({"xl/workbook.xml": TEXT}), "under another name"),
        ("a.csv.bz2", b"BZh91AY", "cut short"),
        ("a.csv.zst", b"\x28\xb5\x2f\xfd", "cut short"),
        ("a.csv.xz", b"\xfd7zXZ\0", "cut short"),
        ("a.csv.zst", gzip.compress(TEXT, mtime=0), "not zstd"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "read as gzip"),
        ("a.csv.bz2", bz2.compress(bz2.compress(TEXT)), "packed twice"),
        ("a.zip", _overlapping(), "over one another"),
        ("a.zip", _long_index(), "too many files"),
        ("a.csv.gz", b"\x1f\x8b" + zlib.compress(TEXT), "damaged"),
    ],
)
def test_what_cannot_be_unpacked_is_refused_with_its_reason(name: str, content: bytes, word: str) -> None:
    with pytest.raises(DeliveryRefused) as refused:
        unpacked(content, name)

    assert word in str(refused.value)
    assert refused.value.where == name
    assert refused.value.mend
