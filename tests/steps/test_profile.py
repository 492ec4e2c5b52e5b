"""A profile tells what a delivery is like, whether it was made of the whole or of its chunks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringback.model.baseline import Churn, Measures
from ringback.model.contract import Contract
from ringback.model.profile import KEPT_HASHES, SAMPLE_ROWS, Profile
from ringback.model.rows import LINE, REJECT_SCHEMA
from ringback.steps.interpret import FIELD_TYPES
from ringback.steps.measure import Counts, measure, shape
from ringback.steps.profile import profile

FIELDS: dict[str, dict[str, Any]] = {
    "client_no": {"type": "string"},
    "name": {"type": "string"},
    "balance": {"type": "decimal", "scale": 2},
    "visits": {"type": "integer"},
    "born_on": {"type": "date", "format": "%d/%m/%Y"},
    "status": {"type": "code", "codes": {"A": "active", "C": "closed"}},
}
CONTRACT = Contract(
    feed="clients",
    key=("client_no",),
    target={"table": "clients"},
    fields={name: FIELD_TYPES[told["type"]](**told, **{"from": name}) for name, told in FIELDS.items()},
)
SCHEMA = pl.Schema({LINE: pl.Int64(), **{name: spec.dtype for name, spec in CONTRACT.fields.items()}})

rows = st.fixed_dictionaries(
    {
        "client_no": st.text("0123456789", min_size=1, max_size=3),
        "name": st.none() | st.sampled_from(["Zoë", "Łukasz Ó", "O'Neill", "李", "smith"]),
        "balance": st.none() | st.decimals(-(10**12), 10**12, places=2),
        "visits": st.none() | st.integers(-(2**62), 2**62),
        "born_on": st.none() | st.dates(date(1900, 1, 1), date(2030, 1, 1)),
        "status": st.none() | st.sampled_from(["active", "closed"]),
    }
)


def records(told: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame([{LINE: 2 + place, **row} for place, row in enumerate(told)], schema=SCHEMA, orient="row")


def measured(found: Profile) -> Measures:
    return measure(found, {}, Counts(rows=found.row_count, held=0, kept=0, added=0, missing=0), CONTRACT)


def many(count: int) -> pl.DataFrame:
    place = pl.int_range(count)
    return pl.select(
        (place + 2).alias(LINE),
        place.cast(pl.String).str.zfill(8).alias("client_no"),
        pl.when(place % 4 > 0).then(pl.format("Ann {}", place % 700)).alias("name"),
        (place % 1000).cast(pl.Decimal(38, 2)).alias("balance"),
        pl.lit(2**61, dtype=pl.Int64).alias("visits"),
        pl.lit(date(1980, 4, 3)).alias("born_on"),
        pl.when(place % 10 > 0).then(pl.lit("active")).otherwise(pl.lit("closed")).alias("status"),
    ).match_to_schema(SCHEMA)


def assert_same(one: Profile, other: Profile) -> None:
    assert one.row_count == other.row_count
    assert one.sample.equals(other.sample)
    for name in CONTRACT.fields:
        assert one.fields[name].hashes.tolist() == other.fields[name].hashes.tolist(), name
        assert one.fields[name].missing_count == other.fields[name].missing_count
        assert one.fields[name].total == other.fields[name].total


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, max_size=30), st.lists(st.integers(0, 30), max_size=4))
def test_profiles_of_chunks_add_up_to_the_profile_of_the_whole(told: list[dict[str, Any]], cuts: list[int]) -> None:
    whole = records(told)
    edges = sorted({0, *(cut for cut in cuts if cut < len(told)), len(told)})

    chunks = [profile(whole[start:stop], CONTRACT) for start, stop in pairwise(edges)]
    added = sum(chunks, profile(whole.clear(), CONTRACT))

    assert_same(added, profile(whole, CONTRACT))


def test_chunks_beyond_the_sample_and_the_kept_hashes_add_up_too() -> None:
    whole = many(30_000)

    first, second, third = (profile(whole.slice(start, 10_000), CONTRACT) for start in (0, 10_000, 20_000))

    assert_same(first + (second + third), profile(whole, CONTRACT))
    assert_same((first + second) + third, profile(whole, CONTRACT))
    assert (first + second + third).sample.height == SAMPLE_ROWS


def test_totals_are_exact_where_64_bits_are_too_few() -> None:
    found = profile(many(1_000), CONTRACT)

    assert found.fields["visits"].total == Decimal(1_000 * 2**61)
    assert found.fields["balance"].total == Decimal("499500.00")
    assert found.fields["name"].total is None


@pytest.mark.parametrize(("count", "within"), [(900, 0.0), (200_000, 0.1)])
def test_different_values_are_counted_exactly_while_few_and_nearly_when_many(count: int, within: float) -> None:
    found = profile(many(count), CONTRACT)

    assert found.fields["client_no"].distinct_count == pytest.approx(count, rel=within or 1e-12)
    assert len(found.fields["client_no"].hashes) == min(count, KEPT_HASHES)
    assert found.fields["born_on"].distinct_count == 1


def test_rows_that_could_not_be_read_count_for_their_field_once() -> None:
    rejects = pl.DataFrame(
        [(2, 1, "born_on"), (2, 2, "born_on"), (3, 1, "born_on"), (3, 2, "name"), (4, 1, None)],
        schema={"line": pl.Int64, "fault": pl.Int32, "field": pl.String},
        orient="row",
    )
    whole = pl.concat([pl.DataFrame(schema=REJECT_SCHEMA), rejects], how="diagonal").select(REJECT_SCHEMA.names())

    found = profile(many(98), CONTRACT, rejects=whole)

    assert {name: field.unreadable_count for name, field in found.fields.items() if field.unreadable_count} == {
        "born_on": 2,
        "name": 1,
    }
    assert measured(found).fields["born_on"].unreadable_share == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("020 7946 0018", "9 9 9"),
        ("McDonald", "AaAa"),
        ("José-María", "Aa-Aa"),
        ("josé", "a"),
        ("SW1A 1AA", "A9A 9A"),
        ("3,141.50", "9,9.9"),
        ("李小龙", "a"),
        ("", ""),
    ],
)
def test_a_shape_tells_digits_capitals_and_letters(text: str, expected: str) -> None:
    assert pl.DataFrame({"text": [text]}).select(shape(pl.col("text"))).item() == expected


def test_measures_tell_what_a_field_is_like() -> None:
    found = measured(profile(many(1_000), CONTRACT)).fields

    assert found["name"].missing_share == pytest.approx(0.25)
    assert found["name"].shapes == {"Aa 9": 1.0}
    assert found["balance"].quantiles == pytest.approx((50, 250, 500, 749, 949), abs=1)
    assert found["balance"].mean == pytest.approx(499.5)
    assert found["born_on"].quantiles == (3745.0,) * 5  # days since 1970
    assert found["status"].codes == pytest.approx({"active": 0.9, "closed": 0.1})


def test_nothing_in_measures_tells_of_one_client() -> None:
    told = [{**dict.fromkeys(FIELDS), "client_no": str(place), "name": "Ann"} for place in range(200)]
    told[7]["name"] = "Zacharias Unique"
    told[7]["status"] = "closed"

    text = measured(profile(records(told), CONTRACT)).to_json()

    assert "Zacharias" not in text
    assert "closed" not in text
    assert "Ann" not in text  # frequent, and by its digest only: it may be a name


def test_measures_come_back_from_json_as_they_were() -> None:
    churn = Churn(replaced=3, far=1, respelled=2, blanked=1, filled=4, filled_by={"ab": 3})
    found = measure(
        profile(many(100), CONTRACT),
        {"name": churn},
        Counts(rows=101, held=90, kept=88, added=12, missing=2, duplicate=1, size_bytes=4_000),
        CONTRACT,
    )

    assert Measures.from_json(found.to_json()) == found
    assert found.fields["name"].changed == 10
    assert found.fields["name"].filled_alike == 3
