"""The audit trail: written with what it tells of, and no change of it or of what it tells of goes unseen."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ringback.errors import StoreError
from ringback.model.event import Chain, Row, content, seal
from ringback.model.progress import Silent
from ringback.model.release import Release
from ringback.model.run import Outcome, RunKind
from ringback.steps.chain import verify
from ringback.store import Store, open_store

DAY = datetime(2024, 8, 10, tzinfo=UTC)
TAMPERINGS = 10_000
TAMPERINGS_IN_SQL = (  # each in another place, so that each adds a fault
    "update ringback_run set done_by = 'Eve' where id = 1",
    "update ringback_run set findings = '[]', rows_read = 7 where id = 2",
    "update ringback_run set outcome = 'held' where id = 3",
    "update ringback_run set position = null where id = 5",
    "insert into ringback_run (id, feed, outcome) values (6, 'clients', 'refused')",
    "delete from ringback_run where id = 4",
    "update ringback_release set emergency = null where id = 2",
    "update ringback_release set contract_text = 'feed: others' where id = 1",
    "insert into ringback_release (id, feed) values (3, 'clients')",
    "update ringback_event set done_by = 'Eve' where sequence = 1",
    "update ringback_event set feed = null where sequence = 2",
    "update ringback_event set kind = 'held' where sequence = 3",
    "update ringback_event set happened_at = (select happened_at from ringback_event where sequence = 6)"
    " where sequence = 4",
    "update ringback_event set hash = previous where sequence = 6",
    "update ringback_event set previous = 'none' where sequence = 7",
    "update ringback_event set what = replace(what, 'refused', 'dropped') where sequence = 14",
    "update ringback_incident set told = '{}' where id = 10",
    "update ringback_incident set incident = 2 where id = 12",
    "update ringback_incident set done_by = 'Eve', happened_at = null where id = 13",
    "delete from ringback_incident where id = 8",
    "insert into ringback_incident (id, incident, feed) values (19, 1, 'clients')",
    "delete from ringback_event where sequence = 17",
    "delete from ringback_event where sequence = 5",
    "insert into ringback_event (sequence, feed, kind, happened_at, done_by, what, previous, hash)"
    " select 18, feed, kind, happened_at, done_by, what, hash, 'x' from ringback_event where sequence = 16",
    "update ringback_event set sequence = 20 where sequence = 9",
)


def test_each_thing_that_happens_to_a_feed_has_its_event(small: Any) -> None:
    _busy_days(small)

    told = [(event["feed"], event["kind"], event["done_by"]) for event in small.store.chain().events]

    assert told == [
        (None, "began", "Ann"),
        ("clients", "approved", "Ann"),
        ("clients", "published", "night shift"),
        ("clients", "held", "night shift"),
        ("clients", "opened", "night shift"),
        ("clients", "released", "Ben"),
        ("clients", "went on", "Ben"),
        ("clients", "closed", "Ben"),
        ("clients", "held", "night shift"),
        ("clients", "reopened", "night shift"),
        ("clients", "dropped", "Ann"),
        ("clients", "went on", "Ann"),
        ("clients", "closed", "Ann"),
        ("clients", "refused", "night shift"),
        ("clients", "undone", "night shift"),
        ("clients", "reopened", "night shift"),
        ("clients", "approved in an emergency", "Ben"),
    ]


def test_an_event_says_when_it_happened_and_what_it_was(small: Any) -> None:
    _busy_days(small)

    events = small.store.chain().events

    assert events[5]["happened_at"] == DAY + timedelta(days=1)
    assert json.loads(str(events[13]["what"]))["outcome"] == "refused"
    assert json.loads(str(events[1]["what"]))["reason"] == "looked at"


def test_a_trail_that_nobody_touched_is_whole(small: Any) -> None:
    _busy_days(small)

    report = verify(small.store.chain())

    assert report.faults == ()
    assert (report.event_count, report.run_count, report.release_count, report.entry_count) == (17, 5, 2, 7)
    assert report.began_at == DAY


def test_a_database_without_ringbacks_tables_has_no_trail(store: Store) -> None:
    assert store.chain() == Chain(events=())


def test_a_run_that_is_rolled_back_leaves_no_event(small: Any) -> None:
    small.add({"client_no": "1"})
    before = small.store.chain()

    with (
        suppress(ZeroDivisionError),
        small.store.publishing(small.contract, kind=RunKind.IMPORT, previous=1, progress=Silent()) as publication,
    ):
        publication.write(small.change("1", name="x"))
        raise ZeroDivisionError

    assert small.store.chain() == before


def test_a_repair_is_told_as_one(small: Any) -> None:
    first = small.add({"client_no": "1"})

    small.publish(small.change("1", name="x"), kind=RunKind.REPAIR, repairs=first.id)

    assert [event["kind"] for event in small.store.chain().events][-3:] == ["published", "repaired", "opened"]


def test_the_trail_of_an_older_database_begins_with_what_is_in_it(
    small: Any, target: str, administer: Any, make_older: Any
) -> None:
    small.add({"client_no": "1", "name": "a"})
    held = _hold(small, name="b")
    make_older(4)

    none = small.store.chain()
    small.store.drop(held.id, at=DAY, by="Ann")
    chain = small.store.chain()

    assert none == Chain(events=())
    assert [event["kind"] for event in chain.events] == ["began", "dropped"]
    assert json.loads(str(chain.events[0]["what"]))["runs"].keys() == {"1"}
    assert verify(chain).faults == ()
    administer(target, "update ringback_run set done_by = 'Eve' where id = 1")
    assert verify(small.store.chain()).faults == ("R1 is not as its newest event tells",)


def test_writers_of_several_feeds_at_once_make_one_chain(make_feed: Any, target: str) -> None:
    feeds = [make_feed("client_no", feed=name, target={"table": name}) for name in ("one", "two", "three")]
    make_feed("client_no").add({"client_no": "0"})

    _at_once([_publisher(feed, target, times=4) for feed in feeds])

    chain = feeds[0].store.chain()
    assert verify(chain).faults == ()
    assert (len(chain.events), len(chain.runs)) == (14, 13)


def test_a_run_planned_before_others_committed_follows_their_events(make_feed: Any, opened: Any, target: str) -> None:
    one, two = (make_feed("client_no", feed=name, target={"table": name}) for name in ("one", "two"))
    one.add({"client_no": "0"})
    if target.startswith("sqlite"):
        pytest.skip("SQLite has one writer at a time")
    other = replace(two, store=opened(target))

    with one.store.publishing(one.contract, kind=RunKind.IMPORT, previous=1, progress=Silent()) as publication:
        publication.write(one.changes(added=one.records({"client_no": "1"})))
        other.add({"client_no": "1"})
        publication.finish(one.run())

    chain = one.store.chain()
    assert [event["feed"] for event in chain.events] == [None, "one", "two", "one"]
    assert verify(chain).faults == ()


def test_the_database_itself_refuses_two_events_after_the_same_one(small: Any, target: str, administer: Any) -> None:
    small.add({"client_no": "1"})

    with pytest.raises(Exception, match=r"(?i)unique"):
        administer(
            target,
            "insert into ringback_event (sequence, kind, previous)"
            " select 99, 'published', previous from ringback_event where sequence = 2",
        )


def test_two_approvals_at_once_do_not_overlook_each_other(store: Store) -> None:
    store.approve(_RELEASE, after=None, by="Ann")

    with pytest.raises(StoreError, match="release 1 of clients was approved meanwhile"):
        store.approve(replace(_RELEASE, fingerprint="f2"), after=None, by="Ben")

    assert len(store.releases("clients")) == 1
    assert verify(store.chain()).faults == ()


def test_each_tampering_with_the_database_is_found(small: Any, target: str, administer: Any) -> None:
    _busy_days(small)
    seen = verify(small.store.chain()).faults

    for statement in TAMPERINGS_IN_SQL:
        administer(target, statement)
        found = verify(small.store.chain()).faults
        assert set(found) - set(seen), statement
        seen = found

    assert len(seen) >= len(TAMPERINGS_IN_SQL)


def test_what_was_tampered_with_is_named(small: Any, target: str, administer: Any) -> None:
    _busy_days(small)

    administer(
        target,
        "update ringback_event set done_by = 'Eve' where sequence = 3",
        "delete from ringback_event where sequence = 17",
        "update ringback_run set done_by = 'Eve' where id = 4",
        "delete from ringback_release where id = 1",
    )

    assert verify(small.store.chain()).faults == (
        "event 3 is not as it was written",
        "R4 is not as its newest event tells",
        "release 2 is in the database, and no event tells of it",
        "release 1 is told of by an event, and is not in the database",
    )


def test_ten_thousand_random_tamperings_are_all_found(make_plain_feed: Any, sqlite: str, opened: Any) -> None:
    feed = make_plain_feed(opened(sqlite), "client_no", "name", "balance")
    _busy_days(feed)
    whole, rng = feed.store.chain(), random.Random(10)
    assert verify(whole).faults == ()

    unseen = []
    for number in range(TAMPERINGS):
        name, tampered = _tampered(whole, rng)
        assert tampered != whole
        if not verify(tampered).faults:
            unseen.append((number, name))

    assert unseen == []


def test_the_newest_events_cut_off_with_what_they_tell_of_are_found_by_who_kept_the_head(small: Any) -> None:
    _busy_days(small)
    chain = small.store.chain()
    head = str(chain.events[-1]["hash"])

    cut = replace(chain, events=chain.events[:-1], releases=chain.releases[:-1])

    assert verify(cut).faults == ()  # nothing in the database can tell
    assert verify(cut, head=head).faults == (
        f"no event has the hash {head}: events up to it were cut off or written anew",
    )


def test_a_chain_that_was_written_anew_is_found_by_who_kept_a_hash_of_it(small: Any) -> None:
    _busy_days(small)
    chain = small.store.chain()
    kept = str(chain.events[5]["hash"])

    anew = replace(chain, events=tuple(_sealed_anew(chain.events, 3, done_by="Eve")))

    assert verify(anew).faults == ()
    assert verify(chain, head=kept).known_head == 6
    assert verify(anew, head=kept).faults != ()
    assert verify(anew, head=str(chain.events[1]["hash"])).faults == ()  # what was kept is older than the change


def test_an_event_that_is_sealed_but_tells_what_is_not_so_is_found(small: Any) -> None:
    _busy_days(small)
    chain = small.store.chain()
    last = chain.events[-1]
    seventh = {"run": 7, "content": "ab" * 32}

    for kind, what in [("published", seventh), ("dropped", {"run": 1, "content": content(chain.runs[0])}), ("x", "[")]:
        told = what if isinstance(what, str) else json.dumps(what)
        forged = {**last, "sequence": 18, "kind": kind, "what": told, "previous": last["hash"]}

        faults = verify(replace(chain, events=(*chain.events, {**forged, "hash": seal(forged)}))).faults

        assert len(faults) == 1


# -- what happens


def _busy_days(feed: Any) -> None:
    """Approve, import, hold and release, hold and drop, refuse, undo, approve in an emergency."""
    feed.store.approve(_RELEASE, after=None, by="Ann")
    feed.add({"client_no": "1", "name": "a"})
    held = _hold(feed, name="b")
    with feed.store.publishing(
        feed.contract,
        kind=RunKind.IMPORT,
        previous=1,
        progress=Silent(),
        releases=held.id,
        released_at=DAY + timedelta(days=1),
    ) as publication:
        publication.write(feed.change("1", name="b"))
        publication.finish(replace(held, by="Ben"))
    feed.store.drop(_hold(feed, name="c").id, at=DAY, by="Ann")
    feed.store.record(feed.run(outcome=Outcome.REFUSED))
    feed.publish(feed.change("1", name="a"), kind=RunKind.UNDO, undoes=2)
    feed.store.approve(replace(_RELEASE, emergency=True, approved_by="Ben"), after=1, by="Ben")


def _hold(feed: Any, **told: Any) -> Any:
    changes = feed.change("1", **told)
    newest = feed.store.last_published("clients")
    return feed.store.set_aside(feed.contract, feed.run(previous=newest.id), [changes], [])


_RELEASE = Release(
    id=0,
    feed="clients",
    fingerprint="f1",
    contract_text="feed: clients\n",
    software={"polars": "2.1.0"},
    approved_by="Ann",
    approved_at=DAY,
    reason="looked at",
    author="Ben",
)


def _publisher(feed: Any, target: str, *, times: int) -> Callable[[], None]:
    def publish() -> None:
        with closing(open_store(target, patience_seconds=20)) as store:
            for number in range(times):
                replace(feed, store=store).add({"client_no": str(number)})

    return publish


def _at_once(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# -- tampering


def _sealed_anew(events: tuple[Row, ...], number: int, **other: Any) -> Iterator[Row]:
    """Change an event, and seal it and all later ones."""
    previous = ""
    for event in events:
        if event["sequence"] == number:
            event = {**event, **other}
        elif previous:
            event = {**event, "previous": previous}
        event = {**event, "hash": seal(event)}
        previous = str(event["hash"]) if int(str(event["sequence"])) >= number else ""
        yield event


def _tampered(chain: Chain, rng: random.Random) -> tuple[str, Chain]:
    """The trail with one random change of its events, or of the runs, releases and entries that they tell of."""
    table = rng.choice(("events", "runs", "releases", "entries"))
    rows = list(getattr(chain, table))
    how = rng.choice((_edit, _remove, _swap, _insert))
    how(rows, "sequence" if table == "events" else "id", rng)
    rows.sort(key=lambda row: row["sequence" if table == "events" else "id"])
    return f"{how.__name__} {table}", replace(chain, **{table: tuple(rows)})


def _edit(rows: list[Row], number: str, rng: random.Random) -> None:
    place = rng.randrange(len(rows))
    column = rng.choice(sorted(rows[place]))
    rows[place] = {**rows[place], column: _another(rows[place][column], column, rows, rng)}


def _remove(rows: list[Row], number: str, rng: random.Random) -> None:
    del rows[rng.randrange(len(rows))]


def _swap(rows: list[Row], number: str, rng: random.Random) -> None:
    """Two rows change places: all that they say, or one column in which they differ."""
    one, other = rng.sample(range(len(rows)), 2)
    differing = [name for name in rows[one] if rows[one][name] != rows[other][name] and name != number]
    names = differing if rng.random() < 0.5 else [rng.choice(differing)]
    first, second = rows[one], rows[other]
    rows[one] = {**first, **{name: second[name] for name in names}}
    rows[other] = {**second, **{name: first[name] for name in names}}


def _insert(rows: list[Row], number: str, rng: random.Random) -> None:
    """A copy of a row, with or without another change, under a number that is free or in the place of others."""
    copy = dict(rng.choice(rows))
    free = rng.random() < 0.5
    copy[number] = len(rows) + 1 if free else rng.randrange(1, len(rows) + 1)
    if not free and number == "sequence":
        for place, row in enumerate(rows):
            if row[number] >= copy[number]:  # type: ignore[operator]
                rows[place] = {**row, number: row[number] + 1}  # type: ignore[operator]
    elif not free:
        copy[number] = -copy[number]
    column = rng.choice(sorted(set(copy) - {number}))
    if rng.random() < 0.5:
        copy[column] = _another(copy[column], column, rows, rng)
    rows.append(copy)


def _another(value: object, column: str, rows: list[Row], rng: random.Random) -> Any:
    """Another value of the same type: one of another row, nothing, or one that is a little different."""
    others = [row[column] for row in rows if row[column] != value]
    if others and rng.random() < 0.3 and column not in {"sequence", "id"}:
        return rng.choice(others)
    if value is not None and rng.random() < 0.2 and column not in {"sequence", "id"}:
        return None
    if isinstance(value, bool) or (value is None and column in {"partial", "emergency"}):
        return not value
    if isinstance(value, int):
        return value + rng.choice((-1000, 1000, 12345))
    if isinstance(value, datetime):
        return value + timedelta(microseconds=rng.choice((1, -1, 10**9)))
    if isinstance(value, str) and value:
        place = rng.randrange(len(value))
        return value[:place] + chr((ord(value[place]) + 1) % 0x110000) + value[place + 1 :]
    return rng.choice(("", "x")) if value is None else "x"
