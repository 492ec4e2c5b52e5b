"""The audit trail in the database. Each event is written in the transaction of what it tells of.

Writers queue at a lock that each takes last of all and keeps until it has committed, so that every event follows the
newest one. Should somebody write without the lock, the database refuses the second event that follows the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from ringback.model.acknowledgement import Acknowledgement
from ringback.model.event import BEFORE_ALL, Chain, EventKind, Row, Telling, Told, content
from ringback.model.finding import Severity
from ringback.model.incident import Entry
from ringback.model.release import Release
from ringback.model.run import Outcome, Run, RunKind
from ringback.model.training import Training
from ringback.store import trial
from ringback.store.link import Link
from ringback.store.own import (
    ACKNOWLEDGEMENT,
    ACKNOWLEDGEMENT_SHAPE,
    EVENT,
    EVENT_SHAPE,
    INCIDENT,
    INCIDENT_SHAPE,
    RELEASE,
    RELEASE_WHOLE,
    RUN,
    RUN_SHAPE,
    TRAINING,
    TRAINING_SHAPE,
    release_shape,
    run_shape,
)
from ringback.store.shape import Shape, Table, frame

Lender = Callable[[], AbstractContextManager[Link]]  # of a connection beside the one that writes

_HEAD: Shape = tuple(column for column in EVENT_SHAPE if column.name in {"sequence", "hash"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who did something to a run, when, and what it is called."""

    kind: EventKind
    at: datetime
    by: str


def tell_run(link: Link, run: Run, act: Act, *, beside: Lender | None = None) -> None:
    """Add the event of a run whose row in the ledger is written. Inside its transaction, and the last of it.

    `beside`: given by a transaction that does not see what others have committed since it began.
    """
    codes = [finding.code for finding in run.findings if finding.severity is not Severity.NOTE]
    what: Told = {
        "run": run.id,
        "kind": str(run.kind),
        "outcome": str(run.outcome),
        "file": run.file_name,
        "sha256": run.sha256,
        "fingerprint": run.fingerprint,
        "codes": codes,
        "content": content(_one(link, RUN, RUN_SHAPE, run.id)),
    }
    _append(link, Telling(feed=run.feed, kind=act.kind, at=act.at, by=act.by, what=what), beside)


def tell_release(link: Link, release: Release, *, by: str) -> None:
    """Add the event of a release whose row is written. Inside its transaction, and the last of it."""
    what: Told = {
        "release": release.id,
        "fingerprint": release.fingerprint,
        "approved_by": release.approved_by,
        "author": release.author,
        "reason": release.reason,
        "trial": release.trial,
        "evidence": release.evidence,
        "notes": release.notes,
        "content": content(_one(link, RELEASE, RELEASE_WHOLE, release.id)),
    }
    kind = EventKind.EMERGENCY if release.emergency else EventKind.APPROVED
    _append(link, Telling(feed=release.feed, kind=kind, at=release.approved_at, by=by, what=what), None)


def tell_acknowledgement(link: Link, told: Acknowledgement) -> None:
    """Add the event of an acknowledgement whose row is written. Inside its transaction, and the last of it."""
    what: Told = {
        "acknowledgement": told.id,
        "release": told.release,
        "content": content(_one(link, ACKNOWLEDGEMENT, ACKNOWLEDGEMENT_SHAPE, told.id)),
    }
    _append(link, Telling(feed=told.feed, kind=EventKind.ACKNOWLEDGED, at=told.at, by=told.by, what=what), None)


def tell_training(link: Link, training: Training, *, at: datetime) -> None:
    """Add the event of a training whose row is written. Inside its transaction, and the last of it."""
    result = training.result
    what: Told = {
        "training": training.id,
        "state": str(training.state),
        "points": result.points.total if result else None,
        "content": content(_one(link, TRAINING, TRAINING_SHAPE, training.id)),
    }
    _append(link, Telling(feed=training.feed, kind=EventKind.TRAINING, at=at, by=training.by, what=what), None)


def next_number(link: Link, *, beside: Lender | None = None) -> int:
    """The number of the event that is added next; it stays so, for no other writer adds one before the commit."""
    link.dialect.lock_chain(link)
    newest = _head(link, beside)
    return newest[0] + 1 if newest else 2  # the first one tells what there was before


def tell_entry(link: Link, entry: Entry, *, beside: Lender | None = None) -> None:
    """Add the event of an incident's entry whose row is written. Inside its transaction, and the last of it."""
    what: Told = {
        "incident": entry.incident,
        "entry": entry.id,
        "content": content(_one(link, INCIDENT, INCIDENT_SHAPE, entry.id)),
    }
    kind = EventKind(str(entry.kind))
    _append(link, Telling(feed=entry.feed, kind=kind, at=entry.written_at, by=entry.by, what=what), beside)


def kind_of(run: Run) -> EventKind:
    """What a run that was not held before is called."""
    if run.outcome is not Outcome.PUBLISHED or run.kind is RunKind.IMPORT:
        return EventKind(str(run.outcome))
    return EventKind.UNDONE if run.kind is RunKind.UNDO else EventKind.REPAIRED


def chain(link: Link) -> Chain:
    """All events, runs and releases at one moment; nothing where an older ringback made the tables."""
    with _moment(link):
        if EVENT.name not in link.dialect.tables(link, (EVENT.name,)):
            return Chain(events=())
        return Chain(
            events=_all(link, EVENT, EVENT_SHAPE, by="sequence"),
            runs=_all(link, RUN, run_shape(link), by="id"),
            releases=_all(link, RELEASE, release_shape(link), by="id"),
            evidence=trial.evidence(link),
            acknowledgements=_later(link, ACKNOWLEDGEMENT, ACKNOWLEDGEMENT_SHAPE),
            trainings=_later(link, TRAINING, TRAINING_SHAPE),
            entries=_later(link, INCIDENT, INCIDENT_SHAPE),
        )


def _append(link: Link, telling: Telling, beside: Lender | None) -> None:
    link.dialect.lock_chain(link)
    newest = _head(link, beside)
    first = [] if newest else [_beginning(link, telling).placed(1, BEFORE_ALL)]
    sequence, previous = newest or (1, str(first[0]["hash"]))
    rows = [*first, telling.placed(sequence + 1, previous)]
    link.ingest(EVENT, frame(EVENT_SHAPE, *rows), EVENT_SHAPE)


def _head(link: Link, beside: Lender | None) -> tuple[int, str] | None:
    """The newest event's number and hash, of others or of this transaction. The lock is taken: there comes no other."""
    own = _newest(link)
    if beside is None or link.dialect.run_sees_newest:
        return own
    with beside() as other:
        return max((head for head in (own, _newest(other)) if head is not None), default=None)


def _newest(link: Link) -> tuple[int, str] | None:
    found = link.fetch(_HEAD, f"from {EVENT.sql} order by sequence desc limit 1")
    return None if found.is_empty() else (int(found["sequence"].item()), str(found["hash"].item()))


def _beginning(link: Link, telling: Telling) -> Telling:
    """What there is before the first event, but for what that one tells of."""
    runs = [row for row in _all(link, RUN, RUN_SHAPE, by="id") if row["id"] != telling.what.get("run")]
    releases = [row for row in _all(link, RELEASE, RELEASE_WHOLE, by="id") if row["id"] != telling.what.get("release")]
    what: Told = {
        "runs": {str(row["id"]): content(row) for row in runs},
        "held": [str(row["id"]) for row in runs if row["outcome"] == Outcome.HELD],
        "releases": {str(row["id"]): content(row) for row in releases},
    }
    return Telling(feed=None, kind=EventKind.BEGAN, at=telling.at, by=telling.by, what=what)


def _one(link: Link, table: Table, shape: Shape, number: int) -> Row:
    """A row as the database has it."""
    return link.fetch(shape, f"from {table.sql} where id = $1", number).row(0, named=True)


def _all(link: Link, table: Table, shape: Shape, *, by: str) -> tuple[Row, ...]:
    return tuple(link.fetch(shape, f"from {table.sql}").sort(by).iter_rows(named=True))


def _later(link: Link, table: Table, shape: Shape) -> tuple[Row, ...]:
    """All rows of a table that an older ringback did not make."""
    return _all(link, table, shape, by="id") if table.name in link.dialect.tables(link, (table.name,)) else ()


@contextmanager
def _moment(link: Link) -> Iterator[None]:
    link.run(link.dialect.begin_reading)
    try:
        yield
    finally:
        link.rollback()
