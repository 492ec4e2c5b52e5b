"""Trials and readings in every kind of database: the evidence comes back as it was written, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ringback.errors import StoreError
from ringback.model.reading import ReadingDigest
from ringback.model.run import RunKind
from ringback.model.trial import DeliveryTrial, FieldTrial, LiveEffect, RowChanges, Stored, Trial, TrialKind
from ringback.store import Store

DIGEST = ReadingDigest(record_count=2, fault_count=1, lines="ab", rejects="cd", fields={"name": "ef"})
TRIAL = Trial(
    id=0,
    feed="clients",
    kind=TrialKind.CONTRACT,
    before="ab" * 32,
    after="cd" * 32,
    contract_changes=1,
    of_deliveries=2,
    deliveries=(
        DeliveryTrial(
            run=1,
            file_name="a.csv",
            sha256="ef" * 32,
            rows=3,
            changes=RowChanges(compared=2, changed=1),
            stored=Stored.SAME,
            news=("guard.replaced",),
        ),
    ),
    fields=(FieldTrial(field="born_on", compared=2, changed=1, misreading="date.day_month", explained=1, line=18),),
    live=LiveEffect(run=1, held=2, added=0, changed=1, removed=0, closed=0, missing=0, by_field={"born_on": 1}),
    at=datetime(2024, 8, 10, 12, 30, tzinfo=UTC),
    by="owner",
)


def test_trials_come_back_whole_newest_first_each_under_a_number_of_its_own(store: Store) -> None:
    sealed = TRIAL.sealed()

    first, second = store.tried(sealed), store.tried(replace(TRIAL, contract_changes=2).sealed())
    other = store.tried(replace(TRIAL, feed="others").sealed())

    assert store.trials("clients") == (second, first)
    assert replace(first, id=0) == sealed
    assert len({first.id, second.id, other.id}) == 3


def test_a_feed_without_trials_and_a_database_without_tables_have_none(store: Store) -> None:
    before = store.trials("clients")

    store.tried(TRIAL.sealed())

    assert (before, store.trials("others")) == ((), ())


@pytest.mark.parametrize(
    ("one", "other"),
    [('"changed":1', '"changed":0'), ('"id":1', '"id":2'), ('"by":"owner"', '"by":"other"'), ("{", "[")],
)
def test_evidence_that_somebody_has_changed_is_no_evidence(
    store: Store, target: str, administer: Any, one: str, other: str
) -> None:
    store.tried(TRIAL.sealed())

    administer(target, f"update ringback_trial set evidence = replace(evidence, '{one}', '{other}')")

    with pytest.raises(StoreError, match="evidence of trial 1"):
        store.trials("clients")


def _publish(small: Any, key: str, digest: ReadingDigest | None, **told: Any) -> int:
    newest = small.store.last_published("clients")
    with small.store.publishing(
        small.contract, kind=RunKind.IMPORT, previous=newest.id if newest else None, progress=small.progress
    ) as publication:
        publication.write(small.changes(added=small.records({"client_no": key})))
        if digest is not None:
            publication.read_as(digest)
        return int(publication.finish(small.run(**told)).id)


def test_what_a_run_was_read_as_is_kept_with_the_run(small: Any) -> None:
    one, other = _publish(small, "1", DIGEST), _publish(small, "2", None)

    assert small.store.reading_digest(one) == DIGEST
    assert small.store.reading_digest(other) is None


def test_a_run_that_is_not_finished_was_read_as_nothing(small: Any) -> None:
    last = _publish(small, "1", None)

    with small.store.publishing(
        small.contract, kind=RunKind.IMPORT, previous=last, progress=small.progress
    ) as publication:
        publication.read_as(DIGEST)
        unfinished = publication.run_id

    assert small.store.reading_digest(unfinished) is None


def test_a_digest_that_somebody_has_broken_is_a_fault_of_the_store(small: Any, target: str, administer: Any) -> None:
    run = _publish(small, "1", DIGEST)

    administer(target, "update ringback_reading set digest = '{}'")

    with pytest.raises(StoreError, match="digests of R1"):
        small.store.reading_digest(run)


def test_a_database_of_an_older_ringback_is_read_and_brought_up_to_date(small: Any, make_older: Any) -> None:
    run = _publish(small, "1", None)
    make_older(3)

    before = small.store.trials("clients"), small.store.reading_digest(run)
    later = _publish(small, "2", DIGEST)

    assert before == ((), None)
    assert small.store.reading_digest(later) == DIGEST
    assert small.store.tried(TRIAL.sealed()).id == 1


def test_imports_are_listed_newest_first_without_corrections_undos_and_those_taken_back(small: Any) -> None:
    runs = [_publish(small, str(number), None) for number in range(3)]
    _publish(small, "7", None, corrects=runs[0])

    everything = small.store.imports("clients", without=frozenset())
    left = small.store.imports("clients", without=frozenset({runs[2]}))

    assert [run.id for run in everything] == runs[::-1]
    assert [run.id for run in left] == [runs[1], runs[0]]
