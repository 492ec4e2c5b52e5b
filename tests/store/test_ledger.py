"""The ledger, releases and quarantine, on every kind of database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from ringback.errors import StoreError
from ringback.model.finding import Example, Finding, Severity
from ringback.model.release import Release
from ringback.model.rows import REJECT_SCHEMA
from ringback.model.run import Outcome, RunKind
from ringback.store import Store

TWO = ({"client_no": "00012345", "name": "Zoë"}, {"client_no": "00012346", "name": None})


def test_a_run_is_in_the_ledger_as_it_was_told(small: Any) -> None:
    finding = Finding(
        code="date.unreadable",
        severity=Severity.HOLD,
        row_count=3,
        why='says "so"',
        mend="do",
        examples=(Example(key=("1",), line=2, before=None, after="Zoë"),),
    )

    run = small.publish(
        small.changes(added=small.records(*TWO)), findings=(finding,), changed_by_field={"name": 3}, corrects=None
    )

    assert small.store.run(run.id) == run
    assert run == small.run(id=run.id, findings=(finding,), changed_by_field={"name": 3})
    assert small.store.last_published("clients") == run
    assert small.store.published_imports("clients", "ab" * 32) == (run,)
    assert small.store.published_imports("others", "ab" * 32) == ()


def test_runs_are_listed_newest_first_by_feed(small: Any) -> None:
    first = small.add({"client_no": "1"})
    refused = small.store.record(small.run(outcome=Outcome.REFUSED))
    other = small.store.record(replace(small.run(outcome=Outcome.REFUSED), feed="others"))

    assert [run.id for run in small.store.runs()] == [other.id, refused.id, first.id]
    assert [run.id for run in small.store.runs("clients", limit=1)] == [refused.id]
    assert small.store.run(99) is None


def test_the_last_import_leaves_out_those_taken_back(small: Any) -> None:
    first, second = small.add({"client_no": "1"}), small.add({"client_no": "2"})
    small.publish(small.changes(removed=small.held().tail(1)), kind=RunKind.UNDO, undoes=second.id)

    assert small.store.last_import("clients", without=frozenset()).id == second.id
    assert small.store.last_import("clients", without=frozenset({second.id})).id == first.id
    assert small.store.last_import("clients", without=frozenset({first.id, second.id})) is None


def test_approved_releases_are_kept_newest_first(store: Store) -> None:
    asked = Release(
        id=0,
        feed="clients",
        fingerprint="f1",
        contract_text="feed: clients\n",
        software={"polars": "2.1.0"},
        approved_by="Ann",
        approved_at=datetime(2024, 8, 9, tzinfo=UTC),
        reason="first",
    )

    first, second = (
        store.approve(asked, after=None, by="Ann"),
        store.approve(replace(asked, fingerprint="f2"), after=1, by="Ann"),
    )

    assert store.releases("clients") == (second, first)
    assert first == replace(asked, id=1)
    assert store.releases("others") == ()


def test_quarantined_rows_come_back_in_the_order_of_the_file(small: Any) -> None:
    rejects = _rejects([(9, 1, "b"), (2, 2, "a\0a"), (2, 1, "Zoë\n")])

    run = small.publish(small.changes(added=small.records({"client_no": "1"})), rejects)
    small.publish(small.changes(added=small.records({"client_no": "2"})), rejects.head(1))

    (kept,) = small.store.rejects("clients", run.id)
    (newest,) = small.store.rejects("clients")
    assert kept.select("line", "fault", "raw").rows() == [(2, 1, "Zoë\n"), (2, 2, "a\u2400a"), (9, 1, "b")]
    assert kept.schema == pl.Schema({**REJECT_SCHEMA, "run": pl.Int64()})
    assert newest.height == 1


def test_the_database_itself_refuses_a_second_run_after_the_same_one(small: Any, target: str, administer: Any) -> None:
    for previous in ("null", "1"):
        small.add({"client_no": previous})
        with pytest.raises(Exception, match=r"(?i)unique"):
            administer(
                target,
                "insert into ringback_run (id, feed, outcome, previous)"
                f" values (99, 'clients', 'published', {previous})",
            )


def test_a_ledger_of_an_older_ringback_is_read_and_takes_repairs_from_then_on(small: Any, make_older: Any) -> None:
    first = small.add({"client_no": "1"})
    make_older(5)

    before = small.store.runs("clients")
    repair = small.publish(small.change("1", name="Ann"), kind=RunKind.REPAIR, repairs=first.id)

    assert before == (first,)
    assert small.store.run(repair.id) == repair
    assert small.store.repairs("clients") == (repair,)


def test_repairs_are_those_that_were_published_or_had_nothing_to_change(small: Any) -> None:
    first = small.add({"client_no": "1"})
    told = {"kind": RunKind.REPAIR, "repairs": first.id}
    published = small.publish(small.change("1", name="Ann"), **told)
    small.store.record(small.run(outcome=Outcome.FAILED, **told))
    unchanged = small.store.record(small.run(outcome=Outcome.UNCHANGED, **told))

    assert small.store.repairs("clients") == (unchanged, published)
    assert small.store.repairs("others") == ()


def test_what_was_published_after_a_run_comes_in_the_order_of_publication(small: Any) -> None:
    first = small.add({"client_no": "1"})
    small.store.record(small.run(outcome=Outcome.REFUSED))
    second, third = small.add({"client_no": "2"}), small.add({"client_no": "3"})

    assert small.store.published_after("clients", first.id) == (second, third)
    assert small.store.published_after("clients", third.id) == ()


def test_tables_of_a_newer_ringback_are_not_touched(small: Any, target: str, administer: Any) -> None:
    small.add({"client_no": "1"})
    administer(target, "update ringback_schema set version = 99")

    with pytest.raises(StoreError, match="newer ringback"):
        small.add({"client_no": "2"})
    with pytest.raises(StoreError, match="newer ringback"):
        small.store.runs()


def _rejects(told: list[tuple[int, int, str]]) -> pl.DataFrame:
    rows = [(line, fault, "Name", "name", "string.unreadable", raw, "is odd", "{}") for line, fault, raw in told]
    return pl.DataFrame(rows, schema=REJECT_SCHEMA, orient="row")
