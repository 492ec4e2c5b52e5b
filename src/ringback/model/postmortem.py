"""A postmortem: what went wrong, since when, whom it touched, what was done. Every figure says where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ringback.model.incident import Incident
from ringback.model.release import Difference, Release
from ringback.model.run import Run, RunKind


class MomentKind(StrEnum):
    """What happened at a moment of the timeline."""

    DEPLOYED = "deployed"  # a release approved
    REFUSED = "refused"
    HELD = "held"
    RELEASED = "released"
    DROPPED = "dropped"
    FAILED = "failed read-back"
    IMPORTED = "imported"
    COMPLAINT = "complaint"
    OPENED = "opened"
    FOUND = "cause found"
    UNDONE = "undone"
    REPAIRED = "repaired"
    READ_BACK = "read back"
    NOTED = "noted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of the timeline."""

    at: datetime
    kind: MomentKind
    what: str
    by: str
    evidence: str  # "R5, event 12"
    order: int  # of things that happened in the same moment: the number of the event
    run: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """How long something took, from one moment to another; None where one of them is not known."""

    name: str
    since: Moment | None
    until: Moment | None
    remark: str = ""

    @property
    def took(self) -> timedelta | None:
        """How long; never below nothing."""
        if self.since is None or self.until is None:
            return None
        return max(self.until.at - self.since.at, timedelta())


class Basis(StrEnum):
    """What wrong values were counted against."""

    RIGHT = "right"  # the delivery, read again under the corrected contract
    HISTORY = "history"  # all values that the run changed: nobody knows which of them were false
    PLAN = "plan"  # what a run that was kept out would have changed


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldImpact:
    """Wrong values of one field."""

    field: str
    values: int
    records: int  # that were compared
    misreading: str | None = None
    sentence: str | None = None
    explained: int = 0

    @property
    def share(self) -> float:
        """Of the records compared, 0 to 1."""
        return self.values / self.records if self.records else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunImpact:
    """What one run did, or would have done."""

    run: Run
    basis: Basis
    right: Release | None  # that it was counted against
    records: int  # that the run read and could be compared; of history: that it changed
    wrong_records: int
    fields: tuple[FieldImpact, ...]
    left_out: int = 0  # clients whose rows the right reading takes, and this one did not
    strangers: int = 0  # records under a key that the right reading does not have
    since: Moment | None = None  # when wrong values came into the live table
    until: Moment | None = None  # when they were taken out of it
    stands: bool = False  # nobody has taken them out

    @property
    def values(self) -> int:
        """Wrong values."""
        return sum(each.values for each in self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A consumer that read wrong values, and in which fields."""

    name: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What made it so, as far as evidence says."""

    run: Run | None = None
    misreading: str | None = None
    sentence: str | None = None
    explained: int = 0
    changed: int = 0
    fields: tuple[str, ...] = ()
    basis: str = ""  # where the misreading is known from
    lines: tuple[Difference, ...] = ()  # of the contract that was wrong: what it says, and what is right
    contract_name: str = ""
    release: Release | None = None  # that brought it
    good: Release | None = None  # the one before, or the one that repaired it
    software: tuple[str, ...] = ()
    told: tuple[str, ...] = ()  # what people found
    others: tuple[str, ...] = ()  # what else the guard saw: why it held

    @property
    def is_known(self) -> bool:
        """Whether anything names it."""
        return bool(self.sentence or self.lines or self.software or self.told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """An undo or a repair, with its three counts."""

    run: Run
    restored: int
    kept: int
    impossible: int

    @property
    def of(self) -> int | None:
        """The run that it took back or put right."""
        return self.run.undoes if self.run.kind is RunKind.UNDO else self.run.repairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One measure, done or proposed."""

    text: str
    evidence: str
    by: str | None = None  # who named it; None: proposed by ringback


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmortem:
    """All that is known of an incident."""

    incident: Incident
    timeline: tuple[Moment, ...]
    spans: tuple[Span, ...]
    impacts: tuple[RunImpact, ...]
    wrong_records: int  # clients with a wrong value in the live table, each counted once
    wrong_values: int  # the same of values
    by_field: dict[str, int]  # wrong values, each counted once
    held_records: int  # clients in the live table when it was gathered
    reached: tuple[Reached, ...]
    consumers_named: bool
    cause: Cause
    deeds: tuple[Deed, ...]
    corrective: tuple[Action, ...]
    preventive: tuple[Action, ...]
    written_at: datetime

    @property
    def published(self) -> tuple[RunImpact, ...]:
        """Impacts that were in the live table."""
        return tuple(each for each in self.impacts if each.basis is not Basis.PLAN)
