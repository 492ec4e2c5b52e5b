"""What reading a delivery came to, in numbers: what audit judges."""

from __future__ import annotations

from dataclasses import dataclass, field


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
