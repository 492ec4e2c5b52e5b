"""Incidents, on every kind of database: written with what opens them, and found by the fields that they concern."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ringback.errors import StoreError
from ringback.model.finding import Finding, Severity
from ringback.model.incident import Entry, EntryKind
from ringback.model.progress import Silent
from ringback.model.run import Outcome, Run, RunKind
from ringback.steps.chain import verify
from ringback.store import Store

DAY = datetime(2024, 8, 10, 9, tzinfo=UTC)
BY_HAND = Entry(
    feed="clients",
    kind=EntryKind.OPENED,
    at=DAY - timedelta(hours=1),
    written_at=DAY,
    by="Zoë",
    text="a caller says “wrong”",
    fields=("name",),
)


def test_entries_come_back_as_they_were_under_the_numbers_of_their_events(store: Store) -> None:
    first = store.tell_incident(BY_HAND)
    second = store.tell_incident(replace(BY_HAND, kind=EntryKind.NOTED, incident=1, fields=()))

    (incident,) = store.incidents("clients")

    assert incident.entries == (first, second)
    assert (first.id, first.incident, second.id) == (2, 1, 3)
    assert replace(first, id=0, incident=0) == BY_HAND
    assert [event["sequence"] for event in store.chain().events] == [1, 2, 3]


def test_an_incident_of_a_field_is_found_until_it_is_closed(store: Store) -> None:
    named = store.tell_incident(BY_HAND)
    unknown = store.tell_incident(replace(BY_HAND, fields=()))
    store.tell_incident(replace(BY_HAND, feed="branches"))

    both, one = store.open_incidents("clients", field="name"), store.open_incidents("clients", field="balance")
    store.tell_incident(replace(BY_HAND, kind=EntryKind.CLOSED, incident=named.incident))
    left = store.open_incidents("clients", field="name")

    assert [each.id for each in both] == [2, 1]
    assert [each.id for each in one] == [unknown.incident]
    assert [each.id for each in left] == [unknown.incident]
    assert len(store.incidents()) == 3


def test_nobody_writes_of_an_incident_that_is_not_there(store: Store) -> None:
    store.tell_incident(BY_HAND)

    with pytest.raises(StoreError, match="there is no incident 2"):
        store.tell_incident(replace(BY_HAND, kind=EntryKind.NOTED, incident=2))

    assert verify(store.chain()).faults == ()
    assert len(store.incidents()) == 1


def test_an_undo_that_is_rolled_back_opens_nothing(small: Any) -> None:
    first = small.add({"client_no": "1", "name": "a"})

    with (
        suppress(ZeroDivisionError),
        small.store.publishing(small.contract, kind=RunKind.UNDO, previous=1, progress=Silent()) as publication,
    ):
        publication.write(small.change("1", name="x"))
        raise ZeroDivisionError

    assert small.store.incidents() == ()
    undo = small.publish(small.change("1", name="x"), kind=RunKind.UNDO, undoes=first.id, changed_by_field={"name": 1})
    (incident,) = small.store.incidents()
    assert (incident.opened_by, incident.runs, incident.fields) == ("undone", {1, undo.id}, ("name",))


def test_the_same_content_held_again_and_another_hold_for_the_same_reason_are_one_incident(small: Any) -> None:
    small.add({"client_no": "1", "name": "a"})
    _hold(small, "ab", "name")
    _hold(small, "ab", "balance")
    _hold(small, "cd", "name")
    _hold(small, "ef", "client_no")

    other, first = small.store.incidents()

    assert (first.runs, other.runs) == ({2, 3, 4}, {5})
    assert first.fields == ("name", "balance")


def test_a_hold_that_is_dropped_closes_its_incident_and_one_that_waits_keeps_it_open(small: Any) -> None:
    small.add({"client_no": "1", "name": "a"})
    first, second = _hold(small, "ab", "name"), _hold(small, "cd", "name")

    small.store.drop(first.id, at=DAY, by="Ann")
    (waiting,) = small.store.incidents()
    small.store.drop(second.id, at=DAY, by="Ben")
    (settled,) = small.store.incidents()

    assert waiting.is_open
    assert not settled.is_open
    assert settled.conclusion == "kept out: R3 was dropped, and nothing of it was published"
    assert settled.entries[-1].by == "Ben"


def test_a_hold_that_somebody_complained_of_is_not_closed_by_itself(small: Any) -> None:
    small.add({"client_no": "1", "name": "a"})
    held = _hold(small, "ab", "name")
    small.store.tell_incident(replace(BY_HAND, kind=EntryKind.COMPLAINT, incident=1))

    small.store.drop(held.id, at=DAY, by="Ann")

    assert small.store.incidents()[0].is_open


def test_a_read_back_that_failed_opens_one(small: Any) -> None:
    small.store.record(small.run(outcome=Outcome.FAILED))

    assert [each.opened_by for each in small.store.incidents()] == ["failed"]


def test_undos_of_runs_that_one_release_read_are_one_incident_and_of_another_release_another(small: Any) -> None:
    small.add({"client_no": "1", "name": "a"})
    runs = [
        small.publish(small.change("1", name=name), fingerprint=read_by, sha256=name)
        for name, read_by in (("b", "f1"), ("c", "f1"), ("d", "f2"))
    ]

    for run in runs:
        small.publish(small.change("1", name="a"), kind=RunKind.UNDO, undoes=run.id, sha256=run.sha256)

    assert [each.runs for each in small.store.incidents()] == [{4, 7}, {2, 3, 5, 6}]


def test_an_undo_that_is_taken_back_goes_to_the_incident_of_the_run(small: Any) -> None:
    run = small.add({"client_no": "1", "name": "a"})
    undo = small.publish(small.change("1", name="b"), kind=RunKind.UNDO, undoes=run.id)
    small.store.tell_incident(replace(BY_HAND, kind=EntryKind.CLOSED, incident=1))

    small.publish(small.change("1", name="a"), kind=RunKind.UNDO, undoes=undo.id)

    (incident,) = small.store.incidents()
    assert incident.is_open
    assert incident.runs == {1, 2, 3}


def test_undos_of_two_feeds_at_once_open_two_incidents(make_feed: Any, opened: Any, target: str) -> None:
    if target.startswith("sqlite"):
        pytest.skip("SQLite has one writer at a time")
    one, two = (make_feed("client_no", "name", feed=name, target={"table": name}) for name in ("one", "two"))
    other = replace(two, store=opened(target))
    runs = [feed.add({"client_no": "1", "name": "a"}) for feed in (one, other)]

    with one.store.publishing(one.contract, kind=RunKind.UNDO, previous=runs[0].id, progress=Silent()) as publication:
        publication.write(one.change("1", name="b"))
        other.publish(other.change("1", name="b"), kind=RunKind.UNDO, undoes=runs[1].id)
        publication.finish(one.run(kind=RunKind.UNDO, undoes=runs[0].id))

    assert [(each.id, each.feed) for each in one.store.incidents()] == [(2, "one"), (1, "two")]
    assert verify(one.store.chain()).faults == ()


def test_tables_of_an_older_ringback_have_no_incidents_and_take_them_from_then_on(small: Any, make_older: Any) -> None:
    run = small.add({"client_no": "1", "name": "a"})
    held = _hold(small, "ab", "name")
    make_older(6)

    before = small.store.incidents(), small.store.open_incidents("clients")
    small.store.drop(held.id, at=DAY, by="Ann")
    none = small.store.incidents()
    small.publish(small.change("1", name="x"), kind=RunKind.UNDO, undoes=run.id)

    assert before == ((), ())
    assert none == ()
    assert [each.runs for each in small.store.incidents()] == [{1, 3}]


def _hold(feed: Any, content: str, field: str) -> Run:
    finding = Finding(code="guard.replaced", severity=Severity.HOLD, row_count=1, why="w", mend="m", field=field)
    newest = feed.store.last_published("clients")
    run = feed.run(previous=newest.id, sha256=content * 32, findings=(finding,))
    held: Run = feed.store.set_aside(feed.contract, run, [feed.change("1", name="b")], [])
    return held
