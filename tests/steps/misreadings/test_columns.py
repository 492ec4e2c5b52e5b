"""Values that stand in another field of the same record."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from ringback.contracts import parse
from ringback.model.contract import Contract
from ringback.steps.diagnose import diagnose
from ringback.steps.invent import invent
from ringback.steps.misreadings import FEED_MISREADINGS, FeedMisreading

_TEXTS = """feed: clients
key: [client_no]
target: {table: clients}
fields:
  client_no: {from: Client No, type: string}
  first_name: {from: First Name, type: string}
  last_name: {from: Last Name, type: string}
  email: {from: E-mail, type: string}
  address: {from: Address, type: string}
  postcode: {from: Postcode, type: string}
  born_on: {from: Date of Birth, type: date, format: "%Y-%m-%d"}
  client_since: {from: Client Since, type: date, format: "%Y-%m-%d"}
"""


def entry(code: str) -> FeedMisreading:
    return next(each for each in FEED_MISREADINGS if each.code == code)


@pytest.fixture(scope="module")
def contract() -> Contract:
    return parse(_TEXTS, name="clients.yaml").contract


@pytest.fixture(scope="module")
def clients(contract: Contract) -> pl.DataFrame:
    return invent(500, seed=3).select(list(contract.fields))


def test_first_and_last_name_exchanged_are_told_by_their_names(contract: Contract, clients: pl.DataFrame) -> None:
    exchanged = clients.with_columns(first_name="last_name", last_name="first_name")

    (told,) = diagnose(clients, exchanged, contract)

    assert (told.code, told.sentence) == ("columns.exchanged", "first_name and last_name exchanged")
    assert told.fields == ("first_name", "last_name")
    assert told.share_explained == 1.0


def test_two_pairs_of_columns_exchanged_are_two_causes(contract: Contract, clients: pl.DataFrame) -> None:
    exchanged = clients.with_columns(
        first_name="last_name", last_name="first_name", born_on="client_since", client_since="born_on"
    )

    told = diagnose(clients, exchanged, contract)

    assert {one.fields for one in told} == {("first_name", "last_name"), ("born_on", "client_since")}


def test_a_record_counts_as_exchanged_only_where_both_values_crossed(contract: Contract, clients: pl.DataFrame) -> None:
    before = clients.head(3)
    names = before["first_name"].to_list(), before["last_name"].to_list()
    crossed = [names[1][0], "Zoë", names[0][2]], [names[0][0], names[0][1], names[1][2]]
    after = before.with_columns(
        pl.Series("first_name", crossed[0]), pl.Series("last_name", crossed[1]), born_on=pl.lit(date(1980, 4, 3))
    )

    (masks,) = entry("columns.exchanged").explains_records(before, after, contract)

    assert masks["first_name"].to_list() == [True, False, False]  # the third record is as it was
    assert set(masks) == {"first_name", "last_name"}


@pytest.mark.parametrize("step", [1, -1])
def test_columns_moved_by_one_are_told_as_one_cause(contract: Contract, clients: pl.DataFrame, step: int) -> None:
    names = ["first_name", "last_name", "email", "address", "postcode"]
    pushed_out = names[0] if step == 1 else names[-1]
    moved = clients.with_columns(
        pl.col(names[(place - step) % len(names)]).alias(name) for place, name in enumerate(names)
    ).with_columns(pl.lit(None, dtype=pl.String).alias(pushed_out))

    told = {one.code: one.fields for one in diagnose(clients, moved, contract)}

    assert told == {
        "columns.shifted": tuple(name for name in names if name != pushed_out),
        "missing.left_out": (pushed_out,),
    }


def test_columns_in_another_order_are_told_as_one_cause(contract: Contract, clients: pl.DataFrame) -> None:
    names = ["first_name", "last_name", "email", "address", "postcode"]
    order = ["email", "postcode", "last_name", "first_name", "address"]
    moved = clients.with_columns(pl.col(source).alias(name) for name, source in zip(names, order, strict=True))

    (told,) = diagnose(clients, moved, contract)

    assert (told.code, set(told.fields)) == ("columns.reordered", set(names))


def test_a_new_name_and_a_new_address_are_no_moved_columns(contract: Contract, clients: pl.DataFrame) -> None:
    others = invent(500, seed=4)
    married = clients.with_columns(others["last_name"], others["address"], others["postcode"])

    assert diagnose(clients, married, contract) == ()
