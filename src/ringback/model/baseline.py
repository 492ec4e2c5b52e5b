"""A baseline: what earlier accepted deliveries measured. Counts and shares, and of values only codes that are frequent.

A baseline is a tuple of `Measures`, the oldest first, of published imports that were not undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from pydantic import TypeAdapter

VERSION = 2  # of the measures: others are left out of a baseline
LENGTH = 60  # deliveries that a baseline has at most

Shares: TypeAlias = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Churn:
    """Of the held records that a delivery has too: how many would change their value in one field, and how."""

    replaced: int = 0  # one value by another
    far: int = 0  # of them: numbers and dates, by one far off
    wild: int = 0  # of these: numbers by one twenty times as large or small, or of the other sign
    lower: int = 0  # of the replaced: numbers, dates and times by a lower one
    repunctuated: int = 0  # of text: by one with the same letters and digits; not counted under `replaced`
    recased: int = 0  # the same, and capitals differ
    respelled: int = 0  # of text: by one that means the same, http and https; not counted under these three
    blanked: int = 0  # a value by none
    filled: int = 0  # no value by one
    filled_by: Mapping[str, int] = field(default_factory=dict)  # the most frequent new values, as hashes
    explained: int = 0  # of all of them: what makes them mean something else, by name; counted by diagnose

    def __add__(self, other: Churn) -> Churn:
        names = dict.fromkeys([*self.filled_by, *other.filled_by])
        return Churn(
            replaced=self.replaced + other.replaced,
            far=self.far + other.far,
            wild=self.wild + other.wild,
            lower=self.lower + other.lower,
            repunctuated=self.repunctuated + other.repunctuated,
            recased=self.recased + other.recased,
            respelled=self.respelled + other.respelled,
            blanked=self.blanked + other.blanked,
            filled=self.filled + other.filled,
            filled_by={name: self.filled_by.get(name, 0) + other.filled_by.get(name, 0) for name in names},
            explained=self.explained + other.explained,
        )

    @property
    def changed(self) -> int:
        """All of them."""
        looks = self.repunctuated + self.recased + self.respelled
        return self.replaced + looks + self.blanked + self.filled

    @property
    def filled_alike(self) -> int:
        """Clients without a value who would all get the same one."""
        return max(self.filled_by.values(), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMeasures:
    """One field of one delivery. Shares are 0 to 1, of its records."""

    type: str
    changed: int = 0  # as in Churn
    replaced: int = 0
    far: int = 0
    wild: int = 0
    lower: int = 0
    repunctuated: int = 0
    recased: int = 0
    respelled: int = 0
    blanked: int = 0
    filled_alike: int = 0
    explained: int = 0
    missing_share: float = 0.0
    unreadable_share: float = 0.0  # of records and rows that were rejected for this field
    distinct_count: float = 0.0
    distinct_share: float = 0.0  # of the values
    shapes: Shares = field(default_factory=dict)  # shape -> share of the values; the rest is not listed
    length: float | None = None  # mean, of text
    quantiles: tuple[float, ...] = ()  # 5, 25, 50, 75, 95 of 100; numbers as they are, dates as days since 1970
    total: float | None = None  # of numbers
    mean: float | None = None
    codes: Shares = field(default_factory=dict)  # frequent value -> share of the values


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """One delivery. `kept` held records are in it, `held` were there."""

    version: int = VERSION
    rows: int  # as delivered, without those that a named rule skips
    records: int  # rows that could be read, one a client
    held: int = 0
    kept: int = 0
    added: int = 0
    missing: int = 0  # held, and not in a snapshot
    gone: int = 0  # of them: since the delivery before
    duplicate: int = 0
    size_bytes: int | None = None
    columns: tuple[str, ...] = ()  # as delivered, in their order
    issued: date | None = None  # the day that its file's name tells
    fields: dict[str, FieldMeasures] = field(default_factory=dict)

    def to_json(self) -> str:
        """As the store keeps it."""
        return _MEASURES.dump_json(self).decode()

    @staticmethod
    def from_json(text: str) -> Measures:
        """Measures as they were kept. Raises: pydantic.ValidationError."""
        return _MEASURES.validate_json(text)


_MEASURES = TypeAdapter(Measures)
