"""What reading a delivery came to, in numbers: what audit judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectGroup:
    """Rejects with one cause."""

    code: str
    reason: str  # a sentence without the value
    row_count: int
    first_line: int
    field: str | None = None
    column: str | None = None
    raws: tuple[tuple[int, str], ...] = ()  # a few of them: line, text as delivered


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSummary:
    """What became of a delivery's rows before any was compared with the store."""

    read: int = 0
    records: int = 0
    quarantined: int = 0  # rows, not faults
    duplicate: int = 0
    keyless: int = 0  # quarantined rows whose client cannot be told
    skipped_by: dict[str, int] = field(default_factory=dict)  # rule name -> rows
    rejects: tuple[RejectGroup, ...] = ()
    repeated: dict[str, int] = field(default_factory=dict)  # fields with `unique: true` -> rows that share a value

    @property
    def skipped(self) -> int:
        """Rows skipped by a named rule."""
        return sum(self.skipped_by.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingDigest:
    """What a delivery was read as, without a value of it; equal where two readings are the same. Hexadecimal."""

    record_count: int
    fault_count: int  # of rejected rows
    lines: str  # which rows became records
    rejects: str  # which rows did not, and why
    fields: Mapping[str, str]

    def differing(self, other: ReadingDigest) -> tuple[str, ...]:
        """What differs: "rows" (others became records), "rejects", and fields.

        Where other rows became records every field has another digest, and none is named.
        """
        rejects = ("rejects",) if (self.rejects, self.fault_count) != (other.rejects, other.fault_count) else ()
        if (self.lines, self.record_count) != (other.lines, other.record_count):
            return ("rows", *rejects)
        names = (name for name in self.fields if other.fields.get(name) not in (None, self.fields[name]))
        return (*rejects, *names)

    def to_json(self) -> str:
        """As the store keeps it."""
        return _DIGEST.dump_json(self).decode()

    @staticmethod
    def from_json(text: str) -> ReadingDigest:
        """A digest as it was kept. Raises: pydantic.ValidationError."""
        return _DIGEST.validate_json(text)


_DIGEST = TypeAdapter(ReadingDigest)
