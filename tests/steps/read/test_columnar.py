"""Parquet and Arrow files."""

from __future__ import annotations

import io
import random
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal

import polars as pl
import pytest

from ringback.errors import DeliveryRefused
from ringback.model.contract import Source
from ringback.steps.read import columnar

from .both import Told, read_both

Kind = Literal["parquet", "arrow"]
KINDS: tuple[Kind, ...] = ("parquet", "arrow")


def packed(frame: pl.DataFrame, kind: Kind, **told: Any) -> bytes:
    written = io.BytesIO()
    if kind == "parquet":
        frame.write_parquet(written, **told)
    else:
        frame.write_ipc(written, **told)
    return written.getvalue()


def read(frame: pl.DataFrame, kind: Kind) -> Told:
    return read_both(packed(frame, kind), Source(format=kind))


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_becomes_text_in_one_way(kind: Kind) -> None:
    moment = datetime(2024, 8, 9, 23, 58, 59, 500_000)  # noqa: DTZ001
    values: dict[str, tuple[Any, Any, str]] = {
        "integer": (pl.Int64(), -(2**63), "-9223372036854775808"),
        "unsigned": (pl.UInt64(), 2**64 - 1, "18446744073709551615"),
        "float": (pl.Float64(), 0.1, "0.1"),
        "nan": (pl.Float64(), float("nan"), "NaN"),
        "decimal": (pl.Decimal(10, 2), Decimal("1.10"), "1.10"),
        "boolean": (pl.Boolean(), True, "true"),
        "date": (pl.Date(), date(2024, 8, 9), "2024-08-09"),
        "time": (pl.Time(), time(23, 58, 59), "23:58:59"),
        "moment": (pl.Datetime("us"), moment, "2024-08-09T23:58:59.500"),
        "zoned": (pl.Datetime("us", "Europe/Berlin"), moment.replace(tzinfo=UTC), "2024-08-09T23:58:59.500+00:00"),
        "duration": (pl.Duration("us"), timedelta(hours=1), "PT1H"),
        "bytes": (pl.Binary(), b"\x00\xff", "00ff"),
        "text": (pl.String(), " Zoë ", " Zoë "),
        "category": (pl.Categorical(), "A", "A"),
        "list": (pl.List(pl.Int64()), [1, None], "[1,null]"),
    }
    columns = {name: pl.Series([value, None], dtype=kind_) for name, (kind_, value, _text) in values.items()}

    told = read(pl.DataFrame(columns), kind)

    assert told.rows == [{name: text for name, (_kind, _value, text) in values.items()}, dict.fromkeys(values, "")]
    assert told.lines == [1, 2]


@pytest.mark.parametrize("kind", KINDS)
def test_the_parts_of_a_struct_are_columns_by_their_path(kind: Kind) -> None:
    frame = pl.DataFrame({"no": [1, 2], "at": [{"city": "Paris", "geo": {"lat": 1.5}}, None]})

    told = read(frame, kind)

    assert told.rows == [
        {"no": "1", "at.city": "Paris", "at.geo.lat": "1.5"},
        {"no": "2", "at.city": "", "at.geo.lat": ""},
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_rows_that_no_database_keeps_are_rejected(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    told = read(pl.DataFrame({"no": ["1", "2", "3"], "name": ["Ada", "A\0", "a" * (17 * 2**20)]}), kind)

    assert told.lines == [1]
    assert told.codes == [(2, "row.nul"), (3, "row.too_long")]


@pytest.mark.parametrize("kind", KINDS)
def test_many_rows_come_in_pieces_in_their_order(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar, "_ROWS", 100)
    monkeypatch.setattr(columnar, "_CHUNK_BYTES", 500)

    told = read(pl.DataFrame({"no": range(1, 1001)}), kind)

    assert [row["no"] for row in told.rows] == [str(number) for number in range(1, 1001)]
    assert told.lines == list(range(1, 1001))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (lambda whole: b"no;name\n", "no"),
        (lambda whole: whole[:-20], "cut short"),
        (lambda whole: whole[:8], "cut short"),
    ],
)
def test_a_file_that_is_another_or_not_whole_is_refused(kind: Kind, damage: Any, word: str) -> None:
    whole = packed(pl.DataFrame({"no": ["1", "2"]}), kind)

    with pytest.raises(DeliveryRefused, match=word) as refused:
        read_both(damage(whole), Source(format=kind))

    assert refused.value.where == "clients"
    assert refused.value.mend


@pytest.mark.parametrize("kind", KINDS)
def test_damage_inside_is_refused_and_nothing_else_comes_of_it(kind: Kind) -> None:
    whole = packed(pl.DataFrame({"no": [str(number) for number in range(500)], "n": range(500)}), kind)
    chance = random.Random(5)
    for _ in range(40):
        damaged = bytearray(whole)
        damaged[chance.randrange(8, len(damaged) - 8)] ^= 1 << chance.randrange(8)

        with suppress(DeliveryRefused):
            read_both(bytes(damaged), Source(format=kind))


def test_a_file_that_unpacks_to_more_rows_than_memory_is_streamed() -> None:
    bomb = packed(pl.select(a=pl.repeat(1, 50_000_000, dtype=pl.Int8)), "parquet", row_group_size=50_000_000)
    assert len(bomb) < 100_000

    reading = columnar.ColumnarReading(io.BytesIO(bomb), Source(format="parquet"), file_name="clients.parquet")
    first = next(iter(reading.chunks()))

    assert first.rows.height <= 100_000
