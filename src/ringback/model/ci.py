"""What `ci` found: feed by feed, whether its contract may go on its way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from pathlib import Path

from ringback.model.drill import Drill, Drilled
from ringback.model.example import ExamplesReport
from ringback.model.release import Difference
from ringback.model.trial import TrialReport


class Standing(StrEnum):
    """A feed's contract beside the one that is in force."""

    SAME = "unchanged"
    CHANGED = "changed"
    NEW = "new"
    UNKNOWN = "not compared"  # it has faults, or there is nothing to compare it with


class Answer(IntEnum):
    """What becomes of a change; the value is the exit code of `ci`."""

    WELL = 0  # nothing to do
    FAULTY = 2  # a fault in a file, or a failing example: its author mends it
    APPROVAL = 3  # nothing is wrong, but it means something else: a person must look and approve
    REFUSED = 4  # deliveries cannot be read any more

    @property
    def told(self) -> str:
        """As the summary has it."""
        return _TOLD[self]


_TOLD = {
    Answer.WELL: "well",
    Answer.FAULTY: "faulty",
    Answer.APPROVAL: "needs approval",
    Answer.REFUSED: "unreadable",
}
_GRAVEST_FIRST = (Answer.FAULTY, Answer.REFUSED, Answer.APPROVAL, Answer.WELL)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCi:
    """One feed."""

    feed: str
    contract_name: str
    faults: tuple[str, ...] = ()
    examples: ExamplesReport | None = None
    standing: Standing = Standing.UNKNOWN
    compared_with: str = ""  # "release 3", "main"
    differences: tuple[Difference, ...] = ()
    trial: TrialReport | None = None
    drill: Drill | None = None
    drill_before: Drilled | None = None  # of the contract in force, where it is known
    remarks: tuple[str, ...] = ()

    @property
    def answer(self) -> Answer:
        """What becomes of it."""
        if self.faults or (self.examples is not None and self.examples.faults):
            return Answer.FAULTY
        if self.trial is not None and self.trial.trial.is_unreadable:
            return Answer.REFUSED
        if self.standing is Standing.SAME or self._reads_the_same:
            return Answer.WELL
        return Answer.APPROVAL

    @property
    def _reads_the_same(self) -> bool:
        """Other software, and every delivery reads the same: ringback approves that by itself."""
        return not self.differences and self.trial is not None and self.trial.trial.changes_nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class CiReport:
    """A whole project."""

    folder: Path
    ground: str  # what the feeds were tried on, in words
    shows_values: bool  # whether values of clients may stand in what is published
    faults: tuple[str, ...] = ()  # of the project as a whole
    feeds: tuple[FeedCi, ...] = ()
    gone: tuple[str, ...] = ()  # feeds that are there at the base and not here

    @property
    def answer(self) -> Answer:
        """The gravest one."""
        found = {each.answer for each in self.feeds}
        if self.faults:
            found.add(Answer.FAULTY)
        if self.gone:
            found.add(Answer.APPROVAL)
        return next((each for each in _GRAVEST_FIRST if each in found), Answer.WELL)
