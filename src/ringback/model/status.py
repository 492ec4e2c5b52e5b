"""The status of a project: what a person on shift must know, feed by feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ringback.model.drill import Drilled
from ringback.model.release import Release
from ringback.model.run import Outcome, Run

_STOPPED = (Outcome.REFUSED, Outcome.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStatus:
    """One feed as it stands."""

    feed: str
    last: Run | None  # the newest run of any kind
    held: tuple[Run, ...]  # all that wait for a person, newest first
    release: Release | None  # in force
    fault: str = ""  # why the next import would be refused
    drilled: Drilled | None = None  # the newest
    is_drill_of_release: bool = False  # whether that drill was of the contract in force
    waiting: tuple[str, ...] = ()  # operators who have yet to acknowledge a release

    @property
    def urgency(self) -> int:
        """Lower is more urgent: held, stopped, a refusal to come, an emergency, anything else."""
        if self.held:
            return 0
        if self.last is not None and self.last.outcome in _STOPPED:
            return 1
        if self.fault:
            return 2
        return 3 if self.release is not None and self.release.emergency else 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """All feeds, the most urgent first."""

    now: datetime
    feeds: tuple[FeedStatus, ...]
