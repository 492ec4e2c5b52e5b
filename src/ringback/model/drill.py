"""A drill: every misreading tried on the guard, and what would have been published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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

    @property
    def score(self) -> float | None:
        """Share caught with the gate passed on purpose, 0 to 1; None where nothing that was tried does damage."""
        return self.caught / self.total if self.total else None


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
