"""An acknowledgement: an operator says that he knows what a release changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ringback.model.release import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """One operator's of one release; there is no second."""

    id: int
    feed: str
    release: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """What acknowledging came to."""

    feed: str
    by: str
    releases: tuple[Release, ...]  # newest first; none: he knew already
    before: Acknowledgement | None = None  # his newest until now
    others: tuple[str, ...] = ()  # operators who still have to
