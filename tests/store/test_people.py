"""What operators acknowledged and how they trained, on every kind of database, each with its event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ringback.errors import StoreError
from ringback.model.drill import Kind
from ringback.model.release import Release
from ringback.model.training import Answer, Left, Points, Result, State, Told, Training
from ringback.steps.chain import verify
from ringback.store import Store

DAY = datetime(2024, 8, 10, 0, 0, 0, 5, tzinfo=UTC)
RELEASE = Release(
    id=0,
    feed="clients",
    fingerprint="f1",
    contract_text="feed: clients",
    software={"polars": "2.1.0"},
    approved_by="ana",
    approved_at=DAY,
    reason="looked at",
    notes="`born_on` is read as month/day/year.\nAsk Zoë.",
)
TRAINING = Training(
    id=0, feed="clients", by="Zoë", begun_at=DAY, seed=7, deliveries=(1, 2), release=1, sample=20_000, run=2
)
RESULT = Result(
    at=DAY,
    accident=Told(
        fields=("born_on",), code="date.day_month", sentence="exchanged", kind=Kind.CONTRACT, told="format", wrong=9
    ),
    left=Left(stale=3),
    is_field=True,
    is_misreading=False,
    found_seconds=61.5,
    taken_back_seconds=None,
    points=Points(field=25, misreading=0, exact=35, time=0, hints=-5),
)


def test_the_notes_of_a_release_come_back_as_they_were_written_and_are_in_its_event(store: Store) -> None:
    kept = store.approve(RELEASE, after=None, by="ana")

    assert store.releases("clients")[0].notes == kept.notes == RELEASE.notes
    assert "month/day/year" in str(store.chain().events[-1]["what"])


def test_an_acknowledgement_is_kept_once_however_often_it_is_said(store: Store) -> None:
    first = store.approve(RELEASE, after=None, by="ana")
    second = store.approve(replace(RELEASE, fingerprint="f2"), after=1, by="ana")

    kept = store.acknowledge((second, first), at=DAY, by="ben")
    again = store.acknowledge((second, first), at=DAY + timedelta(days=1), by="ben")
    others = store.acknowledge((second,), at=DAY, by="cora")

    assert [each.release for each in kept] == [1, 2]
    assert again == ()
    assert [each.by for each in others] == ["cora"]
    assert store.acknowledgements("clients") == (*others, *reversed(kept))
    assert store.acknowledgements("branches") == ()
    assert [event["kind"] for event in store.chain().events][-3:] == ["acknowledged"] * 3
    assert verify(store.chain()).faults == ()
    assert verify(store.chain()).acknowledgement_count == 3


def test_the_database_itself_refuses_a_second_acknowledgement(
    store: Store, target: str, administer: Callable[..., None]
) -> None:
    release = store.approve(RELEASE, after=None, by="ana")
    store.acknowledge((release,), at=DAY, by="ben")

    with pytest.raises(Exception, match=r"(?i)unique"):
        administer(
            target,
            "insert into ringback_acknowledgement (id, feed, \"release\", done_by) values (9, 'clients', 1, 'ben')",
        )


def test_a_training_is_kept_step_by_step_until_it_ends(store: Store) -> None:
    begun = store.train(TRAINING, at=DAY)
    store.train(replace(begun, hints=1), at=DAY)
    named = replace(begun, hints=1, answer=Answer(field="born_on", code="date.order", at=DAY))
    store.train(named, at=DAY)
    ended = store.train(replace(named, result=RESULT), at=DAY)
    other = store.train(replace(TRAINING, by="ben"), at=DAY)

    assert (begun.id, other.id) == (1, 2)
    assert [each.state for each in (begun, named, ended)] == [State.BEGUN, State.NAMED, State.ENDED]
    assert store.trainings("clients") == (other, ended)
    assert [event["kind"] for event in store.chain().events] == ["began", *["training"] * 5]
    assert verify(store.chain()).faults == ()


def test_a_training_that_has_ended_stays_as_it_is(store: Store) -> None:
    ended = store.train(replace(store.train(TRAINING, at=DAY), result=RESULT), at=DAY)

    with pytest.raises(StoreError, match="training 1 has ended"):
        store.train(replace(ended, result=replace(RESULT, points=replace(RESULT.points, hints=0))), at=DAY)
    with pytest.raises(StoreError, match="training 9 is not in the database"):
        store.train(replace(ended, id=9), at=DAY)

    assert store.trainings("clients") == (ended,)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("update ringback_acknowledgement set done_by = 'eve'", "acknowledgement 1 is not as its newest event tells"),
        (
            "delete from ringback_acknowledgement",
            "acknowledgement 1 is told of by an event, and is not in the database",
        ),
        (
            "insert into ringback_acknowledgement (id, feed, \"release\", done_by) values (2, 'clients', 1, 'eve')",
            "acknowledgement 2 is in the database, and no event tells of it",
        ),
        ("update ringback_training set begun_at = null", "training 1 is not as its newest event tells"),
        ("delete from ringback_training", "training 1 is told of by an event, and is not in the database"),
        ("update ringback_release set notes = 'nothing changes'", "release 1 is not as its newest event tells"),
    ],
)
def test_whoever_changes_a_record_of_people_is_found(
    store: Store, target: str, administer: Callable[..., None], statement: str, fault: str
) -> None:
    store.acknowledge((store.approve(RELEASE, after=None, by="ana"),), at=DAY, by="ben")
    store.train(TRAINING, at=DAY)

    administer(target, statement)

    assert verify(store.chain()).faults == (fault,)


def test_an_older_database_has_releases_without_notes_and_takes_both_up(
    store: Store, make_older: Callable[[int], None]
) -> None:
    store.approve(replace(RELEASE, notes=None), after=None, by="ana")
    make_older(6)

    none: tuple[Any, ...] = (store.acknowledgements("clients"), store.trainings("clients"))
    (old,) = store.releases("clients")
    whole = verify(store.chain())
    store.acknowledge((old,), at=DAY, by="ben")
    store.train(TRAINING, at=DAY)

    assert none == ((), ())
    assert old.notes is None
    assert whole.faults == ()
    assert verify(store.chain()).faults == ()
    assert [each.release for each in store.acknowledgements("clients")] == [1]
