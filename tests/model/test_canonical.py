"""A typed value has one text, and the text gives the same value back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringback.model.canonical import from_text, text_of, to_text
from ringback.model.field import Value

TEXT = pl.String()
MOMENT = pl.Datetime("us", "UTC")
MONEY = pl.Decimal(38, 2)

texts = st.text(st.characters(exclude_categories=["Cs"]))
columns = st.one_of(
    st.tuples(st.just(TEXT), st.lists(st.none() | texts)),
    st.tuples(st.just(pl.Int64()), st.lists(st.none() | st.integers(-(2**63), 2**63 - 1))),
    st.tuples(st.just(pl.Boolean()), st.lists(st.none() | st.booleans())),
    st.tuples(st.just(pl.Date()), st.lists(st.none() | st.dates())),
    st.tuples(st.just(pl.Time()), st.lists(st.none() | st.times())),
    st.tuples(st.just(MOMENT), st.lists(st.none() | st.datetimes(timezones=st.just(UTC)))),
)


@given(columns)
def test_every_value_comes_back_from_its_text(column: tuple[pl.DataType, list[Value | None]]) -> None:
    dtype, values = column
    typed = pl.DataFrame({"value": pl.Series(values, dtype=dtype)})

    text = typed.select(text=to_text(pl.col("value"), dtype))
    back = text.select(value=from_text(pl.col("text"), dtype))

    assert back.equals(typed)
    assert text["text"].to_list() == [text_of(value) for value in typed["value"]]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 10**38 - 1)), min_size=1))
def test_every_amount_comes_back_from_its_text_to_the_last_digit(amounts: list[tuple[bool, int]]) -> None:
    written = [f"{'-' if negative and cents else ''}{cents // 100}.{cents % 100:02}" for negative, cents in amounts]
    text = pl.DataFrame({"text": written})

    typed = text.select(value=from_text(pl.col("text"), MONEY))

    assert typed.select(text=to_text(pl.col("value"), MONEY)).equals(text)
    assert [text_of(value) for value in typed["value"]] == written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Zoë", "Zoë"),
        (-12, "-12"),
        (True, "true"),
        (Decimal("-0.00"), "0.00"),
        (Decimal("1E+3"), "1000"),
        (date(33, 4, 3), "0033-04-03"),
        (time(7), "07:00:00.000000"),
        (datetime(2024, 8, 10, 9, tzinfo=timezone(timedelta(hours=2))), "2024-08-10T07:00:00.000000Z"),
        (None, None),
    ],
)
def test_the_text_of_a_value_is_fixed(value: Value | None, text: str | None) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("dtype", "text"),
    [
        (pl.Int64(), "007"),
        (pl.Int64(), " 7"),
        (MONEY, "1.5"),
        (MONEY, "1.005"),
        (MONEY, "1e3"),
        (pl.Boolean(), "True"),
        (pl.Date(), "2024-1-5"),
        (pl.Date(), "2024-02-30"),
        (pl.Time(), "07:00"),
        (MOMENT, "2024-08-10 07:00:00.000000Z"),
        (MOMENT, "2024-08-10T07:00:00.0000001Z"),
    ],
)
def test_a_text_that_ringback_would_not_write_is_no_value(dtype: pl.DataType, text: str) -> None:
    column = pl.DataFrame({"text": [text]})

    back = column.select(value=from_text(pl.col("text"), dtype))

    assert back["value"].to_list() == [None]
