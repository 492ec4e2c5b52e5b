"""What taking a run back comes to: each value restored, kept because it changed since, or not possible."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ringback.model.release import Release
from ringback.model.run import Run


@dataclass(frozen=True, slots=True)
class Answers:
    """The three answers, counted in values; a whole record added or removed counts as one value."""

    restored: int = 0
    kept: Counter[str] = field(default_factory=Counter)  # by whom it was changed since -> values
    impossible: Counter[str] = field(default_factory=Counter)  # why -> values

    def __add__(self, other: Answers) -> Answers:
        return Answers(self.restored + other.restored, self.kept + other.kept, self.impossible + other.impossible)


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoReceipt:
    """What an undo came to, or would come to: then its run has no number."""

    run: Run
    answers: Answers
    emergency: Release | None = None  # in force, and approved in an emergency
