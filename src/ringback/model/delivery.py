"""A delivery: one file as it arrived, its bytes kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One file as it arrived. The archive has its bytes under `sha256`."""

    file_name: str  # the last part of the path only
    sha256: str  # of the bytes as delivered, hexadecimal
    size_bytes: int
    received_at: datetime  # UTC; for people to read, decides nothing
    issued: str | None = None  # sortable, from the file name by the contract's `issued` pattern: orders deliveries


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value or row comes from; lines are counted as an editor counts."""

    file_name: str
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = [self.file_name]
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        return ", ".join(parts)
