"""A drill: every misreading tried on the guard, and what would have been published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import TypeAdapter


class Kind(StrEnum):
    """How a misreading comes about."""

    CONTRACT = "contract"  # by a contract that says something else
    DELIVERY = "delivery"  # by an accident of the sender


class Catch(StrEnum):
    """What holds or refuses it once the gate is passed."""

    GUARD = "guard"  # a learned limit
    CONSTRAINTS = "constraints"  # anything else that the contract says: of values, of rows, of columns
    NOTHING = "nothing"  # it would be published


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """What would be false in the live table, in records of the sample."""

    wrong: int = 0  # with at least one wrong value
    left_out: int = 0  # clients who are not taken in, or two of them become one
    invented: int = 0  # clients who do not exist

    @property
    def record_count(self) -> int:
        """Records concerned: a client under another key is left out and invented, and is one."""
        return self.wrong + max(self.left_out, self.invented)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One misreading as it was put in on purpose, and what became of it."""

    code: str  # in the catalogue: "date.day_month"
    fields: tuple[str, ...]  # none: the whole delivery
    kind: Kind
    told: str  # what the contract says otherwise, or what happened
    share: float  # of the rows it was put into, 0 to 1
    damage: Damage
    catch: Catch
    names_field: bool = False  # whether the guard names one of the fields
    names_cause: bool = False  # whether the guard's first finding names this misreading
    line: str | None = None  # of the contract, that would catch it: tried, too

    @property
    def is_caught(self) -> bool:
        """Whether it would be held or refused."""
        return self.catch is not Catch.NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillCount:
    """One misreading of the same fields in all ways in which it was tried, without a value of any client."""

    code: str
    fields: tuple[str, ...]  # none: the whole delivery
    by_guard: int
    by_constraints: int
    published: int
    lines: tuple[str, ...] = ()  # of the contract, that would catch what is published

    @property
    def tried(self) -> int:
        """In how many ways it was put in and did damage."""
        return self.by_guard + self.by_constraints + self.published


@dataclass(frozen=True, slots=True, kw_only=True)
class Drilled:
    """A drill's score, as the store keeps it."""

    id: int
    feed: str
    fingerprint: str  # of the contract that was drilled
    caught: int
    total: int  # misreadings that do damage
    sample_rows: int
    seed: int
    run: int  # whose delivery it was
    at: datetime
    by: str
    counts: tuple[DrillCount, ...] = ()  # none where an older ringback has kept the score alone

    @property
    def score(self) -> float | None:
        """Share caught with the gate passed on purpose, 0 to 1; None where nothing that was tried does damage."""
        return self.caught / self.total if self.total else None


def drill_counts(tried: Iterable[Tried]) -> tuple[DrillCount, ...]:
    """All that was tried, by misreading and fields, in the order in which each was tried first."""
    groups: dict[tuple[str, tuple[str, ...]], list[Tried]] = {}
    for each in tried:
        groups.setdefault((each.code, each.fields), []).append(each)
    return tuple(_count(code, fields, ways) for (code, fields), ways in groups.items())


def _count(code: str, fields: tuple[str, ...], ways: list[Tried]) -> DrillCount:
    by = Counter(each.catch for each in ways)
    return DrillCount(
        code=code,
        fields=fields,
        by_guard=by[Catch.GUARD],
        by_constraints=by[Catch.CONSTRAINTS],
        published=by[Catch.NOTHING],
        lines=tuple(dict.fromkeys(each.line for each in ways if each.line is not None)),
    )


def counts_to_json(counts: tuple[DrillCount, ...]) -> str:
    """As the store keeps them."""
    return _COUNTS.dump_json(counts).decode()


def counts_from_json(text: str) -> tuple[DrillCount, ...]:
    """Counts as they were kept. Raises: pydantic.ValidationError."""
    return _COUNTS.validate_json(text)


_COUNTS = TypeAdapter(tuple[DrillCount, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """All that was tried, and its score."""

    drilled: Drilled
    contract_name: str
    file_name: str
    row_count: int  # of the delivery, that the sample was drawn from
    fields: tuple[str, ...]  # of the contract, in its order
    delivery_count: int  # that the guard has learned from
    tried: tuple[Tried, ...]  # all that do damage
    harmless_count: int  # tried as well, and nothing was false
    contract_count: int  # contracts that misread, tried
    gated_count: int  # of them, those that could not import without an approval
    remarks: tuple[str, ...] = ()  # what could not be tried, in sentences
