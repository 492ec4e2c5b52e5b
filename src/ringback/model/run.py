"""A run: one import (or undo, or repair) in the ledger. A receipt: its short proof."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ringback.model.drill import Drilled
from ringback.model.finding import Example, Finding
from ringback.model.proposal import Proposal
from ringback.model.release import Release


class RunKind(StrEnum):
    """What made the run."""

    IMPORT = "import"
    UNDO = "undo"
    REPAIR = "repair"


class Outcome(StrEnum):
    """What became of a run; the `verdict` of a receipt."""

    PUBLISHED = "published"
    HELD = "held"
    REFUSED = "refused"
    UNCHANGED = "unchanged"  # nothing to do
    DROPPED = "dropped"  # was held; a person said no
    FAILED = "failed"  # read back found a mismatch; it was undone


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of a delivery by what became of them."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    quarantined: int = 0
    duplicate: int = 0
    skipped: int = 0

    def add_up(self) -> bool:
        """Conservation: every row read is somewhere."""
        told = self.added + self.changed + self.unchanged + self.quarantined + self.duplicate + self.skipped
        return self.read == told


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One row of the ledger."""

    id: int
    feed: str
    kind: RunKind
    outcome: Outcome
    file_name: str | None
    sha256: str | None  # of the delivered bytes
    size_bytes: int | None
    issued: str | None
    fingerprint: str | None  # of the release that read it
    previous: int | None  # the run published before this one on the same feed; null for the first
    undoes: int | None  # the run that an undo takes back
    repairs: int | None  # the import whose delivery a repair read again, under a corrected contract
    partial: bool  # an undo or a repair of one field or one client only
    corrects: int | None  # the run whose quarantined rows come back, corrected
    rows: Rows
    removed: int
    closed: int
    missing: int
    changed_by_field: dict[str, int]
    findings: tuple[Finding, ...]
    plan_digest: str | None  # of the change set: a held run is released only if planning again gives the same
    started_at: datetime
    by: str

    @property
    def corrects_values(self) -> bool:
        """Whether it took back or put right what another run did, and read no new delivery."""
        return self.kind is not RunKind.IMPORT

    @property
    def name(self) -> str:
        """As people write it: R19."""
        return f"R{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What an import came to: its run, and the seconds of each step."""

    run: Run
    seconds: dict[str, float] = field(default_factory=dict)
    emergency: Release | None = None  # in force, and approved in an emergency
    unacknowledged: tuple[Release, ...] = ()  # newest first: who imported is an operator, and has yet to read of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an import would come to: its receipt (the run has no number), and a few changed values of each field."""

    receipt: Receipt
    changed: dict[str, tuple[Example, ...]]
    proposal: Proposal | None = None  # a change of the contract that would make the delivery fit


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A run of the ledger, and some of its changed values, field by field."""

    run: Run
    changed: dict[str, tuple[Example, ...]]
    emergency: Release | None = None  # that the run was read under; no regular approval of it has followed


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Runs, newest first, and which of them were taken back."""

    runs: tuple[Run, ...]
    undone: frozenset[int]
    drills: tuple[Drilled, ...] = ()  # the newest of each feed
