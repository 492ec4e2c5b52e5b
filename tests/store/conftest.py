"""A feed with every kind of field, in a store of each kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from ringback.model.change import ChangeSet
from ringback.model.contract import Contract
from ringback.model.progress import Silent
from ringback.model.rows import LINE, no_rejects
from ringback.model.run import Outcome, Rows, Run, RunKind
from ringback.steps.interpret import FIELD_TYPES
from ringback.store import Store

ASKED: dict[str, dict[str, Any]] = {
    "client_no": {"type": "string"},
    "name": {"type": "string"},
    "born_on": {"type": "date", "format": "%d/%m/%Y"},
    "balance": {"type": "decimal", "scale": 2},
    "visits": {"type": "integer"},
    "active": {"type": "boolean", "trueValues": ["1"], "falseValues": ["0"]},
    "opens_at": {"type": "time", "format": "%H:%M"},
    "seen_at": {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S", "zone": "UTC"},
    "extra": {"type": "json"},
}


def contract(*names: str, **told: Any) -> Contract:
    """The contract of a feed with some of the fields."""
    fields = {name: FIELD_TYPES[ASKED[name]["type"]](**{**ASKED[name], "from": name}) for name in names or ASKED}
    return Contract(
        **{"feed": "clients", "key": ["client_no"], "target": {"table": "clients"}, "fields": fields, **told}
    )


@dataclass
class Feed:
    """A feed in a store, and what one can do with it."""

    store: Store
    contract: Contract
    progress: Silent

    @property
    def schema(self) -> pl.Schema:
        """Of a held record."""
        mark = {self.contract.target.closed: pl.Boolean()} if self.contract.missing == "close" else {}
        return pl.Schema({**{name: spec.dtype for name, spec in self.contract.fields.items()}, **mark})

    def records(self, *told: dict[str, Any], first_line: int = 2) -> pl.DataFrame:
        """Records as delivered; a field that is not told is null."""
        rows = [{LINE: first_line + number, **row} for number, row in enumerate(told)]
        return pl.DataFrame(rows, schema={LINE: pl.Int64(), **self.schema}, orient="row")

    def changes(
        self,
        added: pl.DataFrame | None = None,
        before: pl.DataFrame | None = None,
        after: pl.DataFrame | None = None,
        removed: pl.DataFrame | None = None,
    ) -> ChangeSet:
        """A change set."""
        none = self.records()
        return ChangeSet(
            key=self.contract.key,
            added=none if added is None else added,
            before=none.drop(LINE) if before is None else before,
            after=none if after is None else after,
            removed=none.drop(LINE) if removed is None else removed,
            missing=none.select(self.contract.key),
            unchanged_count=0,
        )

    def run(self, **told: Any) -> Run:
        """A run as a workflow would tell it."""
        return replace(_RUN, feed=self.contract.feed, **told)

    def publish(self, changes: ChangeSet, rejects: pl.DataFrame | None = None, **told: Any) -> Run:
        """Publish a run after the newest one."""
        newest = self.store.last_published(self.contract.feed)
        run = self.run(**told)
        with self.store.publishing(
            self.contract, kind=run.kind, previous=newest.id if newest else None, progress=self.progress
        ) as publication:
            publication.write(changes)
            publication.quarantine(no_rejects() if rejects is None else rejects)
            return publication.finish(run)

    def add(self, *told: dict[str, Any]) -> Run:
        """Publish new records."""
        return self.publish(self.changes(added=self.records(*told)))

    def change(self, key: str, **told: Any) -> ChangeSet:
        """A change set that gives one client other values."""
        held = self.held()
        before = held.filter(pl.col(self.contract.key[0]) == key)
        after = before.with_columns(pl.lit(value, dtype=self.schema[name]).alias(name) for name, value in told.items())
        return self.changes(before=before, after=after.select(pl.lit(9, dtype=pl.Int64).alias(LINE), pl.all()))

    def held(self) -> pl.DataFrame:
        """The live table, sorted by key."""
        frames = [pl.DataFrame(schema=self.schema), *self.store.held(self.contract)]
        return pl.concat(frames).sort(self.contract.key)

    def cells(self, run: Run) -> pl.DataFrame:
        """A run's cells."""
        frames = list(self.store.cells_of_run(self.contract, run.id))
        return pl.concat(frames) if frames else pl.DataFrame()


_RUN = Run(
    id=0,
    feed="clients",
    kind=RunKind.IMPORT,
    outcome=Outcome.PUBLISHED,
    file_name="clients_2024-08-09.csv",
    sha256="ab" * 32,
    size_bytes=118,
    issued="2024-08-09",
    fingerprint="cd" * 32,
    previous=None,
    undoes=None,
    repairs=None,
    partial=False,
    corrects=None,
    rows=Rows(read=2, added=2),
    removed=0,
    closed=0,
    missing=0,
    changed_by_field={},
    findings=(),
    plan_digest="ef" * 32,
    started_at=datetime(2024, 8, 10, 0, 0, 1, 5, tzinfo=UTC),
    by="night shift",
)

LATER = {  # version of ringback's own tables -> what takes it back
    2: ("drop table ringback_baseline",),
    3: ("drop table ringback_drill",),
    4: ("drop table ringback_reading", "drop table ringback_trial"),
    5: (
        "drop table ringback_event",
        *(f"alter table ringback_release drop column {name}" for name in ("author", "emergency", "trial", "evidence")),
    ),
    6: ("alter table ringback_run drop column repairs",),
    7: ("alter table ringback_drill drop column counts",),
    8: (
        "drop table ringback_acknowledgement",
        "drop table ringback_training",
        "alter table ringback_release drop column notes",
    ),
    9: ("drop table ringback_incident",),
}
MakeFeed = Callable[..., Feed]


@pytest.fixture
def make_older(target: str, administer: Callable[..., None]) -> Callable[[int], None]:
    """Makes the database one that a ringback with tables of this version has left."""

    def make(wanted: int) -> None:
        taken_back = [statement for version, each in reversed(LATER.items()) if version > wanted for statement in each]
        administer(target, *taken_back, f"update ringback_schema set version = {wanted}")

    return make


@pytest.fixture
def make_feed(store: Store) -> MakeFeed:
    """Makes a feed with some of the fields, on each kind of database in turn."""

    def make(*names: str, progress: Silent | None = None, **told: Any) -> Feed:
        return Feed(store, contract(*names, **told), progress or Silent())

    return make


@pytest.fixture
def feed(make_feed: MakeFeed) -> Feed:
    """A feed with every kind of field."""
    return make_feed()


@pytest.fixture
def small(make_feed: MakeFeed) -> Feed:
    """A feed with a number, a name and a balance."""
    return make_feed("client_no", "name", "balance")


@pytest.fixture
def make_contract() -> Callable[..., Contract]:
    """Makes the contract of a feed with some of the fields."""
    return contract


@pytest.fixture
def make_plain_feed() -> Callable[..., Feed]:
    """Makes a feed with some of the fields in a store that is given."""
    return lambda store, *names, **told: Feed(store, contract(*names, **told), Silent())
