"""A release: a contract's fingerprint that was approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ringback.model.finding import Finding

if TYPE_CHECKING:
    from ringback.model.trial import Trial

MACHINE = "ringback"  # approves other software that reads everything the same
_NOTHING = "(not written)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """An approved reading: the contract as it was written, and the software that gives it its meaning."""

    id: int
    feed: str
    fingerprint: str
    contract_text: str  # the YAML as approved
    software: dict[str, str]  # name -> version of all that reads
    approved_by: str
    approved_at: datetime
    reason: str
    author: str | None = None  # of what changed, where it is known
    emergency: bool = False  # approved by whom it must not be, or untried; a regular approval is due
    trial: int | None = None  # the trial that it was approved on
    evidence: str | None = None  # digest of that trial
    notes: str | None = None  # what operators must know; None: approved before there were any

    @property
    def is_machines(self) -> bool:
        """Whether ringback itself approved it: nothing reads otherwise, so nobody need know."""
        return self.approved_by == MACHINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What approving came to."""

    release: Release
    is_new: bool  # False: it was the current release already
    replaces: int | None = None  # the release in force when it was considered
    compared_with: Release | None = None  # None: nothing of the feed was approved before
    differences: tuple[Difference, ...] = ()  # of the contract
    software: tuple[str, ...] = ()  # "polars 1.9 -> 2.1"
    trial: Trial | None = None  # what it rests on
    untried: str = ""  # why it rests on none
    findings: tuple[Finding, ...] = ()  # what a person should know of this contract
    operators: tuple[str, ...] = ()  # who are to acknowledge it
    unheard: tuple[str, ...] = ()  # of an emergency: who was not told, in sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One change of meaning between two contracts of a feed."""

    path: tuple[str, ...]  # ("fields", "born_on", "format")
    before: str | None  # as the contract writes it; null where nothing was said and nothing is the default
    after: str | None
    line: int | None  # of the newer contract; null where nothing of it is written there

    @property
    def name(self) -> str:
        """As people say it: born_on.format."""
        return ".".join(self.path[1:] if self.path[0] == "fields" else self.path)

    @property
    def told(self) -> str:
        """In a sentence: line 18: format is "%m/%d/%Y"; it was "%d/%m/%Y"."""
        where = "" if self.line is None else f"line {self.line}: "
        key = self.path[-1] if self.path[0] == "fields" and self.line is not None else self.name
        return f"{where}{key} is {self.after or _NOTHING}; it was {self.before or _NOTHING}"

    def __str__(self) -> str:
        where = "" if self.line is None else f" (line {self.line})"
        return f"{self.name}: {self.before or _NOTHING} -> {self.after or _NOTHING}{where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What is other than at the last good run of a feed."""

    release: Release | None = None  # that it was read under
    differences: tuple[Difference, ...] = ()  # of the contract
    others: tuple[str, ...] = ()  # sentences: the software, the columns, the name of the file
