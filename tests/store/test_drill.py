"""The scores of drills, on every kind of database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ringback.model.drill import DrillCount, Drilled
from ringback.store import Store

SCORE = Drilled(
    id=0,
    feed="clients",
    fingerprint="cd" * 32,
    caught=431,
    total=450,
    sample_rows=20_000,
    seed=7,
    run=19,
    at=datetime(2024, 8, 10, 9, 0, 0, 5, tzinfo=UTC),
    by="Zoë",
    counts=(
        DrillCount(code="date.day_month", fields=("born_on",), by_guard=3, by_constraints=1, published=0),
        DrillCount(
            code="delivery.rows_dropped",
            fields=(),
            by_guard=0,
            by_constraints=0,
            published=2,
            lines=("policy.shrunk.hold_above: 1 %",),
        ),
    ),
)


def test_scores_come_back_as_they_were_the_newest_first_whatever_their_clocks_say(store: Store) -> None:
    first = store.drilled(SCORE)
    second = store.drilled(replace(SCORE, at=datetime(1999, 1, 1, tzinfo=UTC), caught=0, total=0))
    store.drilled(replace(SCORE, feed="branches"))

    assert store.drills("clients") == (second, first)
    assert first == replace(SCORE, id=1)
    assert (first.score, second.score) == (431 / 450, None)


def test_a_feed_that_was_never_drilled_has_no_scores(store: Store) -> None:
    assert store.drills("clients") == ()

    store.drilled(replace(SCORE, feed="branches"))

    assert store.drills("clients") == ()


def test_tables_of_an_older_ringback_have_no_scores_and_take_them_when_the_first_is_kept(
    small: Any, make_older: Any
) -> None:
    run = small.add({"client_no": "1"})
    make_older(2)

    before = small.store.drills("clients")
    kept = small.store.drilled(SCORE)

    assert before == ()
    assert small.store.drills("clients") == (kept,)
    assert small.store.run(run.id) == run


def test_scores_that_an_older_ringback_kept_have_no_misreadings_and_stay_when_others_are_kept(
    small: Any, make_older: Any
) -> None:
    small.add({"client_no": "1"})
    old = small.store.drilled(SCORE)
    make_older(6)

    (before,) = small.store.drills("clients")
    new = small.store.drilled(SCORE)

    assert before == replace(old, counts=())
    assert small.store.drills("clients") == (new, before)
    assert new.counts == SCORE.counts
