"""The baseline, on every kind of database: what published imports measured."""

from __future__ import annotations

from typing import Any

import pytest

from ringback.errors import StoreError
from ringback.model.baseline import FieldMeasures, Measures
from ringback.model.run import Run, RunKind
from ringback.store import Store

EVERYONE: frozenset[int] = frozenset()


def measures(rows: int) -> Measures:
    name = FieldMeasures(type="string", replaced=3, shapes={"Aa": 0.9, "Aa Aa": 0.1}, length=5.25)
    return Measures(rows=rows, records=rows, kept=rows - 1, fields={"name": name})


def publish(feed: Any, key: str, rows: int | None, **told: Any) -> Run:
    """Publish a run that adds one client; with `rows`, it has measures."""
    newest = feed.store.last_published(feed.contract.feed)
    run = feed.run(**told)
    with feed.store.publishing(
        feed.contract, kind=run.kind, previous=newest.id if newest else None, progress=feed.progress
    ) as publication:
        publication.write(feed.changes(added=feed.records({"client_no": key})))
        if rows is not None:
            publication.measured(measures(rows))
        return publication.finish(run)


def test_what_runs_measured_comes_back_oldest_first(small: Any) -> None:
    for rows in (10, 11, 12):
        publish(small, str(rows), rows)

    assert small.store.baseline("clients", without=EVERYONE) == (measures(10), measures(11), measures(12))
    assert small.store.baseline("clients", without=EVERYONE, limit=2) == (measures(11), measures(12))
    assert small.store.baseline("others", without=EVERYONE) == ()


def test_runs_taken_back_corrections_and_undos_teach_nothing(small: Any) -> None:
    publish(small, "10", 10)
    taken_back = publish(small, "11", 11)
    publish(small, "12", 12, kind=RunKind.UNDO, undoes=taken_back.id)
    publish(small, "13", 13, corrects=taken_back.id)

    assert small.store.baseline("clients", without=frozenset({taken_back.id})) == (measures(10),)


def test_a_run_that_is_not_finished_measured_nothing(small: Any) -> None:
    publish(small, "10", 10)
    newest = small.store.last_published("clients")

    with small.store.publishing(
        small.contract, kind=RunKind.IMPORT, previous=newest.id, progress=small.progress
    ) as publication:
        publication.measured(measures(11))

    assert small.store.baseline("clients", without=EVERYONE) == (measures(10),)


def test_measures_of_another_version_are_left_out(small: Any, target: str, administer: Any) -> None:
    publish(small, "10", 10)
    publish(small, "11", 11)

    administer(target, "update ringback_baseline set version = 99 where run = 1")

    assert small.store.baseline("clients", without=EVERYONE) == (measures(11),)


def test_a_feed_without_measures_or_without_a_database_has_no_baseline(small: Any) -> None:
    assert small.store.baseline("clients", without=EVERYONE) == ()

    publish(small, "10", None)

    assert small.store.baseline("clients", without=EVERYONE) == ()


def test_tables_of_an_older_ringback_are_read_and_brought_up_to_date(small: Any, make_older: Any) -> None:
    publish(small, "10", None)
    make_older(1)

    before = small.store.baseline("clients", without=EVERYONE)
    publish(small, "11", 11)

    assert before == ()
    assert small.store.baseline("clients", without=EVERYONE) == (measures(11),)
    assert len(small.store.runs("clients")) == 2


def test_measures_of_a_feed_are_lost_with_nothing_else(small: Any, target: str, administer: Any) -> None:
    publish(small, "10", 10)
    administer(target, "drop table ringback_baseline")

    assert small.store.baseline("clients", without=EVERYONE) == ()
    assert small.store.last_published("clients") is not None


def test_a_broken_measure_is_told_as_a_fault_of_the_store(
    store: Store, small: Any, target: str, administer: Any
) -> None:
    publish(small, "10", 10)
    administer(target, "update ringback_baseline set measures = '{}'")

    with pytest.raises(StoreError, match="baseline"):
        store.baseline("clients", without=EVERYONE)
