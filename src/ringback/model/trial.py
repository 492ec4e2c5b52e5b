"""A trial: archived deliveries read under two contracts, or by two sets of software, compared."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from pydantic import TypeAdapter

from ringback.model.finding import Example, Finding, Verdict
from ringback.model.reading import ReadingDigest, RejectGroup
from ringback.model.release import Difference
from ringback.model.run import Run


class TrialKind(StrEnum):
    """What is compared with the working copy."""

    CONTRACT = "contract"  # the approved contract; both read by the software that is installed
    SOFTWARE = "software"  # the same contract: the digests that were stored when each delivery was imported
    MACHINES = "machines"  # the same contract: the digests that another environment has recorded


class FieldState(StrEnum):
    """Where a field is."""

    BOTH = "both"
    NEW = "new"
    GONE = "gone"


class Stored(StrEnum):
    """What the digests of a delivery's reading say, as they were kept."""

    SAME = "same"
    OTHER = "other"
    NONE = "none"  # kept by nobody, or of another contract
    NOT_ASKED = "not asked"  # of a sample, or of a reading under another contract


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTrial:
    """One field in all deliveries of a trial."""

    field: str
    state: FieldState = FieldState.BOTH
    compared: int = 0  # records that both readings have
    changed: int | None = 0  # of them: with another value; None where only a digest tells that there are any
    blanked: int = 0  # of them: a value by none
    filled: int = 0  # of them: no value by one
    misreading: str | None = None  # code in the catalogue, where one explains the changed values
    sentence: str | None = None  # the same in words, with its share
    explained: int = 0  # of the changed values
    line: int | None = None  # of the working copy

    @property
    def share(self) -> float | None:
        """Of the records compared, those that change, 0 to 1."""
        return None if self.changed is None else self.changed / self.compared if self.compared else 0.0

    @property
    def is_other(self) -> bool:
        """Whether its meaning changes in any record."""
        return self.changed != 0 or self.state is not FieldState.BOTH


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChanges:
    """Rows of deliveries by what becomes of them under another reading."""

    compared: int = 0  # records that both readings have
    changed: int = 0  # of them: with another value in any field
    entered: int = 0  # records that become rows in quarantine
    left: int = 0  # rows in quarantine that become records
    vanished: int = 0  # records whose line is no row any more
    appeared: int = 0  # records whose line was no row before
    rekeyed: int = 0  # records that are another client's
    merged: int = 0  # rows that come to share their key with another
    split: int = 0  # rows that no longer do

    def __add__(self, other: RowChanges) -> RowChanges:
        mine, others = astuple(self), astuple(other)
        return RowChanges(**dict(zip(self.__slots__, map(sum, zip(mine, others, strict=True)), strict=True)))

    @property
    def are_none(self) -> bool:
        """Whether every row is read as before."""
        return not any(astuple(replace(self, compared=0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryTrial:
    """One delivery under both readings."""

    run: int
    file_name: str
    sha256: str
    rows: int = 0  # looked at
    changes: RowChanges = field(default_factory=RowChanges)
    stored: Stored = Stored.NOT_ASKED
    differing: tuple[str, ...] = ()  # where OTHER: the fields, and "rows" or "rejects"
    records_before: int | None = None  # as the digests that were kept say
    verdict: Verdict | None = None  # of the new reading, on the table as this file left it; None where not judged
    news: tuple[str, ...] = ()  # codes of findings that hold or refuse it, and did not before
    refused: str | None = None  # why it cannot be read at all under the working copy

    @property
    def is_same(self) -> bool:
        """Whether nothing of it is read or judged otherwise."""
        known = self.stored is not Stored.OTHER and self.refused is None
        return self.changes.are_none and known and not self.news


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveEffect:
    """The live table against itself, after the newest delivery would have come again under the working copy."""

    run: int
    held: int
    added: int
    changed: int
    removed: int
    closed: int
    missing: int
    by_field: dict[str, int]

    @property
    def is_none(self) -> bool:
        """Whether it stays as it is."""
        return not (self.added or self.changed or self.removed or self.closed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The evidence of a trial, as the store keeps it: what `approve` binds a fingerprint to."""

    id: int
    feed: str
    kind: TrialKind
    before: str  # fingerprint of the release, or of the other environment
    after: str  # fingerprint of what was tried
    contract_changes: int  # places where the contract says something else
    needs_person: tuple[str, ...] = ()  # what a person must look at whatever was read, in sentences without values
    of_deliveries: int  # published imports that were not taken back
    share: float = 1.0  # of the rows that were read, 0 to 1
    deliveries: tuple[DeliveryTrial, ...]
    fields: tuple[FieldTrial, ...]
    live: LiveEffect | None = None
    at: datetime
    by: str
    digest: str = ""  # of all the above but `id`

    @property
    def changes_nothing(self) -> bool:
        """Whether every delivery was compared, whole, and reads the same."""
        compared = bool(self.deliveries) and all(_was_compared(each, self.kind) for each in self.deliveries)
        same = all(each.is_same for each in self.deliveries) and not any(each.is_other for each in self.fields)
        return compared and same and not self.needs_person

    @property
    def is_unreadable(self) -> bool:
        """Whether a delivery cannot be read at all under the working copy."""
        return any(each.refused is not None for each in self.deliveries)

    @property
    def rows(self) -> int:
        """Rows looked at."""
        return sum(each.rows for each in self.deliveries)

    @property
    def changes(self) -> RowChanges:
        """Rows of all deliveries."""
        return sum((each.changes for each in self.deliveries), RowChanges())

    def sealed(self) -> Trial:
        """The same with its digest."""
        return replace(self, digest=self._digest())

    @property
    def is_whole(self) -> bool:
        """Whether it is as it was sealed: nobody has changed a count."""
        return self.digest == self._digest()

    def _digest(self) -> str:
        plain = replace(self, id=0, digest="")
        return hashlib.sha256(plain.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """As the store keeps it."""
        return _TRIAL.dump_json(self).decode()

    @staticmethod
    def from_json(text: str) -> Trial:
        """A trial as it was kept. Raises: pydantic.ValidationError."""
        return _TRIAL.validate_json(text)


def _was_compared(delivery: DeliveryTrial, kind: TrialKind) -> bool:
    return kind is TrialKind.CONTRACT or delivery.stored in (Stored.SAME, Stored.OTHER)


_TRIAL = TypeAdapter(Trial)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The deliveries that a trial reads."""

    runs: tuple[Run, ...]  # newest first
    of: int  # published imports that were not taken back
    remarks: tuple[str, ...] = ()  # which of them are not read, and why


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Delivered columns that the two contracts treat otherwise."""

    now_read: tuple[str, ...] = ()
    no_longer_read: tuple[str, ...] = ()
    unmapped: tuple[str, ...] = ()  # neither read nor ignored under the working copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An example, and the run whose delivery has it."""

    run: int
    example: Example


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """Rows that enter or leave quarantine for one cause; the run whose delivery has the texts."""

    run: int
    group: RejectGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What reading again came to: counts, and what only people entitled to it see."""

    deliveries: tuple[DeliveryTrial, ...] = ()
    fields: tuple[FieldTrial, ...] = ()
    live: LiveEffect | None = None
    columns: Columns = field(default_factory=Columns)
    examples: dict[str, tuple[Seen, ...]] = field(default_factory=dict)  # per field, records that change
    keys: tuple[Seen, ...] = ()  # records that are another client's: the whole key before and after
    shared: tuple[Seen, ...] = ()  # rows that come to share their key (`after`), or no longer do (`before`)
    entering: tuple[Moving, ...] = ()
    leaving: tuple[Moving, ...] = ()
    findings: dict[int, tuple[Finding, ...]] = field(default_factory=dict)  # by run: what holds or refuses it now
    live_examples: dict[str, tuple[Example, ...]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()  # what could not be compared, in sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialReport:
    """A trial as people read it."""

    trial: Trial
    contract_name: str
    compared_with: str  # "release 1", or the name of a recording
    differences: tuple[Difference, ...] = ()
    software: tuple[str, ...] = ()  # "polars 1.9 -> 2.1"
    found: Found
    remarks: tuple[str, ...] = ()
    is_kept: bool = True  # False: made on a sample, and no approval can rest on it


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedReading:
    """One delivery's reading, as one environment exports it."""

    sha256: str
    file_name: str
    digest: ReadingDigest


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Readings of one environment, for another to compare with. No client value."""

    feed: str
    meaning: str  # digest of what the contract says, whatever software reads it
    fingerprint: str
    software: dict[str, str]
    readings: tuple[RecordedReading, ...]

    def to_json(self) -> str:
        """As it is written to a file."""
        return _RECORDING.dump_json(self, indent=1).decode()

    @staticmethod
    def from_json(text: str) -> Recording:
        """As it was written. Raises: pydantic.ValidationError."""
        return _RECORDING.validate_json(text)


_RECORDING = TypeAdapter(Recording)
