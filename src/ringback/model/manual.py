"""The manual of a configuration: what each feed means, with examples, what deliveries taught, who approved what.

No value of a client is in it: examples are scrambled or invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from ringback.model.acknowledgement import Acknowledgement
from ringback.model.contract import Contract
from ringback.model.drill import Drilled
from ringback.model.field import FieldSpec
from ringback.model.limits import Limit
from ringback.model.release import Difference, Release
from ringback.model.run import Run
from ringback.model.trial import Trial

INDEX = "index"  # the page of all feeds; a feed's own page is named as the feed


class Origin(StrEnum):
    """Where a field's examples come from."""

    SCRAMBLED = "scrambled"  # texts of a delivery, each letter and digit exchanged for another
    INVENTED = "invented"  # nobody delivered them
    CONTRACT = "contract"  # the texts that the contract lists
    NONE = "none"


class Standing(StrEnum):
    """Whether the contract as it stands may import."""

    APPROVED = "approved"
    CHANGED = "changed"  # since the release in force
    NEVER = "never"  # nothing of the feed was approved yet
    UNASKED = "unasked"  # the database was not asked


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAs:
    """A text as a delivery could have it, and what it is held as (canonical text)."""

    raw: str
    held: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Rows in quarantine with one cause, and one text that was rejected so, scrambled."""

    code: str
    reason: str  # a sentence without the value
    row_count: int
    column: str | None = None
    field: str | None = None
    raw: str | None = None  # None: no scrambled text would be rejected for the same cause


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldManual:
    """One field of a contract."""

    name: str
    spec: FieldSpec
    is_key: bool
    missing_texts: tuple[str, ...]
    refuses: tuple[str, ...]  # why a text is rejected, in sentences without their subject: "is not a date written as"
    line: int | None = None  # of the contract
    origin: Origin = Origin.NONE
    examples: tuple[ReadAs, ...] = ()
    rejected: tuple[Rejected, ...] = ()  # of the newest delivery
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseManual:
    """One release of a feed: what it changed, and on what evidence."""

    release: Release
    before: Release | None = None  # the one that it followed
    differences: tuple[Difference, ...] | None = ()  # of the contracts; None: only an older ringback could read one
    software: tuple[str, ...] = ()  # "polars 1.9 -> 2.1"
    trial: Trial | None = None  # what it rests on
    acknowledged: tuple[Acknowledgement, ...] = ()  # by operators, oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedManual:
    """One feed."""

    contract: Contract
    name: str  # of the contract's file: feeds/clients.yaml
    fields: tuple[FieldManual, ...]
    lines: Mapping[str, int]  # of the contract's other keys: "source.encoding" -> 8
    standing: Standing = Standing.UNASKED
    release: Release | None = None  # in force
    changed: tuple[str, ...] = ()  # what is otherwise than in it, in sentences
    newest: Run | None = None  # the import whose delivery gave examples and rejects
    gap: str | None = None  # why there are no examples of a delivery, where there should be some
    rejected: tuple[Rejected, ...] = ()  # whole rows of the newest delivery
    delivery_count: int = 0  # that limits were learned from
    limits: tuple[Limit, ...] = ()  # of the whole delivery
    drill: Drilled | None = None
    drill_is_of_this: bool = False  # whether the drill was held on the contract as it stands
    misreadings: Mapping[str, str] = field(default_factory=dict)  # code -> what happens, in words
    releases: tuple[ReleaseManual, ...] = ()  # newest first
    waiting: tuple[str, ...] = ()  # operators who still have to acknowledge the release in force


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectManual:
    """A project and its feeds. Nothing secret is in it."""

    target: str  # without a password
    archive: str
    approvers: tuple[str, ...] = ()
    imports_by: str | None = None
    operators: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()  # kinds of addresses only: "mailto"
    has_policy: bool = False  # for feeds that have none of their own
    is_asked: bool = True  # whether the database and the archive were asked
    feeds: tuple[FeedManual, ...] = ()
    faulty: tuple[str, ...] = ()  # feeds whose contract cannot be read


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualReport:
    """What writing a manual came to."""

    into: Path
    feeds: tuple[str, ...]
    written: tuple[str, ...]  # file names
    faulty: tuple[str, ...] = ()  # feeds that have no page: their contract cannot be read
    strays: tuple[str, ...] = ()  # pages in the folder that are of no feed any more
