"""The store on a database; both databases share it, and differ in their dialect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime

import polars as pl

from ringback.model.acknowledgement import Acknowledgement
from ringback.model.baseline import LENGTH, Measures
from ringback.model.change import ChangeSet
from ringback.model.contract import Contract
from ringback.model.drill import Drilled
from ringback.model.event import Chain, EventKind
from ringback.model.incident import Entry, Incident
from ringback.model.progress import Progress, Silent
from ringback.model.reading import ReadingDigest
from ringback.model.release import Release
from ringback.model.run import Outcome, Run, RunKind
from ringback.model.training import Training
from ringback.model.trial import Trial
from ringback.store import acknowledgement, baseline, drill, event, incident, ledger, own, quarantine, reading
from ringback.store import training as trainings
from ringback.store import trial as trials
from ringback.store.dialect import Dialect
from ringback.store.fault import speaking
from ringback.store.history import History
from ringback.store.link import Link
from ringback.store.live import Live
from ringback.store.protocol import LiveTable, Publication
from ringback.store.publication import Intent, publishing, require_held

_SILENT = Silent()
_READING = "Nothing was written."
_NOT_WRITTEN = "Nothing of it is in the database."


class SqlStore:
    """See `protocol.Store`. For one thread. Operations that overlap have connections of their own."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._idle: Link | None = None

    def close(self) -> None:
        if self._idle is not None:
            self._idle.close()
            self._idle = None

    # -- gate
    def releases(self, feed: str) -> tuple[Release, ...]:
        with self._reading() as link:
            return ledger.releases(link, feed) if link else ()

    def approve(self, release: Release, *, after: int | None, by: str) -> Release:
        with self._writing(f"approving a release of {release.feed}") as link:
            link.dialect.lock_making(link)
            stored = ledger.approve(link, release, after=after)
            event.tell_release(link, stored, by=by)
            return stored

    def drilled(self, score: Drilled) -> Drilled:
        with self._writing(f"keeping the score of a drill of {score.feed}") as link:
            link.dialect.lock_making(link)
            return drill.store(link, score)

    def drills(self, feed: str) -> tuple[Drilled, ...]:
        with self._reading() as link:
            return drill.of_feed(link, feed) if link else ()

    def tried(self, trial: Trial) -> Trial:
        with self._writing(f"keeping the evidence of a trial of {trial.feed}") as link:
            link.dialect.lock_making(link)
            return trials.store(link, trial)

    def trials(self, feed: str) -> tuple[Trial, ...]:
        with self._reading() as link:
            return trials.of_feed(link, feed) if link else ()

    # -- people
    def acknowledge(self, releases: Sequence[Release], *, at: datetime, by: str) -> tuple[Acknowledgement, ...]:
        with self._writing("acknowledging a release") as link:
            link.dialect.lock_making(link)
            stored = acknowledgement.store(link, releases, at=at, by=by)
            for each in stored:
                event.tell_acknowledgement(link, each)
            return stored

    def acknowledgements(self, feed: str) -> tuple[Acknowledgement, ...]:
        with self._reading() as link:
            return acknowledgement.of_feed(link, feed) if link else ()

    def train(self, training: Training, *, at: datetime) -> Training:
        with self._writing(f"keeping a training of {training.feed}") as link:
            link.dialect.lock_making(link)
            stored = trainings.store(link, training)
            event.tell_training(link, stored, at=at)
            return stored

    def trainings(self, feed: str) -> tuple[Training, ...]:
        with self._reading() as link:
            return trainings.of_feed(link, feed) if link else ()

    # -- ledger
    def runs(self, feed: str | None = None, *, limit: int = 50) -> tuple[Run, ...]:
        with self._reading() as link:
            return ledger.runs(link, feed, limit) if link else ()

    def run(self, run_id: int) -> Run | None:
        with self._reading() as link:
            return ledger.run(link, run_id) if link else None

    def last_published(self, feed: str) -> Run | None:
        with self._reading() as link:
            return ledger.last_published(link, feed) if link else None

    def published_imports(self, feed: str, sha256: str) -> tuple[Run, ...]:
        with self._reading() as link:
            return ledger.published_imports(link, feed, sha256) if link else ()

    def last_import(self, feed: str, *, without: frozenset[int]) -> Run | None:
        with self._reading() as link:
            return ledger.last_import(link, feed, without) if link else None

    def imports(self, feed: str, *, without: frozenset[int]) -> tuple[Run, ...]:
        with self._reading() as link:
            return ledger.imports(link, feed, without) if link else ()

    def reading_digest(self, run_id: int) -> ReadingDigest | None:
        with self._reading() as link:
            return reading.of_run(link, run_id) if link else None

    def baseline(self, feed: str, *, without: frozenset[int], limit: int = LENGTH) -> tuple[Measures, ...]:
        with self._reading() as link:
            return baseline.of_feed(link, feed, without, limit) if link else ()

    def undos(self, feed: str) -> tuple[Run, ...]:
        with self._reading() as link:
            return ledger.undos(link, feed) if link else ()

    def repairs(self, feed: str) -> tuple[Run, ...]:
        with self._reading() as link:
            return ledger.repairs(link, feed) if link else ()

    def held_runs(self) -> tuple[Run, ...]:
        with self._reading() as link:
            return ledger.held(link) if link else ()

    def published_after(self, feed: str, run_id: int) -> tuple[Run, ...]:
        with self._reading() as link:
            return ledger.published_after(link, feed, run_id) if link else ()

    def record(self, run: Run) -> Run:
        with self._writing(f"recording a run of {run.feed}") as link:
            recorded = ledger.insert(link, replace(run, id=ledger.next_id(link)))
            _tell(link, recorded, _as_told(recorded))
            return recorded

    def chain(self) -> Chain:
        with self._reading() as link:
            return event.chain(link) if link else Chain(events=())

    # -- incidents
    def incidents(self, feed: str | None = None) -> tuple[Incident, ...]:
        with self._reading() as link:
            return incident.every(link, feed) if link else ()

    def open_incidents(self, feed: str, *, field: str | None = None) -> tuple[Incident, ...]:
        still_open = (each for each in self.incidents(feed) if each.is_open)
        return tuple(each for each in still_open if field is None or each.concerns(field))

    def tell_incident(self, entry: Entry) -> Entry:
        with self._writing(f"writing of an incident of {entry.feed}") as link:
            return incident.add(link, entry)

    # -- live table
    def live_table(self, contract: Contract) -> LiveTable | None:
        live = Live.of(contract)
        with self._linked() as link:
            standing = live.standing(link) if link else None
        return standing.public() if standing else None

    def held(self, contract: Contract) -> Iterator[pl.DataFrame]:
        live = Live.of(contract)
        with self._linked() as link:
            standing = live.fitting(link) if link else None
            if link and standing:
                yield from live.rows(link, standing)

    def held_at(self, contract: Contract, keys: pl.DataFrame) -> pl.DataFrame:
        live = Live.of(contract)
        with self._linked() as link:
            standing = live.fitting(link) if link else None
            if link is None or standing is None or keys.is_empty():
                return live.empty()
            with _passing(link):
                return live.rows_at(link, standing, keys)

    # -- writing
    def publishing(
        self,
        contract: Contract,
        *,
        kind: RunKind,
        previous: int | None,
        progress: Progress,
        releases: int | None = None,
        released_at: datetime | None = None,
    ) -> AbstractContextManager[Publication]:
        intent = Intent(
            contract=contract,
            kind=kind,
            previous=previous,
            releases=releases,
            released_at=released_at,
            progress=progress,
        )
        return publishing(self._dialect, intent, self._lent)

    def set_aside(
        self,
        contract: Contract,
        run: Run,
        changes: Iterable[ChangeSet],
        rejects: Iterable[pl.DataFrame],
        *,
        progress: Progress = _SILENT,
    ) -> Run:
        history = History(contract)
        with self._writing(f"holding a run of {contract.feed}") as link:
            progress.at("held.begun")
            ledger.claim(link, contract.feed)
            held = replace(run, id=ledger.next_id(link), outcome=Outcome.HELD)
            is_new = history.make(link)
            for change_set in changes:
                history.write_changed(link, held.id, change_set)
            for frame in rejects:
                quarantine.store(link, held.id, frame)
            if is_new:
                history.make_indexes(link)
            ledger.insert(link, held)
            _tell(link, held, _as_told(held))
            progress.at("held.written")
        progress.at("held.committed")
        return held

    def drop(self, run_id: int, *, at: datetime, by: str) -> Run:
        with self._writing(f"dropping R{run_id}") as link:
            ledger.claim(link, require_held(link, run_id).feed)
            run = require_held(link, run_id)  # it may have been released meanwhile
            ledger.set_outcome(link, run_id, Outcome.DROPPED)
            dropped = replace(run, outcome=Outcome.DROPPED)
            _tell(link, dropped, event.Act(kind=EventKind.DROPPED, at=at, by=by))
            return dropped

    # -- history
    def cells_of_run(self, contract: Contract, run_id: int) -> Iterator[pl.DataFrame]:
        history = History(contract)
        with self._reading() as link:
            if link and history.is_there(link):
                yield from history.cells_of_run(link, run_id)

    def cells_after(self, contract: Contract, run_id: int | None, keys: pl.DataFrame) -> pl.DataFrame:
        history = History(contract)
        with self._reading() as link:
            if link is None or keys.is_empty() or not history.is_there(link):
                return history.empty()
            with _passing(link):
                return history.cells_after(link, run_id, keys)

    def cells_of_key(self, contract: Contract, key: tuple[object, ...]) -> pl.DataFrame:
        history = History(contract)
        with self._reading() as link:
            return history.cells_of_key(link, key) if link and history.is_there(link) else history.empty()

    def rejects(self, feed: str, run_id: int | None = None) -> Iterator[pl.DataFrame]:
        with self._reading() as link:
            if link is None:
                return
            newest = ledger.last_published(link, feed) if run_id is None else None
            wanted = newest.id if newest else run_id
            if wanted is not None:
                yield from quarantine.rejects(link, wanted)

    # -- connections
    @contextmanager
    def _linked(self) -> Iterator[Link | None]:
        """A connection; None while there is no database at all."""
        with speaking(self._dialect.name, _READING):
            if not self._dialect.exists():
                yield None
                return
            with self._lent() as link:
                yield link

    @contextmanager
    def _reading(self) -> Iterator[Link | None]:
        """A connection; None while there are no tables of ringback's."""
        with self._linked() as link:
            yield link if link and own.are_there(link) else None

    @contextmanager
    def _writing(self, where: str) -> Iterator[Link]:
        """A connection in a transaction that is committed at the end of the block."""
        with speaking(where, _NOT_WRITTEN), self._lent() as link:
            own.make(link)
            with link.transaction():
                yield link

    @contextmanager
    def _lent(self) -> Iterator[Link]:
        """The idle connection or a new one; kept for the next operation when nothing went wrong."""
        link, self._idle = self._idle, None
        if link is None or not link.is_alive():
            link = self._dialect.connect()
        try:
            yield link
        except BaseException:
            link.close()
            raise
        if self._dialect.keeps_idle and self._idle is None:
            self._idle = link
        else:
            link.close()


def _tell(link: Link, run: Run, act: event.Act) -> None:
    event.tell_run(link, run, act)
    incident.follow(link, run, act)


def _as_told(run: Run) -> event.Act:
    return event.Act(kind=event.kind_of(run), at=run.started_at, by=run.by)


@contextmanager
def _passing(link: Link) -> Iterator[None]:
    """A transaction for temporary tables, rolled back."""
    link.run("begin")
    try:
        yield
    finally:
        link.rollback()
