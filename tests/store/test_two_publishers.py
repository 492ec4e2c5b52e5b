"""Two at once: publishers of one feed, and readers beside a publisher."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any

import polars as pl
import pytest

from ringback.errors import StaleChangeSet, StoreError
from ringback.model.progress import Silent
from ringback.model.rows import LINE
from ringback.model.run import Run, RunKind
from ringback.store import open_store


def test_of_two_publishers_with_one_plan_one_publishes(small: Any, target: str) -> None:
    for previous in (None, 1):
        outcomes = _at_once([_publisher(small, target, previous, name) for name in ("a", "b")])

        assert {type(outcome) for outcome in outcomes} == {Run, StaleChangeSet}
        assert small.held().height == (1 if previous is None else 2)
    assert len(small.store.runs()) == 2


def test_two_feeds_are_published_side_by_side(make_feed: Any, target: str) -> None:
    feeds = [make_feed("client_no", feed=name, target={"table": name}) for name in ("one", "two", "three")]

    outcomes = _at_once([_publisher(feed, target, None, "x") for feed in feeds])

    assert [type(outcome) for outcome in outcomes] == [Run] * 3
    assert len({outcome.id for outcome in outcomes}) == 3


def test_a_publisher_waits_no_longer_than_its_patience_for_another(small: Any, target: str, opened: Any) -> None:
    small.add({"client_no": "1"})
    hasty = opened(target, patience_seconds=0.3)

    with small.store.publishing(small.contract, kind=RunKind.IMPORT, previous=1, progress=Silent()):
        with pytest.raises(StoreError, match="locked by somebody else") as told:
            _open(hasty, small)
        seen = hasty.last_published("clients")

    assert "Nothing of this run is in the database" in told.value.why
    assert seen is not None
    assert seen.id == 1


def test_readers_see_all_of_a_run_or_none(make_feed: Any, target: str, opened: Any) -> None:
    feed = make_feed("client_no", "name")
    old = pl.DataFrame({LINE: range(50_000)}).select(
        pl.col(LINE), pl.format("{}", LINE).alias("client_no"), pl.lit("old").alias("name")
    )
    feed.publish(feed.changes(added=old))
    seen: set[tuple[int, int]] = set()
    done = threading.Event()

    def read() -> None:
        reader = opened(target)
        while not done.is_set():
            names = pl.concat(reader.held(feed.contract))["name"]
            seen.add((names.len(), int((names == "new").sum())))

    reading = threading.Thread(target=read)
    reading.start()
    new = old.with_columns(pl.lit("new").alias("name"))
    more = old.with_columns(pl.format("+{}", LINE).alias("client_no"))
    feed.publish(feed.changes(added=more, before=old.drop(LINE), after=new))
    done.set()
    reading.join()

    assert seen <= {(50_000, 0), (100_000, 50_000)}
    assert (50_000, 0) in seen


def _publisher(feed: Any, target: str, previous: int | None, key: str) -> Callable[[], Run]:
    def publish() -> Run:
        with (
            closing(open_store(target, patience_seconds=20)) as store,
            store.publishing(feed.contract, kind=RunKind.IMPORT, previous=previous, progress=Silent()) as publication,
        ):
            publication.write(feed.changes(added=feed.records({"client_no": f"{key}{previous}"})))
            return publication.finish(feed.run())

    return publish


def _open(store: Any, feed: Any) -> None:
    with store.publishing(feed.contract, kind=RunKind.IMPORT, previous=1, progress=Silent()):
        pass


def _at_once(works: list[Callable[[], Run]]) -> list[Any]:
    """What each came to: a run, or the error that it raised."""
    outcomes: list[Any] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def do(number: int) -> None:
        gate.wait()
        try:
            outcomes[number] = works[number]()
        except StoreError as error:
            outcomes[number] = error

    threads = [threading.Thread(target=do, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
