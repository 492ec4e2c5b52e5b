"""What a place for records must do. One suite of tests runs on every implementation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import polars as pl

from ringback.model.acknowledgement import Acknowledgement
from ringback.model.baseline import LENGTH, Measures
from ringback.model.change import ChangeSet
from ringback.model.contract import Contract
from ringback.model.drill import Drilled
from ringback.model.event import Chain
from ringback.model.incident import Entry, Incident
from ringback.model.progress import Progress
from ringback.model.reading import ReadingDigest
from ringback.model.release import Release
from ringback.model.run import Run, RunKind
from ringback.model.training import Training
from ringback.model.trial import Trial

# Cells of history: one row per changed value, so that a value's story is one query.
#   run, kind ("added" | "changed" | "removed"), line, the key columns (typed), field, before, after (canonical text).
# A record added by an import has one row, with `field` null: its values are in the archive under its line.
# A record added by an undo or a repair has one row per field, with `after`; a removed record, with `before`.


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveTable:
    """The customer's own table as it stands."""

    columns: dict[str, str]  # name -> type as the database says it
    unique_keys: tuple[tuple[str, ...], ...]  # the primary key and every unique index without a condition


class Publication(Protocol):
    """One open transaction that writes one run. Leaving it without `finish` rolls everything back."""

    run_id: int

    def write(self, changes: ChangeSet) -> None:
        """Live table and history. Raises: StaleChangeSet, when the held records are not as in `changes.before`."""

    def quarantine(self, rejects: pl.DataFrame) -> None:
        """Store rejects (REJECT_SCHEMA) under this run."""

    def measured(self, measures: Measures) -> None:
        """Keep what the run measured: part of the feed's baseline once it is published."""

    def read_as(self, digest: ReadingDigest) -> None:
        """Keep the digests of what the run read: other software is compared with them."""

    def held(self) -> Iterator[pl.DataFrame]:
        """The live table as this transaction sees it: the contract's fields and the closed mark, typed.

        Take every frame before anything else is written: one connection does one thing at a time.
        """

    @property
    def tells_written(self) -> bool:
        """Whether the database tells which records this transaction wrote; the others are as `held` first gave them."""

    def written(self) -> Iterator[pl.DataFrame]:
        """The records that this transaction wrote, by whatever statement or trigger. Only with `tells_written`."""

    def row_count(self) -> int:
        """How many records this transaction sees."""

    def finish(self, run: Run) -> Run:
        """Write the ledger row and commit; after a lost connection the ledger is asked before anything is said.

        Raises: StoreError, which says whether the run is in.
        """


class Store(Protocol):
    """A database with live tables and ringback's own tables. Every wait is bounded."""

    def close(self) -> None:
        """Give the connection back."""

    # -- gate
    def releases(self, feed: str) -> tuple[Release, ...]:
        """All approved releases of a feed, newest first."""

    def approve(self, release: Release, *, after: int | None, by: str) -> Release:
        """Store a release (its `id` is given here), and the event that tells of it.

        `after`: the release that it replaces. Raises: StoreError, when another was approved since.
        """

    def drilled(self, score: Drilled) -> Drilled:
        """Store the score of a drill (its `id` is given here)."""

    def drills(self, feed: str) -> tuple[Drilled, ...]:
        """All scores of a feed's drills, newest first."""

    def tried(self, trial: Trial) -> Trial:
        """Store the evidence of a trial (its `id` is given here)."""

    def trials(self, feed: str) -> tuple[Trial, ...]:
        """All trials of a feed, newest first. Raises: StoreError, where the evidence is not as it was written."""

    # -- people
    def acknowledge(self, releases: Sequence[Release], *, at: datetime, by: str) -> tuple[Acknowledgement, ...]:
        """Store that somebody knows of releases, each with its event. Returns: those that are new, oldest first."""

    def acknowledgements(self, feed: str) -> tuple[Acknowledgement, ...]:
        """All of a feed, newest first."""

    def train(self, training: Training, *, at: datetime) -> Training:
        """Store a training as it stands now, with its event; a new one (`id` 0) gets its number here.

        Raises: StoreError, when it is not there, or has ended.
        """

    def trainings(self, feed: str) -> tuple[Training, ...]:
        """All of a feed, newest first."""

    # -- ledger
    def runs(self, feed: str | None = None, *, limit: int = 50) -> tuple[Run, ...]:
        """Runs, newest first."""

    def run(self, run_id: int) -> Run | None:
        """One run."""

    def last_published(self, feed: str) -> Run | None:
        """The run whose outcome the live table shows: newest published run of any kind."""

    def published_imports(self, feed: str, sha256: str) -> tuple[Run, ...]:
        """Published imports of this content, newest first."""

    def last_import(self, feed: str, *, without: frozenset[int]) -> Run | None:
        """Newest published import, corrections of others left aside, whose id is not in `without`."""

    def imports(self, feed: str, *, without: frozenset[int]) -> tuple[Run, ...]:
        """Published imports, newest first; corrections of others and `without` left aside."""

    def reading_digest(self, run_id: int) -> ReadingDigest | None:
        """The digests of what a run read; None where none were kept."""

    def baseline(self, feed: str, *, without: frozenset[int], limit: int = LENGTH) -> tuple[Measures, ...]:
        """What the newest published imports measured, oldest first; corrections of others and `without` left aside.

        Measures of another version than this ringback's are left out.
        """

    def undos(self, feed: str) -> tuple[Run, ...]:
        """Published undo runs, newest first."""

    def repairs(self, feed: str) -> tuple[Run, ...]:
        """Repair runs that were published or had nothing to change, newest first."""

    def held_runs(self) -> tuple[Run, ...]:
        """Runs of all feeds that wait for a person, newest first."""

    def published_after(self, feed: str, run_id: int) -> tuple[Run, ...]:
        """The runs of any kind that were published after this one, oldest first."""

    def record(self, run: Run) -> Run:
        """A ledger row for a run that writes no records: refused, unchanged, failed. Its `id` is given here."""

    def chain(self) -> Chain:
        """All events, and the runs and releases that they must agree with, at one moment."""

    # -- incidents
    def incidents(self, feed: str | None = None) -> tuple[Incident, ...]:
        """Incidents of one feed or of all, newest first.

        Holds, failed read-backs, undos and repairs open or join one in the transaction that they happen in; a hold that
        is released or dropped closes its own.
        """

    def open_incidents(self, feed: str, *, field: str | None = None) -> tuple[Incident, ...]:
        """Those of a feed that are open; with `field`, those that concern it, or of which no field is known yet."""

    def tell_incident(self, entry: Entry) -> Entry:
        """Write an entry with its event (its `id` is given here); with incident 0, of a new incident.

        Raises: StoreError, when there is no such incident.
        """

    # -- live table
    def live_table(self, contract: Contract) -> LiveTable | None:
        """The table as it stands; None when it is still to be created."""

    def held(self, contract: Contract) -> Iterator[pl.DataFrame]:
        """All held records in frames of bounded size, typed as the contract says (`closed` beside, when in use)."""

    def held_at(self, contract: Contract, keys: pl.DataFrame) -> pl.DataFrame:
        """The held records with these keys (a frame of the key columns)."""

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
        """Open the one transaction of a run.

        The feed is locked in the database; `previous` must still be the feed's last published run.
        With `releases`, a held run becomes published under its own id and its staged rows are replaced; its event
        is of `released_at`, where all others are of their run's start.
        Raises: StaleChangeSet, when another run came in between; StoreError, when the database is away or locked.
        """

    def set_aside(
        self,
        contract: Contract,
        run: Run,
        changes: Iterable[ChangeSet],
        rejects: Iterable[pl.DataFrame],
        *,
        progress: Progress = ...,
    ) -> Run:
        """Keep a held run for a person: its ledger row, changed and removed cells, rejects. The live table stays."""

    def drop(self, run_id: int, *, at: datetime, by: str) -> Run:
        """Mark a held run dropped; its cells and rejects stay for reading."""

    # -- history
    def cells_of_run(self, contract: Contract, run_id: int) -> Iterator[pl.DataFrame]:
        """All history cells of one run, in frames of bounded size."""

    def cells_after(self, contract: Contract, run_id: int | None, keys: pl.DataFrame) -> pl.DataFrame:
        """Cells of later published runs for these keys, oldest first; those of all published runs without `run_id`."""

    def cells_of_key(self, contract: Contract, key: tuple[object, ...]) -> pl.DataFrame:
        """One client's cells of published runs, oldest first."""

    def rejects(self, feed: str, run_id: int | None = None) -> Iterator[pl.DataFrame]:
        """Quarantined rows: REJECT_SCHEMA and `run`. Without `run_id`, those of the newest published import."""
