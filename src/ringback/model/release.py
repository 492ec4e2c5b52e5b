"""A release: a contract's fingerprint that was approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What approving came to."""

    release: Release
    is_new: bool  # False: it was the current release already
