"""What `check` found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ringback.model.event import ChainReport
from ringback.model.example import ExamplesReport


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSummary:
    """One contract without faults, in short."""

    feed: str
    file_name: str
    fingerprint: str  # with the software installed here
    field_count: int
    key: tuple[str, ...]
    delivers: str
    missing: str
    table: str

    def __str__(self) -> str:
        fields = "1 field" if self.field_count == 1 else f"{self.field_count} fields"
        return (
            f"{self.feed}: {fields}, key {', '.join(self.key)}, {self.delivers}, missing: {self.missing}, "
            f"into {self.table} ({self.file_name})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What `check` found: every fault, and every feed without one."""

    folder: Path
    faults: tuple[str, ...]
    feeds: tuple[FeedSummary, ...]
    examples: tuple[ExamplesReport, ...] = ()  # of feeds that have some
    chain: ChainReport | None = None  # of the audit trail, where it was asked for

    @property
    def exit_code(self) -> int:
        """4 where the audit trail is not whole, 2 where there is another fault, else 0."""
        if self.chain is not None and self.chain.faults:
            return 4
        return 2 if self.faults or any(each.faults for each in self.examples) else 0
