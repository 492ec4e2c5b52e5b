"""Atoms that read dates and times of day, by one format or several in order, and write parts of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import product

from ringback.model.recipe import Kind, Moment, Toward
from ringback.steps.learn.atoms import Atom, atom_of
from ringback.steps.learn.costs import MOMENT
from ringback.steps.learn.cuts import Cut, best_of, step_all
from ringback.steps.learn.ground import Ground
from ringback.steps.learn.sources import fields, runs
from ringback.steps.reformat.moment import MONTHS, NEEDS, Read, moved_moment, needs, read_moment, written_moment

SOURCES = 14
PIVOT = 1930  # the first year that %y can mean: as POSIX has it, but a person born in 1930 may be a client
READ_SHARE = 0.6  # of the rows that a source's formats must read
FORMATS = 5  # of one column
_TOKENS = re.compile(r"[0-9]+|[A-Za-z]+|[^0-9A-Za-z]+")
_ORDERS = ("Ymd", "dmY", "mdY", "ymd", "dmy", "mdy", "Ym", "mY", "dm", "md", "Y", "m", "d")
_LETTERS = tuple(letter for letter in NEEDS if letter not in {"j", "-M", "-S"})
_EVERY = (300, 600, 900, 1200, 1800, 3600, 7200, 10800, 14400, 21600, 43200)
_SHIFTS = tuple(sign * hours * 3600 for hours in (*range(1, 13), 24) for sign in (1, -1))


@dataclass(frozen=True, slots=True)
class _Source:
    """A part that is a moment in every example: the formats that read it, and what they read on every row."""

    cut: Cut
    formats: tuple[str, ...]
    read: tuple[Read | None, ...]


def moments(ground: Ground) -> Iterator[Atom]:
    """Atoms of every column."""
    ways = _ways(ground.outputs[0])
    for column in range(ground.width):
        for source in _sources(ground, column):
            yield from _rewritten(column, source, ground)
            for move, cost in _moves(ground, source.read):
                yield from _letters(column, source, move, cost, ground, ways)


def _sources(ground: Ground, column: int) -> Iterator[_Source]:
    found = best_of([*fields(ground, column), *runs(ground, column, (Kind.TEXT, Kind.LETTERS), farthest=2)], 80)
    taken: set[tuple[Read | None, ...]] = set()
    for cut in found:
        head = cut.values[: ground.known]
        if any(not text or len(text) > 40 or not _dated(text) for text in head):
            continue
        for first in "dm":
            formats = _union(cut.values, ground.known, first)
            read = tuple(_first_read(text, formats) for text in cut.values)
            if formats and read not in taken and _reads(read) >= READ_SHARE * len(read):
                taken.add(read)
                yield _Source(cut, formats, read)
        if len(taken) == SOURCES:
            return


def _reads(read: Sequence[Read | None]) -> int:
    return sum(each is not None for each in read)


def _dated(text: str) -> bool:
    """Whether a text may be a date or a time: numbers, marks and no words but names of months, AM and PM."""
    numbers = re.findall("[0-9]+", text)
    words = [word.lower() for word in re.findall("[A-Za-z]+", text)]
    named = any(word in _NAMES or word == "may" for word in words)
    if any(word not in _NAMES and word not in _OTHER_WORDS for word in words) or max(map(len, numbers), default=0) > 14:
        return False
    return named or len(numbers) >= 2 or any(len(each) in (4, 6, 8, 14) for each in numbers) or "m" in "".join(words)


_OTHER_WORDS = {"am", "pm", "t", "may"}
_NAMES = {name.lower(): "%B" for name in MONTHS} | {name[:3].lower(): "%b" for name in MONTHS if name != "May"}


def _union(texts: Sequence[str | None], known: int, first: str) -> tuple[str, ...]:
    """Formats in order: each reads most of the rows still unread; () if an example stays unread."""
    chosen: list[str] = []
    unread = [text for text in texts if text]
    while unread and len(chosen) < FORMATS:
        ordered = sorted(_candidates(unread), key=lambda written: _leads(written, first))
        counted = [(sum(_reads_one(text, written) for text in unread), written) for written in ordered]
        best = max(counted, default=(0, ""), key=lambda each: each[0])
        if not best[0]:
            break
        chosen.append(best[1])
        unread = [text for text in unread if not _reads_one(text, best[1])]
    lost = any(_first_read(text, tuple(chosen)) is None for text in texts[:known])
    return () if lost else tuple(chosen)


def _leads(written: str, first: str) -> bool:
    """Whether the other of day and month comes first; where both read a text, the column must decide."""
    places = {name: written.replace("-", "").find(f"%{name}") for name in "dm"}
    other = "m" if first == "d" else "d"
    return 0 <= places[other] < places[first]


def _candidates(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(written for text in texts[:3] for written in formats_of(text)))


def _reads_one(text: str, written: str) -> bool:
    return read_moment(text, written, PIVOT if "%y" in written else None) is not None


def _first_read(text: str | None, formats: tuple[str, ...]) -> Read | None:
    pivots = (PIVOT if "%y" in written else None for written in formats)
    ways = zip(formats, pivots, strict=True)
    return None if text is None else next((found for w, p in ways if (found := read_moment(text, w, p))), None)


@lru_cache(maxsize=4096)
def formats_of(text: str) -> tuple[str, ...]:
    """Formats that read a text, from the way that it is made of digits, words and marks."""
    tokens = _TOKENS.findall(text)
    if len(tokens) > 16:
        return ()
    found = (written for written in _assigned(tokens) if _reads_one_safely(text, written))
    return tuple(dict.fromkeys(found))[:8]


def _reads_one_safely(text: str, written: str) -> bool:
    try:
        return _reads_one(text, written)
    except ValueError:
        return False


def _assigned(tokens: Sequence[str]) -> Iterator[str]:
    """Clock first: numbers with a colon between them; then the words; then the orders of what is left."""
    letters = ["" if token[0].isalnum() else token.replace("%", "%%") for token in tokens]
    half = any(token.lower() in ("am", "pm") for token in tokens)
    clock = _clock(tokens)
    for place, (at, name) in enumerate(clock.items()):
        letters[at] = f"%{name}" if place or len(tokens[at]) == 2 else f"%-{name}"
    if half and "H" in clock.values():
        hour = next(iter(clock))
        letters[hour] = letters[hour].replace("H", "I")
    for at, token in enumerate(tokens):
        if token.isalpha() and token.isascii():
            letters[at] = "%p" if token.lower() in ("am", "pm") else _NAMES.get(token.lower(), token)
            letters[at] = "%B" if token.lower() == "may" else letters[at]
    rest = [at for at, token in enumerate(tokens) if token[0].isdigit() and at not in clock]
    named = any(letter in ("%b", "%B") for letter in letters)
    yield from _numbered(tokens, letters, rest, named=named, half=half)


def _clock(tokens: Sequence[str]) -> dict[int, str]:
    names = iter("HMSf")
    for at in range(len(tokens) - 2):
        if tokens[at].isdigit() and tokens[at + 1] == ":" and tokens[at + 2].isdigit() and len(tokens[at]) <= 2:
            found = {at: next(names)}
            while at + 2 < len(tokens) and tokens[at + 1] in (":", ".") and tokens[at + 2].isdigit():
                name = next(names, None)
                if name is None or (name != "f" and len(tokens[at + 2]) != 2):
                    break
                at += 2
                found[at] = name
            return found
    return {}


def _numbered(
    tokens: Sequence[str], letters: Sequence[str], rest: Sequence[int], *, named: bool, half: bool
) -> Iterator[str]:
    if not rest:
        yield "".join(letters)
    if len(rest) == 1:
        yield from (_filled(letters, rest, [name]) for name in _packed(tokens[rest[0]], half=half))
    for order in _ORDERS:
        names = order.replace("m", "") if named else order
        if len(names) == len(rest) and names:
            yield _filled(letters, rest, [_sized(name, tokens[at]) for name, at in zip(names, rest, strict=True)])


def _filled(letters: Sequence[str], places: Sequence[int], names: Sequence[str]) -> str:
    filled = list(letters)
    for at, name in zip(places, names, strict=True):
        filled[at] = name
    return "".join(filled)


def _packed(token: str, *, half: bool) -> Iterator[str]:
    """Digits without marks."""
    match len(token):
        case 1 | 2 if half:
            yield "%-I"
        case 4 if half:
            yield "%I%M"
        case 4:
            yield from ("%H%M", "%m%d", "%d%m")
        case 6:
            yield from ("%y%m%d", "%d%m%y", "%m%d%y", "%H%M%S", "%Y%m", "%m%Y")
        case 8:
            yield from ("%Y%m%d", "%d%m%Y", "%m%d%Y")
        case 12:
            yield "%Y%m%d%H%M"
        case 14:
            yield "%Y%m%d%H%M%S"


def _sized(name: str, token: str) -> str:
    if name in "md":
        return f"%-{name}"
    return f"%{name}"


def _rewritten(column: int, source: _Source, ground: Ground) -> Iterator[Atom]:
    """The whole output is a moment, the same or one so much later or earlier: every way to write it so."""
    outputs, cut = ground.outputs, source.cut
    for like in formats_of(outputs[0])[:4]:
        shift = _shift(outputs, like, source.read)
        for written in _spellings(like) if shift is not None else ():
            step = Moment(formats=source.formats, pivot=_pivot(source.formats), shift=shift or 0, written=written)
            head = step_all(cut.values[: ground.known], step)
            if head == outputs:
                values = head + step_all(cut.values[ground.known :], step)
                cost = MOMENT + 0.2 * (len(source.formats) - 1) + (1.2 if step.shift else 0.0)
                yield atom_of(column, (*cut.steps, step), values, cut.cost + cost)


def _shift(outputs: Sequence[str], like: str, read: Sequence[Read | None]) -> int | None:
    """How many seconds later the outputs are, where all are so much later and say no more than was read."""
    shifts: set[int] = set()
    for output, source in zip(outputs, read, strict=False):
        made = read_moment(output, like, PIVOT if "%y" in like else None)
        if made is None or source is None or not made.parts <= source.parts:
            return None
        shifts.add(int((made.at - source.at).total_seconds()) if {"hour", "day"} & made.parts else 0)
    return shifts.pop() if len(shifts) == 1 else None


def _spellings(like: str) -> Iterator[str]:
    """A format that is read, as it may be written: each part with or without a zero in front."""
    loose = [letter for letter in ("m", "d", "H", "I") if f"%{letter}" in like.replace("%-", "%")]
    plain = like.replace("%-", "%").replace("%f", "")
    for bare in product((False, True), repeat=len(loose)):
        written = plain
        for letter, short in zip(loose, bare, strict=True):
            written = written.replace(f"%{letter}", f"%-{letter}") if short else written
        yield written


def _pivot(formats: Iterable[str]) -> int | None:
    return PIVOT if any("%y" in written for written in formats) else None


def _moves(ground: Ground, read: Sequence[Read | None]) -> Iterator[tuple[Moment, float]]:
    """As it is; rounded, where there is a time of day; shifted, where the output's own moments say so."""
    yield Moment(formats=(), written=""), 0.0
    parts = frozenset.intersection(*(each.parts for each in read[: ground.known] if each is not None))
    if "hour" not in parts:
        return
    for every, toward in product(_EVERY, Toward):
        yield Moment(formats=(), written="", every=every, toward=toward), 1.6 + 0.1 * _EVERY.index(every) / 11
    for every in _EVERY:
        yield Moment(formats=(), written="", every=every, shift=every), 1.9
    for shift in _SHIFTS:
        yield Moment(formats=(), written="", shift=shift), 1.8


def _letters(
    column: int,
    source: _Source,
    move: Moment,
    cost: float,
    ground: Ground,
    ways: Sequence[str],
) -> Iterator[Atom]:
    moved = [None if each is None else (moved_moment(each.at, move), each.parts) for each in source.read]
    for written in ways:
        head = tuple(_spelled(each, written) for each in moved[: ground.known])
        if all(text and text in output for text, output in zip(head, ground.outputs, strict=True)):
            values = head + tuple(_spelled(each, written) for each in moved[ground.known :])
            step = replace(move, formats=source.formats, pivot=_pivot(source.formats), written=written)
            extra = MOMENT + cost + 0.2 * (len(source.formats) - 1)
            yield atom_of(column, (*source.cut.steps, step), values, source.cut.cost + extra)


def _spelled(moved: tuple[datetime | None, frozenset[str]] | None, written: str) -> str | None:
    if moved is None or moved[0] is None or not needs(written) <= moved[1]:
        return None
    return written_moment(moved[0], written)


_CLOCK_TEXT = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[AaPp][Mm])?")


def _ways(output: str) -> tuple[str, ...]:
    """Single letters, and times of day as the first example writes them."""
    clocks = dict.fromkeys(_CLOCK_TEXT.findall(output))
    spelled = (way for text in clocks for like in formats_of(text)[:2] for way in _spellings(like))
    return (*(f"%{letter}" for letter in _LETTERS), *dict.fromkeys(spelled))
