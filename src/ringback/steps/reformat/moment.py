"""One date or time of day: read, shifted, rounded, written. The specification of the columns in `run.py`.

Letters are read as in contracts (`steps/interpret/letters.py`). Written are also
%a and %A (Mon, Monday), %j (001 to 366),
%q (quarter, 1 to 4), %P (am, pm) and %-M, %-S. Names are English.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from ringback.model.field import Unreadable
from ringback.model.recipe import Moment, Toward
from ringback.steps.interpret.letters import numbers, parse_format

MONTHS = tuple(
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
DAYS = tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())  # noqa: SIM905
DAY_SECONDS = 86_400
NEEDS = {  # what a letter that is written must have been read
    **dict.fromkeys(("Y", "y"), frozenset({"year"})),
    **dict.fromkeys(("m", "-m", "b", "B", "q"), frozenset({"month"})),
    **dict.fromkeys(("d", "-d"), frozenset({"day"})),
    **dict.fromkeys(("a", "A", "j"), frozenset({"year", "month", "day"})),
    **dict.fromkeys(("H", "-H", "I", "-I", "p", "P"), frozenset({"hour"})),
    **dict.fromkeys(("M", "-M"), frozenset({"minute"})),
    **dict.fromkeys(("S", "-S"), frozenset({"second"})),
}
_TOKEN = re.compile(r"%(-?[A-Za-z])|%(%)|([^%]+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Read:
    """A moment (2000-01-01 00:00:00 where a part was not written) and the parts that were."""

    at: datetime
    parts: frozenset[str]


def moment_of(text: str, step: Moment) -> str | None:
    """The moment that a text is, as the step writes it; None where no format fits, or none reads what is wanted."""
    read = next((found for written in step.formats if (found := read_moment(text, written, step.pivot))), None)
    if read is None or not needs(step.written) <= read.parts:
        return None
    moved = moved_moment(read.at, step)
    return None if moved is None else written_moment(moved, step.written)


@lru_cache(maxsize=1 << 14)
def read_moment(text: str, written: str, pivot: int | None) -> Read | None:
    """The moment that a text is, read by one format."""
    try:
        parts = numbers(text, written, pivot=pivot)
        at = datetime(  # noqa: DTZ001 - written without a zone, kept so
            parts.get("year", 2000),
            parts.get("month", 1),
            parts.get("day", 1),
            parts.get("hour", 0),
            parts.get("minute", 0),
            parts.get("second", 0),
        )
    except (Unreadable, ValueError):
        return None
    return Read(at, frozenset({*parse_format(written).parts, *parts} - {"half"}))


def moved_moment(at: datetime, step: Moment) -> datetime | None:
    """Shifted, then rounded within its day; None beyond the years 1 to 9999."""
    try:
        at += timedelta(seconds=step.shift)
        if not step.every:
            return at
        midnight = at.replace(hour=0, minute=0, second=0)
        seconds = int((at - midnight).total_seconds())
        return midnight + timedelta(seconds=rounded_seconds(seconds, step.every, step.toward))
    except OverflowError:
        return None


def rounded_seconds(seconds: int, every: int, toward: Toward) -> int:
    """To a multiple; halves go up."""
    ahead = {Toward.DOWN: 0, Toward.UP: every - 1, Toward.NEAREST: every // 2}[toward]
    return (seconds + ahead) // every * every


@lru_cache(maxsize=256)
def tokens(written: str) -> tuple[tuple[str, str], ...]:
    """(letter, "") or ("", text) for each part of a format. Raises: ValueError, for an unknown letter."""
    found = [(token[1] or "", token[2] or token[3] or "") for token in _TOKEN.finditer(written)]
    unknown = next((letter for letter, _ in found if letter and letter not in NEEDS), None)
    if unknown is not None or sum(len(t[0]) + bool(t[0]) or len(t[1].replace("%", "%%")) for t in found) != len(
        written
    ):
        raise ValueError(
            f"%{unknown or ''} is no letter that is written; use {', '.join('%' + name for name in NEEDS)}"
        )
    return tuple(found)


@lru_cache(maxsize=256)
def needs(written: str) -> frozenset[str]:
    """The parts that must have been read."""
    return frozenset(part for letter, _ in tokens(written) if letter for part in NEEDS[letter])


def written_moment(at: datetime, written: str) -> str:
    """A moment as text."""
    return "".join(text or letter_of(at, letter) for letter, text in tokens(written))


@lru_cache(maxsize=1 << 14)
def letter_of(at: datetime, letter: str) -> str:
    """One letter's text."""
    name = letter.removeprefix("-")
    if name in _WORDS:
        return _WORDS[name](at)
    size, number = _FIGURES[name](at)
    return str(number) if letter.startswith("-") else str(number).rjust(size, "0")


_WORDS: dict[str, Callable[[datetime], str]] = {
    "a": lambda at: DAYS[at.weekday()][:3],
    "A": lambda at: DAYS[at.weekday()],
    "b": lambda at: MONTHS[at.month - 1][:3],
    "B": lambda at: MONTHS[at.month - 1],
    "p": lambda at: "PM" if at.hour >= 12 else "AM",
    "P": lambda at: "pm" if at.hour >= 12 else "am",
}
_FIGURES: dict[str, Callable[[datetime], tuple[int, int]]] = {
    "Y": lambda at: (4, at.year),
    "y": lambda at: (2, at.year % 100),
    "m": lambda at: (2, at.month),
    "d": lambda at: (2, at.day),
    "j": lambda at: (3, at.timetuple().tm_yday),
    "q": lambda at: (1, (at.month + 2) // 3),
    "H": lambda at: (2, at.hour),
    "I": lambda at: (2, (at.hour + 11) % 12 + 1),
    "M": lambda at: (2, at.minute),
    "S": lambda at: (2, at.second),
}
