"""Accidents are drawn by a seed and by nothing else; what is left of one is counted value by value."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from ringback.contracts.contract import parse
from ringback.model.contract import Contract
from ringback.model.training import HINTS
from ringback.steps.drill.accident import words
from ringback.steps.drill.judge import LATE, SOON, left, points
from ringback.steps.invent import CONTRACT_YAML

CONTRACT: Contract = parse(CONTRACT_YAML, name="feeds/clients.yaml").contract
SCHEMA = pl.Schema({name: CONTRACT.fields[name].dtype for name in CONTRACT.fields})


def test_a_table_that_is_as_before_or_as_it_truly_is_has_nothing_false() -> None:
    before = _table(("1", "Ann", "London"), ("2", "Bob", None))
    true = _table(("1", "Ann", "Leeds"), ("2", "Bob", None), ("3", "Eve", "York"))

    assert left(before, before=before, true=true, contract=CONTRACT).is_exact
    assert left(before, before=before, true=true, contract=CONTRACT).stale == 1
    assert left(true, before=before, true=true, contract=CONTRACT) == left(
        true, before=true, true=true, contract=CONTRACT
    )


def test_each_false_value_is_counted_and_those_of_new_clients_apart() -> None:
    before = _table(("1", "Ann", "London"), ("2", "Bob", "Bath"))
    true = _table(("1", "Ann", "London"), ("2", "Bob", "Bath"), ("3", "Eve", "York"))
    held = _table(("1", "Ann", None), ("2", "Bo", "London"), ("3", "Eve", "Bath"))

    found = left(held, before=before, true=true, contract=CONTRACT)

    assert (found.false, found.new, found.stale) == (4, 1, 0)
    assert not found.is_exact


def test_clients_who_are_gone_or_do_not_exist_are_counted() -> None:
    before = _table(("1", "Ann", "London"), ("2", "Bob", "Bath"))

    found = left(_table(("1", "Ann", "London"), ("0002", "Bob", "Bath")), before=before, true=before, contract=CONTRACT)

    assert (found.absent, found.strangers, found.false) == (1, 1, 0)
    assert not found.is_exact


def test_a_client_who_left_for_good_may_be_there_or_not() -> None:
    before, true = _table(("1", "Ann", "London"), ("2", "Bob", "Bath")), _table(("1", "Ann", "London"))

    assert left(true, before=before, true=true, contract=CONTRACT).is_exact
    assert left(before, before=before, true=true, contract=CONTRACT).is_exact


@pytest.mark.parametrize(
    ("told", "total"),
    [
        ({}, 100),
        ({"taken_back_seconds": SOON}, 100),
        ({"taken_back_seconds": (SOON + LATE) / 2}, 85 + 8),
        ({"taken_back_seconds": LATE + 1}, 85),
        ({"taken_back_seconds": None, "is_exact": False}, 50),
        ({"is_exact": False}, 50),
        ({"is_field": False}, 50),
        ({"is_misreading": False}, 75),
        ({"hints": 1}, 100 - HINTS[0]),
        ({"hints": 3}, 100 - sum(HINTS)),
        ({"is_field": False, "is_exact": False, "hints": 3}, 0),
    ],
)
def test_points_are_lost_for_what_is_wrong_late_or_hinted(told: dict[str, Any], total: int) -> None:
    usual = {"is_field": True, "is_misreading": True, "is_exact": True, "taken_back_seconds": 60.0, "hints": 0}

    assert points(**{**usual, **told}).total == total


def test_a_person_is_told_the_misreadings_that_the_fields_can_have() -> None:
    told = {word.code: word.fields for word in words(CONTRACT)}

    assert told["date.day_month"] == ("born_on", "client_since")
    assert told["phone.region"] == ("phone",)
    assert told["columns.exchanged"] == ()
    assert "datetime.zone" not in told
    assert not any(code.startswith(("delivery.", "file.", "key.", "rows.")) for code in told)


def _table(*rows: tuple[str, str, str | None]) -> pl.DataFrame:
    """Clients with a name and an address; the other fields are empty."""
    told = pl.DataFrame(rows, schema=["client_no", "first_name", "address"], orient="row")
    return pl.DataFrame(schema=SCHEMA).clear(told.height).with_columns(told[name] for name in told.columns)
