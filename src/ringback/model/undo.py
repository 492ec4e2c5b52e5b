"""What taking a run back, or repairing it, comes to: each value restored, kept, or not possible."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ringback.model.release import Release
from ringback.model.run import Run


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers, counted in values; a whole record added or removed counts as one value."""

    restored: int = 0  # or repaired
    right: int = 0  # holds already what a repair would write
    kept: Counter[str] = field(default_factory=Counter)  # by whom it was changed since -> values
    impossible: Counter[str] = field(default_factory=Counter)  # why -> values

    @property
    def total(self) -> int:
        """How many values were asked for."""
        return self.restored + self.right + self.kept.total() + self.impossible.total()

    def __add__(self, other: Answers) -> Answers:
        return Answers(
            restored=self.restored + other.restored,
            right=self.right + other.right,
            kept=self.kept + other.kept,
            impossible=self.impossible + other.impossible,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoReceipt:
    """What an undo came to, or would come to: then its run has no number."""

    run: Run
    answers: Answers
    emergency: Release | None = None  # in force, and approved in an emergency


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairReceipt:
    """What a repair came to, or would come to: then its run has no number.

    others  later imports that were not read under the approved contract either, oldest first: to be repaired next.
    """

    run: Run
    answers: Answers
    others: tuple[Run, ...] = ()
    emergency: Release | None = None  # in force, and approved in an emergency
