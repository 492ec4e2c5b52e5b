"""Plan: what an import would change, client by client."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringback.model.change import ChangeSet
from ringback.model.contract import Contract
from ringback.model.rows import LINE
from ringback.steps.digest import change_digest, digest
from ringback.steps.plan import compared, plan, set_apart
from ringback.steps.summarise import summarise

from .records import ASKED, CLIENTS, Clients, contract, delivered, held, rows

MISSING = st.sampled_from(["keep", "close", "delete"]).map(lambda missing: contract(missing=missing))


@settings(deadline=None)
@given(CLIENTS)
def test_importing_the_same_clients_again_changes_nothing(clients: Clients) -> None:
    of = contract(missing="delete")

    changes = plan(delivered(clients, of), held(clients, of), of)

    assert changes.unchanged_count == len(clients)
    assert [frame.height for frame in (changes.added, changes.before, changes.after, changes.removed)] == [0] * 4
    assert changes.missing_count == 0


@settings(deadline=None)
@given(CLIENTS, CLIENTS, MISSING)
def test_every_client_is_told_once_and_the_change_set_makes_the_table(
    now: Clients, before: Clients, of: Contract
) -> None:
    changes = plan(delivered(now, of), held(before, of), of)

    told = changes.added.height + changes.after.filter(pl.col(LINE).is_not_null()).height + changes.unchanged_count
    assert told == len(now)
    assert changes.missing_count == len(before.keys() - now.keys())
    assert rows(_applied(changes, held(before, of))) == rows(held(_expected(now, before, of), of))


@settings(deadline=None)
@given(CLIENTS, CLIENTS, MISSING)
def test_digests_of_what_leaves_and_enters_add_up_to_the_table(now: Clients, before: Clients, of: Contract) -> None:
    columns, was = compared(of), held(before, of)
    changes = plan(delivered(now, of), was, of)

    leaves, enters = change_digest(changes, columns)

    total = digest(was, of.key, columns) - leaves + enters
    assert not total.differing(digest(_applied(changes, was), of.key, columns))
    assert total.row_count == _applied(changes, was).height


@settings(deadline=None)
@given(CLIENTS, CLIENTS, MISSING, st.integers(2, 5))
def test_partitions_of_the_keys_come_to_the_same_as_the_whole(
    now: Clients, before: Clients, of: Contract, count: int
) -> None:
    whole = plan(delivered(now, of), held(before, of), of)
    parts = [
        plan(_part(delivered(now, of), count, number), _part(held(before, of), count, number), of)
        for number in range(count)
    ]

    one, many = (summarise(sets, of, held_count=len(before)) for sets in ([whole], parts))

    assert _numbers(one) == _numbers(many)
    for name in ("added", "before", "after", "removed"):
        assert rows(pl.concat(getattr(part, name) for part in parts)) == rows(getattr(whole, name))


@settings(deadline=None)
@given(CLIENTS, CLIENTS)
def test_clients_named_in_unreadable_rows_are_not_missing(now: Clients, before: Clients) -> None:
    of = contract(missing="delete")
    spared = held(before, of).select(of.key)

    changes = plan(delivered(now, of), held(before, of), of, spared=spared)

    assert (changes.missing_count, changes.removed.height) == (0, 0)


@settings(deadline=None)
@given(CLIENTS, CLIENTS)
def test_changes_say_nothing_about_the_others(now: Clients, before: Clients) -> None:
    of = contract(delivers="changes", missing="delete")

    changes = plan(delivered(now, of), held(before, of), of)

    assert (changes.missing_count, changes.removed.height) == (0, 0)


@settings(deadline=None)
@given(CLIENTS)
def test_added_and_changed_keep_the_order_of_the_file(now: Clients) -> None:
    of = contract()

    changes = plan(delivered(now, of), held({}, of), of)

    assert changes.added.equals(delivered(now, of))


@pytest.mark.parametrize(("policy", "left"), [("reject", [3]), ("first", [2, 3]), ("last", [3, 5])])
def test_rows_that_share_a_key_are_set_apart_as_the_policy_says(policy: str, left: list[int]) -> None:
    of = contract(policy={"duplicates": policy})
    keys = [(1, "a"), (1, "b"), (1, "a"), (1, "a")]
    records = pl.DataFrame(
        [(line, *key, None, None, None) for line, key in enumerate(keys, 2)],
        schema={LINE: pl.Int64(), **{name: of.fields[name].dtype for name in ASKED}},
        orient="row",
    )

    apart = set_apart(records, of)

    assert records.join(apart, on=LINE, how="anti")[LINE].to_list() == left


def _applied(changes: ChangeSet, was: pl.DataFrame) -> pl.DataFrame:
    """The table after a change set, as the store would make it."""
    leaving = pl.concat([changes.before, changes.removed]).select(changes.key)
    stays = was.join(leaving, on=changes.key, how="anti")
    return pl.concat([stays, changes.after.select(was.columns), changes.added.select(was.columns)])


def _expected(now: Clients, before: Clients, of: Contract) -> Clients:
    absent = {key: client for key, client in before.items() if key not in now}
    here = {key: (values, False) for key, (values, _) in now.items()}
    match of.missing:
        case "keep":
            return {**absent, **here}
        case "close":
            return {**{key: (values, True) for key, (values, _) in absent.items()}, **here}
        case _:
            return here


def _part(frame: pl.DataFrame, count: int, number: int) -> pl.DataFrame:
    return frame.filter(pl.struct("branch", "client_no").hash() % count == number)


def _numbers(summary: object) -> Iterable[object]:
    names = ("held", "added", "changed", "unchanged", "removed", "closed", "missing", "changed_by_field", "digest")
    return [getattr(summary, name) for name in names]
