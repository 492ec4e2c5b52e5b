"""The audit trail: who did what and when, each event sealed with the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, cast

from ringback.model.canonical import text_of
from ringback.model.field import Value

Row: TypeAlias = Mapping[str, object]  # one row of a table of ringback's own: column -> typed value
Told: TypeAlias = Mapping[str, "str | int | bool | list[str] | dict[str, str] | None"]  # as JSON has it

BEFORE_ALL = "0" * 64  # what the first event has for the hash of the one before it


class EventKind(StrEnum):
    """What an event tells of."""

    BEGAN = "began"  # of the trail itself: what was in the database by then
    APPROVED = "approved"
    EMERGENCY = "approved in an emergency"
    PUBLISHED = "published"
    HELD = "held"
    RELEASED = "released"
    DROPPED = "dropped"
    REFUSED = "refused"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    UNDONE = "undone"
    REPAIRED = "repaired"
    ACKNOWLEDGED = "acknowledged"
    TRAINING = "training"
    OPENED = "opened"  # this and the following: of an incident
    WENT_ON = "went on"
    COMPLAINT = "complaint"
    NOTED = "noted"
    FOUND = "found"
    MEASURE = "measure"
    REOPENED = "reopened"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What an event says, before it has its place."""

    feed: str | None
    kind: EventKind
    at: datetime
    by: str
    what: Told

    def placed(self, sequence: int, previous: str) -> Row:
        """The event as a row, sealed."""
        what = json.dumps(self.what, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        told = {"feed": self.feed, "kind": str(self.kind), "happened_at": self.at, "done_by": self.by, "what": what}
        row: Row = {"sequence": sequence, **told, "previous": previous}
        return {**row, "hash": content(row)}


def content(row: Row) -> str:
    """SHA-256, hexadecimal, of all that a row says: each column that says something, in canonical text.

    Columns that say nothing are left out: a table that gets another column later keeps the content of its older rows,
    as long as these say nothing in it.
    """
    said = {name: text_of(cast("Value", value)) for name, value in row.items() if value is not None}
    written = json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(written.encode("ascii")).hexdigest()


def seal(event: Row) -> str:
    """What the hash of an event must be."""
    return content({name: value for name, value in event.items() if name != "hash"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """All events of a database, and what they must agree with, as they stand at one moment."""

    events: tuple[Row, ...]  # in the order of their sequence
    runs: tuple[Row, ...] = ()
    releases: tuple[Row, ...] = ()
    evidence: Mapping[int, str | None] = field(default_factory=dict)  # trial -> its digest; None: it is not whole
    acknowledgements: tuple[Row, ...] = ()
    trainings: tuple[Row, ...] = ()
    entries: tuple[Row, ...] = ()  # of incidents


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """Whether the trail is whole."""

    faults: tuple[str, ...]
    event_count: int
    run_count: int
    release_count: int
    began_at: datetime | None  # None: there are no events
    head: str | None  # the hash of the newest event
    acknowledgement_count: int = 0
    training_count: int = 0
    entry_count: int = 0  # of incidents
    known_head: int | None = None  # the event whose hash somebody kept; None: not asked, or not found
