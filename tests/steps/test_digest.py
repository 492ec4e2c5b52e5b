"""Digests: equal where the records are, whatever their order and frames; different where a value is."""

from __future__ import annotations

import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ringback.steps.digest import Digest, digest, fold

from .records import CLIENTS, Clients, contract, held

OF = contract()
COLUMNS = list(OF.fields)


@settings(deadline=None)
@given(CLIENTS, st.integers(0, 12), st.randoms(use_true_random=False))
def test_a_digest_does_not_know_of_order_or_frames(clients: Clients, cut: int, chance: object) -> None:
    records = held(clients, OF)
    shuffled = records.sample(fraction=1, shuffle=True, seed=1)

    parts = digest(shuffled.head(cut), OF.key, COLUMNS) + digest(shuffled.slice(cut), OF.key, COLUMNS)

    assert not parts.differing(digest(records, OF.key, COLUMNS))
    assert parts.row_count == len(clients)


@settings(deadline=None)
@given(CLIENTS)
def test_one_other_value_is_another_digest_of_its_field_only(clients: Clients) -> None:
    assume(clients)
    records = held(clients, OF)
    other = records.with_columns(
        pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("somebody else")).otherwise("name").alias("name")
    )

    assert digest(records, OF.key, COLUMNS).differing(digest(other, OF.key, COLUMNS)) == ("name",)


def test_values_that_two_clients_exchange_are_seen() -> None:
    names = [("Ann", None, None), ("Bob", None, None)]
    one, other = ({(1, "1"): (names[a], False), (1, "2"): (names[1 - a], False)} for a in (0, 1))

    told = digest(held(one, OF), OF.key, COLUMNS).differing(digest(held(other, OF), OF.key, COLUMNS))

    assert told == ("name",)


def test_a_value_that_moves_into_another_field_is_seen() -> None:
    records = pl.DataFrame({"key": ["1"], "a": ["x"], "b": [None]}, schema=dict.fromkeys(("key", "a", "b"), pl.String))
    moved = records.select("key", pl.col("b").alias("a"), pl.col("a").alias("b"))

    assert digest(records, ["key"], ["a", "b"]).differing(digest(moved, ["key"], ["a", "b"])) == ("a", "b")


@settings(deadline=None)
@given(CLIENTS, CLIENTS)
def test_what_leaves_and_what_enters_are_not_confused(one: Clients, other: Clients) -> None:
    assume(one != other)
    first, second = (digest(held(clients, OF), OF.key, COLUMNS) for clients in (one, other))
    assume(first.differing(second) or first.row_count != second.row_count)

    assert fold(first, second) != fold(second, first)
    assert fold(first, second) == fold(first + Digest(), second - Digest())
