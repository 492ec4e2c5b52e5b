"""What a support desk is told about a change set."""

from __future__ import annotations

import time
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from ringback.contracts import parse
from ringback.model.contract import Contract
from ringback.model.rows import LINE
from ringback.steps.diagnose import FEWEST, NAMED_SHARE, diagnose
from ringback.steps.invent import CONTRACT_YAML, invent, next_night
from ringback.steps.plan import plan


@pytest.fixture(scope="module")
def contract() -> Contract:
    return parse(CONTRACT_YAML, name="clients.yaml").contract


@pytest.fixture(scope="module")
def clients() -> pl.DataFrame:
    return invent(5_000, seed=21)


def exchanged(name: str) -> pl.Expr:
    day = pl.col(name)
    real = day.dt.day() <= 12
    month = pl.when(real).then(day.dt.day()).otherwise(day.dt.month())
    turned = pl.date(day.dt.year(), month, pl.when(real).then(day.dt.month()).otherwise(day.dt.day()))
    return turned.alias(name)


def misread(clients: pl.DataFrame, *columns: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The records that change, before and after."""
    after = clients.with_columns(*columns)
    differs = clients.hash_rows() != after.hash_rows()
    return clients.filter(differs), after.filter(differs)


def test_the_night_of_10_august_is_told_in_one_sentence(contract: Contract, clients: pl.DataFrame) -> None:
    before, after = misread(clients, exchanged("born_on"))

    (told,) = diagnose(before, after, contract)

    count = before.height
    assert f"{told.explained_count} of these {told.changed_count} new dates are the old date with {told.sentence}." == (
        f"{count} of these {count} new dates are the old date with day and month exchanged."
    )
    assert (told.code, told.fields, told.record_count) == ("date.day_month", ("born_on",), count)


def test_a_change_set_as_planned_can_be_diagnosed(contract: Contract, clients: pl.DataFrame) -> None:
    delivered = clients.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(LINE), pl.col("balance") * -1)
    changes = plan(delivered.select(LINE, *contract.fields), clients, contract)

    (told,) = diagnose(changes.before, changes.after, contract)

    assert (told.code, told.fields, told.share_explained) == ("number.sign", ("balance",), 1.0)


def test_causes_come_in_the_order_of_the_records_concerned(contract: Contract, clients: pl.DataFrame) -> None:
    before, after = misread(
        clients, exchanged("born_on"), pl.col("balance") * 100, pl.col("postcode").str.strip_chars_start("0")
    )

    told = diagnose(before, after, contract)

    assert [one.code for one in told] == ["number.factor_100", "date.day_month", "text.leading_zeros"]
    assert [one.record_count for one in told] == sorted((one.record_count for one in told), reverse=True)


def test_one_wrong_encoding_in_three_fields_is_one_cause(contract: Contract, clients: pl.DataFrame) -> None:
    def garbled(text: str) -> str:
        return text.encode().decode("cp1252", errors="replace")

    names = ["first_name", "last_name", "address"]
    before, after = misread(clients, *(pl.col(name).map_elements(garbled, return_dtype=pl.String) for name in names))

    (told,) = diagnose(before, after, contract)

    assert (told.code, told.fields) == ("text.encoding", tuple(names))
    assert told.record_count == before.height < told.changed_count


def test_two_dates_with_day_and_month_exchanged_are_two_contract_lines(
    contract: Contract, clients: pl.DataFrame
) -> None:
    before, after = misread(clients, exchanged("born_on"), exchanged("client_since"))

    told = diagnose(before, after, contract)

    assert {one.fields for one in told} == {("born_on",), ("client_since",)}


def test_honest_changes_beside_it_lower_the_share_and_leave_the_name(contract: Contract, clients: pl.DataFrame) -> None:
    half = pl.int_range(pl.len()) % 2 == 0
    moved = pl.col("born_on") + pl.duration(days=pl.col("client_no").cast(pl.Int64) % 50 + 40)
    before, after = misread(clients, pl.when(half).then(exchanged("born_on")).otherwise(moved).alias("born_on"))

    (told,) = diagnose(before, after, contract)

    assert told.code == "date.day_month"
    assert 0.2 < told.share_explained < 0.35


def test_what_explains_less_than_the_threshold_is_not_named(contract: Contract, clients: pl.DataFrame) -> None:
    few = pl.int_range(pl.len()) % 20 == 0
    moved = pl.col("born_on") + pl.duration(days=pl.col("client_no").cast(pl.Int64) % 50 + 40)
    before, after = misread(clients, pl.when(few).then(exchanged("born_on")).otherwise(moved).alias("born_on"))

    assert NAMED_SHARE > 0.05
    assert diagnose(before, after, contract) == ()


def test_a_few_corrected_dates_are_not_called_a_misreading(contract: Contract, clients: pl.DataFrame) -> None:
    before, after = misread(clients.filter(pl.col("born_on").dt.day() == 5).head(FEWEST - 1), exchanged("born_on"))

    assert diagnose(before, after, contract) == ()


def test_of_two_that_explain_all_the_more_specific_is_the_cause(contract: Contract, clients: pl.DataFrame) -> None:
    codes = clients.filter(pl.col("postcode").str.contains(r"^0\d+$"))
    before, after = misread(codes, pl.col("postcode").str.slice(1))  # one zero lost; or read one place off

    (told,) = diagnose(before, after, contract)

    assert told.code == "text.leading_zeros"


def test_no_change_and_an_honest_night_are_told_nothing(contract: Contract, clients: pl.DataFrame) -> None:
    before, after = misread(clients, pl.col("born_on"))
    tonight = next_night(clients, seed=22, changed_share=0.2, joined=0, left=0)
    differs = clients.hash_rows() != tonight.hash_rows()

    assert before.is_empty()
    assert diagnose(before, after, contract) == ()
    assert diagnose(clients.filter(differs), tonight.filter(differs), contract) == ()


def test_a_large_change_set_is_counted_in_full(contract: Contract) -> None:
    many = invent(30_000, seed=23)
    before, after = misread(many, exchanged("born_on"), pl.col("last_name").str.to_uppercase())

    told = {one.code: one for one in diagnose(before, after, contract)}

    assert told["date.day_month"].changed_count == int((before["born_on"] != after["born_on"]).sum())
    assert told["date.day_month"].share_explained == 1.0
    assert told["text.case"].share_explained == 1.0


@pytest.mark.slow
def test_a_million_dates_are_diagnosed_in_about_a_second() -> None:
    dated = parse(
        "feed: f\nkey: [k]\ntarget: {table: t}\nfields:\n  k: {from: k, type: integer}\n"
        '  born_on: {from: b, type: date, format: "%d/%m/%Y"}\n',
        name="f.yaml",
    ).contract
    days = np.random.default_rng(1).integers(0, 28_000, 3_000_000).astype(np.int32)
    held = pl.DataFrame({"k": np.arange(len(days)), "born_on": days}).with_columns(
        pl.col("born_on").cast(pl.Date) - timedelta(days=14_600)
    )
    before, after = (half.head(1_000_000) for half in misread(held, exchanged("born_on")))
    started = time.perf_counter()

    (told,) = diagnose(before, after, dated)

    assert told.explained_count == 1_000_000
    assert time.perf_counter() - started < 5  # about a second on a machine of one's own
    assert before["born_on"].min() >= date(1930, 1, 1)
