"""One run's only transaction: everything of it, or nothing."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from ringback.errors import StaleChangeSet, StoreError
from ringback.model.baseline import Measures
from ringback.model.change import ChangeSet
from ringback.model.contract import Contract
from ringback.model.event import EventKind
from ringback.model.progress import Progress
from ringback.model.reading import ReadingDigest
from ringback.model.run import Outcome, Run, RunKind
from ringback.store import baseline, event, incident, ledger, own, quarantine, reading
from ringback.store.dialect import Dialect
from ringback.store.fault import Cause, DatabaseRefused, speaking
from ringback.store.history import History
from ringback.store.link import Link
from ringback.store.live import STALE_MEND, STALE_WHY, Live, LiveWriter

NOTHING_IN = "Nothing of this run is in the database."
_TRIES = 5  # reconnections after a commit whose answer was lost; with the pauses below about 15 s
_PAUSE_SECONDS = 1.0  # before the second try; half as long again before each later one


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a publication is to be."""

    contract: Contract
    kind: RunKind
    previous: int | None
    releases: int | None
    released_at: datetime | None
    progress: Progress

    @property
    def feed(self) -> str:
        """The feed's name."""
        return self.contract.feed


@contextmanager
def publishing(dialect: Dialect, intent: Intent, beside: event.Lender) -> Iterator[OpenPublication]:
    """Open the transaction; leaving the block without `finish` rolls everything back.

    `beside` lends a connection that sees what others have committed meanwhile.
    """
    where = f"publishing a run of {intent.feed}"
    with speaking(where, NOTHING_IN):
        link = dialect.connect()
        try:
            own.make(link)
            link.run(dialect.begin_run)
            publication = OpenPublication(link, intent, beside)
            try:
                yield publication
            finally:
                if not publication.is_over:
                    publication.link.rollback()
        finally:
            link.close()


class OpenPublication:
    """See `protocol.Publication`."""

    def __init__(self, link: Link, intent: Intent, beside: event.Lender) -> None:
        self.link, self._intent, self._beside = link, intent, beside
        self.is_over = False
        self._progress = intent.progress
        self._progress.at("publish.begun")
        try:
            self._open()
        except BaseException:
            link.rollback()
            raise

    def _open(self) -> None:
        link, intent = self.link, self._intent
        ledger.claim(link, intent.feed)
        self._progress.at("publish.locked")
        self._require_previous()
        self._history = History(intent.contract)
        self._history_is_new = self._history.make(link)
        self.run_id = self._take_up(intent.releases) if intent.releases is not None else ledger.next_id(link)
        self._live = LiveWriter(Live.of(intent.contract), link, self._progress)
        self._progress.at("publish.table_ready")

    def _require_previous(self) -> None:
        newest = ledger.last_published(self.link, self._intent.feed)
        if (newest.id if newest else None) != self._intent.previous:
            raise StaleChangeSet(
                f"another run of {self._intent.feed} was published since the plan was made",
                why=STALE_WHY,
                mend=STALE_MEND,
            )

    def _take_up(self, run_id: int) -> int:
        """Make a held run this one: what was staged of it is written anew."""
        require_held(self.link, run_id, self._intent.feed)
        self._history.clear(self.link, run_id)
        quarantine.clear(self.link, run_id)
        return run_id

    def write(self, changes: ChangeSet) -> None:
        """Live table and history."""
        with speaking(self._where, NOTHING_IN):
            self._live.write(changes)
            added_whole = self._intent.kind is RunKind.IMPORT
            self._history.write(self.link, self.run_id, changes, added_whole=added_whole)
            self._progress.at("publish.history_written")

    def quarantine(self, rejects: pl.DataFrame) -> None:
        """Rejects under this run."""
        with speaking(self._where, NOTHING_IN):
            quarantine.store(self.link, self.run_id, rejects)
            self._progress.at("publish.quarantine_written")

    def measured(self, measures: Measures) -> None:
        """Keep what the run measured, for the baseline."""
        with speaking(self._where, NOTHING_IN):
            baseline.store(self.link, self.run_id, self._intent.feed, measures)
            self._progress.at("publish.baseline_written")

    def read_as(self, digest: ReadingDigest) -> None:
        """Keep the digests of what the run read."""
        with speaking(self._where, NOTHING_IN):
            reading.store(self.link, self.run_id, self._intent.feed, digest)
            self._progress.at("publish.reading_written")

    def held(self) -> Iterator[pl.DataFrame]:
        """The live table as this transaction sees it. Take every frame before anything else is written."""
        with speaking(self._where, NOTHING_IN):
            yield from self._live.rows()

    @property
    def tells_written(self) -> bool:
        """Whether the database tells which records this transaction wrote."""
        return self.link.dialect.written is not None

    def written(self) -> Iterator[pl.DataFrame]:
        """The records that this transaction wrote, by whatever statement. Only with `tells_written`."""
        with speaking(self._where, NOTHING_IN):
            yield from self._live.written()

    def row_count(self) -> int:
        """How many records this transaction sees."""
        with speaking(self._where, NOTHING_IN):
            return self._live.row_count()

    def finish(self, run: Run) -> Run:
        """Ledger row, event, and commit."""
        token = uuid.uuid4().hex
        finished = replace(run, id=self.run_id, previous=self._intent.previous, outcome=Outcome.PUBLISHED)
        with speaking(self._where, NOTHING_IN):
            self._live.complete()
            if self._history_is_new:
                self._history.make_indexes(self.link)
            position = ledger.position_after(self.link, self._intent.previous)
            self._insert(finished, position, token)
            self._progress.at("publish.ledger_written")
        self._commit(token)
        self._progress.at("publish.committed")
        return finished

    @property
    def _where(self) -> str:
        return f"publishing R{self.run_id} of {self._intent.feed}"

    def _insert(self, run: Run, position: int, token: str) -> None:
        kind = event.kind_of(run) if self._intent.releases is None else EventKind.RELEASED
        act = event.Act(kind=kind, at=self._intent.released_at or run.started_at, by=run.by)
        try:
            ledger.insert(self.link, run, position=position, token=token)
            event.tell_run(self.link, run, act, beside=self._beside)
            incident.follow(self.link, run, act, beside=self._beside)
        except DatabaseRefused as refused:
            if refused.cause is Cause.UNIQUE:
                raise StaleChangeSet(
                    f"another run of {run.feed} was published at the same time", why=STALE_WHY, mend=STALE_MEND
                ) from None
            raise

    def _commit(self, token: str) -> None:
        self.is_over = True
        try:
            self.link.run("commit")
        except DatabaseRefused as refused:
            self.link.rollback()
            if not settled(self.link.dialect, self._intent.feed, self.run_id, token):
                raise refused.told(self._where, NOTHING_IN) from None


def settled(dialect: Dialect, feed: str, run_id: int, token: str) -> bool:
    """Whether a run whose commit was not answered is in: the ledger is asked under the feed's lock.

    The lock is free only when the lost transaction is over, so that it cannot be committed after the answer.
    Raises: StoreError, when the ledger cannot be asked.
    """
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_PAUSE_SECONDS * 1.5 ** (attempt - 1))
        try:
            return _asked(dialect, feed, run_id, token)
        except DatabaseRefused:
            continue
    raise StoreError(
        f"it is not known yet whether R{run_id} of {feed} is in the database",
        where=f"publishing R{run_id} of {feed}",
        why="The connection was lost while the run was committed, and the ledger could not be asked since. "
        "The run is in as a whole or not at all.",
        mend=f"When the database is back: ringback show R{run_id}. "
        "If it is not there, nothing was published: import again.",
    )


def _asked(dialect: Dialect, feed: str, run_id: int, token: str) -> bool:
    link = dialect.connect()
    try:
        link.run(dialect.begin)
        ledger.claim(link, feed)
        return ledger.has(link, run_id, token)
    finally:
        link.rollback()
        link.close()


def require_held(link: Link, run_id: int, feed: str | None = None) -> Run:
    """The held run itself. Raises: StoreError, when it is none (any more)."""
    run = ledger.run(link, run_id)
    if run is None or run.outcome is not Outcome.HELD or feed not in {None, run.feed}:
        what = "there is no such run" if run is None else f"R{run_id} is {run.outcome}, not held"
        raise StoreError(what, where=f"R{run_id}", why="Nothing was changed.", mend="See the runs: ringback runs")
    return run
