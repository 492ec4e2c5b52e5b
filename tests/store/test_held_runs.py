"""Held runs: kept for a person, then released or dropped."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from ringback.errors import StaleChangeSet, StoreError
from ringback.model.progress import Silent
from ringback.model.rows import REJECT_SCHEMA
from ringback.model.run import Outcome, Run, RunKind

BY_ANN = {"at": datetime(2024, 8, 11, tzinfo=UTC), "by": "Ann"}
REJECT = pl.DataFrame(
    [(2, 1, "Name", "name", "string.unreadable", "?", "is odd", "{}")], schema=REJECT_SCHEMA, orient="row"
)


def test_a_held_run_shows_what_it_would_change_and_changes_nothing(small: Any) -> None:
    small.add({"client_no": "1", "name": "a"}, {"client_no": "2", "name": "b"})

    held = _hold(small, small.change("1", name="x"))

    assert small.held()["name"].to_list() == ["a", "b"]
    assert small.cells(held).select("kind", "client_no", "before", "after").rows() == [("changed", "1", "a", "x")]
    assert [frame.height for frame in small.store.rejects("clients", held.id)] == [1]
    assert small.store.run(held.id) == held
    assert (held.outcome, small.store.last_published("clients").id) == (Outcome.HELD, 1)


def test_a_first_delivery_can_be_held(small: Any) -> None:
    held = _hold(small, small.changes(added=small.records({"client_no": "1"})))

    assert small.store.live_table(small.contract) is None
    assert small.store.runs() == (held,)


def test_cells_of_held_runs_are_in_no_clients_story(small: Any) -> None:
    first = small.add({"client_no": "1", "name": "a"})
    _hold(small, small.change("1", name="x"))

    assert small.store.cells_of_key(small.contract, ("1",))["run"].to_list() == [first.id]
    assert small.store.cells_after(small.contract, first.id, small.held()).is_empty()


def test_a_released_run_is_published_under_its_own_number(small: Any) -> None:
    small.add({"client_no": "1", "name": "a"})
    changes = small.change("1", name="x")
    held = _hold(small, changes)

    released = _release(small, held, changes, previous=1)

    assert (released.id, released.outcome, small.store.run(held.id)) == (held.id, Outcome.PUBLISHED, released)
    assert small.held()["name"].to_list() == ["x"]
    assert small.cells(held).height == 1
    assert [frame.height for frame in small.store.rejects("clients", held.id)] == [1]


def test_a_run_released_late_comes_after_the_runs_published_meanwhile(small: Any) -> None:
    small.add({"client_no": "1", "name": "a"})
    held = _hold(small, small.change("1", name="x"))
    between = small.publish(small.change("1", name="b"))

    released = _release(small, held, small.change("1", name="x"), previous=between.id)

    assert small.store.last_published("clients") == released
    assert small.store.cells_of_key(small.contract, ("1",))["run"].to_list() == [1, between.id, held.id]
    assert small.store.cells_after(small.contract, between.id, small.held())["run"].to_list() == [held.id]
    assert small.store.cells_after(small.contract, held.id, small.held()).is_empty()


def test_a_held_run_is_not_released_over_another_run(small: Any) -> None:
    small.add({"client_no": "1", "name": "a"})
    changes = small.change("1", name="x")
    held = _hold(small, changes)
    small.publish(small.change("1", name="b"))

    with pytest.raises(StaleChangeSet):
        _release(small, held, changes, previous=1)

    assert small.store.run(held.id).outcome is Outcome.HELD
    assert small.cells(held).height == 1


def test_a_dropped_run_stays_readable_and_cannot_be_released(small: Any) -> None:
    small.add({"client_no": "1", "name": "a"})
    changes = small.change("1", name="x")
    held = _hold(small, changes)

    dropped = small.store.drop(held.id, **BY_ANN)

    assert dropped.outcome is Outcome.DROPPED
    assert small.store.run(held.id) == dropped
    assert small.cells(held).height == 1
    with pytest.raises(StoreError, match="is dropped, not held"):
        _release(small, held, changes, previous=1)
    with pytest.raises(StoreError, match="is dropped, not held"):
        small.store.drop(held.id, **BY_ANN)


def test_a_run_that_is_not_there_cannot_be_dropped(small: Any) -> None:
    small.add({"client_no": "1"})

    with pytest.raises(StoreError, match="no such run"):
        small.store.drop(99, **BY_ANN)
    with pytest.raises(StoreError, match="published, not held"):
        small.store.drop(1, **BY_ANN)


def _hold(feed: Any, changes: Any) -> Run:
    run: Run = feed.store.set_aside(feed.contract, feed.run(), [changes], [REJECT], progress=Silent())
    return run


def _release(feed: Any, held: Run, changes: Any, *, previous: int) -> Run:
    with feed.store.publishing(
        feed.contract, kind=RunKind.IMPORT, previous=previous, progress=Silent(), releases=held.id
    ) as publication:
        publication.write(changes)
        publication.quarantine(REJECT)
        run: Run = publication.finish(held)
        return run
