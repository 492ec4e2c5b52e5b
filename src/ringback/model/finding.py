"""A finding: one thing wrong with a delivery, and what a person can do about it. And what follows: the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from ringback.model.delivery import Origin


class Severity(IntEnum):
    """What a finding asks for; ordered."""

    NOTE = 1  # stored with the run
    HOLD = 2  # a person decides
    REFUSE = 3  # nothing is stored, and nobody can release it

    def __str__(self) -> str:
        return self.name.lower()


class Verdict(StrEnum):
    """What becomes of a delivery."""

    PUBLISH = "publish"
    HOLD = "hold"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One record concerned, for the people entitled to see it."""

    key: tuple[str, ...]
    line: int | None = None
    before: str | None = None
    after: str | None = None
    raw: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong with a delivery, and what a person can do about it."""

    code: str  # stable, in the catalogue: "date.unreadable"
    severity: Severity
    row_count: int  # how many rows are concerned
    why: str  # the promise that was broken
    mend: str  # what to do, as an order
    where: Origin | None = None  # first place concerned
    field: str | None = None
    fields: tuple[str, ...] = ()  # all that have this one cause, where there are several
    line: int | None = None  # of the contract
    measure: str | None = None  # of learned limits: "replaced"; then the next three are of this measure
    expected: float | None = None
    seen: float | None = None
    limit: float | None = None
    because: tuple[str, ...] = ()  # what explains it, in sentences; the best first
    since: tuple[str, ...] = ()  # what is other than at the last good run
    misreading: str | None = None  # code in the catalogue, where one explains it
    share_explained: float | None = None  # 0 to 1, of the rows concerned
    examples: tuple[Example, ...] = ()


def verdict(findings: tuple[Finding, ...]) -> Verdict:
    """The verdict that follows from findings: the worst of them decides."""
    worst = max((finding.severity for finding in findings), default=Severity.NOTE)
    return {Severity.NOTE: Verdict.PUBLISH, Severity.HOLD: Verdict.HOLD, Severity.REFUSE: Verdict.REFUSE}[worst]
