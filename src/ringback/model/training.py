"""A training: an accident on a copy of a feed, for a person to find, name and take back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter

from ringback.model.drill import Kind


class State(StrEnum):
    """How far a training is."""

    BEGUN = "begun"
    HINTED = "hint taken"
    NAMED = "named"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person says the accident is."""

    field: str
    code: str  # in the catalogue: "date.day_month"
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the accident was. No client value."""

    fields: tuple[str, ...]
    code: str
    sentence: str  # "day and month exchanged"
    kind: Kind
    told: str  # what the contract says otherwise, or what the sender did
    wrong: int  # records of the copy with a false value


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is wrong in the copy at the end, value by value."""

    false: int = 0  # neither what the delivery truly says, nor what was held before the night
    new: int = 0  # of them, of clients who came that night: an undo of one field leaves these as they came
    stale: int = 0  # as before the night: a good change of the night was taken back too
    absent: int = 0  # clients who should be there, and are not
    strangers: int = 0  # clients who should not

    @property
    def is_exact(self) -> bool:
        """Whether nothing false is left. What is out of date comes right with the next delivery."""
        return not (self.false or self.absent or self.strangers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Of 100."""

    field: int
    misreading: int
    exact: int
    time: int
    hints: int  # zero or less

    @property
    def total(self) -> int:
        """Never below zero."""
        return max(0, self.field + self.misreading + self.exact + self.time + self.hints)


POSSIBLE = Points(field=25, misreading=25, exact=35, time=15, hints=0)
HINTS = (5, 15, 15)  # points that each costs, in the order in which they are given


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a training ended."""

    at: datetime
    accident: Told
    left: Left
    is_field: bool  # whether the answer names a field of it
    is_misreading: bool  # whether it names the misreading too, or one that explains the false values as well
    found_seconds: float | None  # from the beginning to the answer; None: there was none
    taken_back_seconds: float | None  # to the last run that took something back; None: there was none
    points: Points


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """One training, as the store keeps it. No client value."""

    id: int
    feed: str
    by: str
    begun_at: datetime
    seed: int  # with what else is told here, it makes the accident: told to nobody before the end
    deliveries: tuple[int, ...]  # runs whose deliveries the copy is made of, oldest first
    release: int  # that reads them
    sample: int  # rows of each at most
    run: int  # the copy's, that took the accident in
    hints: int = 0
    answer: Answer | None = None  # the newest
    result: Result | None = None

    @property
    def state(self) -> State:
        """How far it is."""
        if self.result is not None:
            return State.ENDED
        if self.answer is not None:
            return State.NAMED
        return State.HINTED if self.hints else State.BEGUN

    def to_json(self) -> str:
        """As the store keeps it."""
        return _TRAINING.dump_json(self).decode()

    @staticmethod
    def from_json(text: str) -> Training:
        """A training as it was kept. Raises: pydantic.ValidationError."""
        return _TRAINING.validate_json(text)


_TRAINING = TypeAdapter(Training)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A misreading as a person may name it."""

    code: str
    sentence: str
    fields: tuple[str, ...]  # that it can happen to


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A training under way: what a person needs to know."""

    training: Training
    folder: Path
    clients: int  # in the copy
    caller: tuple[str, ...]  # the key of a client who complains


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What a person asked for."""

    training: Training
    text: str
    cost: int
    left: int  # hints that are left


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """An answer that was taken down while nothing is taken back yet."""

    training: Training
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """All misreadings that can happen to a feed."""

    feed: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainings:
    """A feed's trainings, newest first."""

    feed: str
    trainings: tuple[Training, ...]
