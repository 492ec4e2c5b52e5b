"""Digests of a reading: the same for the same records however they come, another where one value is another."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringback.model.reading import ReadingDigest
from ringback.model.rows import LINE, REJECT_SCHEMA, no_rejects
from ringback.steps.reading_digest import ReadingHash

_WIDE = Decimal("1267650600228229401496703205376.00")  # 2 to the 100th: beyond 64 bits
_DEEP = _WIDE.copy_negate()  # a minus would round it
_SCHEMA = {"name": pl.String(), "balance": pl.Decimal(38, 2)}
_NAMES = st.sampled_from(["Ann", "A", "nn", "", "Žofie", None])
_BALANCES = st.sampled_from([Decimal("0.00"), Decimal("-0.01"), _WIDE, _DEEP, None])
_ROWS = st.lists(st.tuples(_NAMES, _BALANCES), max_size=12)


def _records(rows: list[tuple[Any, ...]], schema: dict[str, pl.DataType] = _SCHEMA) -> pl.DataFrame:
    lines = pl.Series(LINE, range(2, 2 + len(rows)), dtype=pl.Int64)
    return pl.DataFrame(rows, schema=schema, orient="row").insert_column(0, lines)


def _digest(*frames: pl.DataFrame, rejects: pl.DataFrame | None = None) -> ReadingDigest:
    hashed = ReadingHash(frames[0].columns[1:])
    for frame in frames:
        hashed.take(frame, no_rejects())
    if rejects is not None:
        hashed.take(frames[0].clear(), rejects)
    return hashed.finish()


def _reject(line: int, code: str = "date.unreadable") -> pl.DataFrame:
    told = {"line": line, "fault": 1, "field": "name", "code": code, "raw": "x", "reason": "is no name", "row": "{}"}
    return pl.DataFrame([told], schema=REJECT_SCHEMA)


@settings(deadline=None)
@given(_ROWS, st.integers(0, 12))
def test_a_digest_does_not_know_how_rows_come_in_chunks(rows: list[tuple[Any, ...]], cut: int) -> None:
    records = _records(rows)

    assert _digest(records.head(cut), records.slice(cut)) == _digest(records)


@settings(deadline=None)
@given(_ROWS.filter(bool), st.data())
def test_one_other_value_is_another_digest_of_its_field_only(rows: list[tuple[Any, ...]], draw: st.DataObject) -> None:
    place = draw.draw(st.integers(0, len(rows) - 1))
    name = draw.draw(_NAMES.filter(lambda name: name != rows[place][0]))
    other = [*rows[:place], (name, rows[place][1]), *rows[place + 1 :]]

    assert _digest(_records(rows)).differing(_digest(_records(other))) == ("name",)


@pytest.mark.parametrize(
    ("one", "other"),
    [(["ab", "c"], ["a", "bc"]), (["", None], [None, ""]), (["a", ""], ["", "a"]), (["a", "b"], ["b", "a"])],
)
def test_letters_that_move_from_client_to_client_are_seen(one: list[str | None], other: list[str | None]) -> None:
    schema: dict[str, pl.DataType] = {"name": pl.String()}

    digests = [_digest(_records([(name,) for name in names], schema)) for names in (one, other)]

    assert digests[0].differing(digests[1]) == ("name",)


@pytest.mark.parametrize(
    ("dtype", "none", "zero"),
    [
        (pl.Int64(), None, 0),
        (pl.Boolean(), None, False),
        (pl.Date(), None, date(1970, 1, 1)),
        (pl.Time(), None, time(0)),
        (pl.Datetime("us", "UTC"), None, datetime(1970, 1, 1)),  # noqa: DTZ001 - the column says UTC
        (pl.Decimal(38, 2), None, Decimal("0.00")),
    ],
)
def test_no_value_is_not_the_first_value_of_its_type(dtype: pl.DataType, none: None, zero: object) -> None:
    one, other = (_digest(pl.DataFrame({LINE: [2], "value": pl.Series([value]).cast(dtype)})) for value in (none, zero))

    assert one.differing(other) == ("value",)


def test_a_digest_is_the_same_whatever_version_of_a_library_made_it() -> None:
    """Written down from the definition; if this fails, what is stored in databases can no longer be compared."""
    digest = _digest(_records([("Ann", Decimal("12.50")), (None, _DEEP)]), rejects=_reject(4))

    assert digest.lines == "d5a3ceb0469670d77aad0a791c585f3d"
    assert dict(digest.fields) == {
        "name": "7e42f63b63b91d86fdaf63f9ac1783b7",
        "balance": "8f630e41049c4c70e6014aa6829c15eb",
    }
    assert (digest.record_count, digest.fault_count, digest.rejects) == (2, 1, "df34c9e465a9d513c891dd96c408ba5e")


def test_other_rows_and_other_reasons_are_seen_and_their_wording_is_not() -> None:
    records = _records([("Ann", None), ("Bob", None)])
    whole = _digest(records, rejects=_reject(4))
    reworded = _reject(4).with_columns(pl.lit("is not a name").alias("reason"))

    assert whole.differing(_digest(records.head(1), rejects=_reject(4))) == ("rows",)
    assert whole.differing(_digest(records, rejects=_reject(5))) == ("rejects",)
    assert whole.differing(_digest(records, rejects=_reject(4, "name.strange"))) == ("rejects",)
    assert whole.differing(_digest(records)) == ("rejects",)
    assert whole.differing(_digest(records, rejects=reworded)) == ()


def test_a_digest_comes_back_from_the_text_that_keeps_it() -> None:
    digest = _digest(_records([("Ann", None)]))

    assert ReadingDigest.from_json(digest.to_json()) == digest
