"""What a sample cannot decide about a field, told with the readings of an example side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ringback.contracts.draft.candidates import Tried
from ringback.contracts.draft.evidence import UNDECIDED, ColumnReading, Doubt, Setting, Written
from ringback.contracts.draft.scalar import scalar, shown, words

_PARTS = {"d": "day", "m": "month", "b": "month", "B": "month", "y": "year", "Y": "year"}


def settle(best: Sequence[Tried], name: str) -> tuple[ColumnReading, tuple[Doubt, ...]]:
    """The reading to write, `undecided` where the readings of every value differ, and why."""
    first = best[0]
    doubts: list[Doubt] = []
    reading = first.reading(_telling(best))
    if len(best) > 1:
        doubts.append(_between(best, name))
        reading = _blurred(reading, best)
    for key in first.candidate.open_keys:
        doubts.append(_open(key, first, name))
        reading = _extended(reading, Setting(key=key, value=UNDECIDED))
    return reading, tuple(doubts)


def _telling(best: Sequence[Tried]) -> tuple[int, ...]:
    """Rows of the texts that tell the readings apart; the first one where none does."""
    if not best[0].column.distinct_count:
        return ()
    return best[0].differs_at(best[1]) or (0,) if len(best) > 1 else (0,)


def _between(best: Sequence[Tried], name: str) -> Doubt:
    at = _telling(best)
    readings = [one.reading(at) for one in best]
    keys = _differing(readings)
    named = " and ".join(called(reading) for reading in readings)
    count = best[0].column.value_count
    return Doubt(
        where=f"fields.{name}.{keys[0]}",
        why=f"{count:,} {'value' if count == 1 else 'values'}, 0 decide between {named}",
        choices=tuple(_choice(reading, typed=keys == ("type",)) for reading in readings),
        decide=tuple(f"{name}={reading.decide}" for reading in readings),
    )


def _choice(reading: ColumnReading, *, typed: bool) -> str:
    written = written_reading(reading) if typed else _settings(reading)
    meanings = ", ".join(f"{shown(meaning.text)} is {meaning.value}" for meaning in reading.meanings[:2])
    return f"{written}   {meanings}"


def written_reading(reading: ColumnReading) -> str:
    """A reading as the contract would have it, on one line."""
    settings = _settings(reading)
    return f"type: {reading.type}, {settings}" if settings else f"type: {reading.type}"


def _settings(reading: ColumnReading) -> str:
    return ", ".join(f"{setting.key}: {write(setting.value)}" for setting in reading.settings)


def write(value: Written) -> str:
    """A setting's value as YAML."""
    if isinstance(value, tuple):
        return words(value)
    return str(value) if isinstance(value, int) or value == UNDECIDED else scalar(value)


def called(reading: ColumnReading) -> str:
    """What people call a reading: day/month/year, 1,234.5, integer."""
    written = reading.setting("format")
    if isinstance(written, str):
        parts = [_PARTS[letter] for letter in re.findall(r"%-?([A-Za-z])", written) if letter in _PARTS]
        return "/".join(parts) or written
    if reading.type == "decimal":
        return f"{shown(str(reading.setting('decimalChar')))} as decimal mark"
    group = reading.setting("groupChar")
    return reading.type if group is None else f"{shown(str(group))} as group mark"


def _differing(readings: Sequence[ColumnReading]) -> tuple[str, ...]:
    if len({reading.type for reading in readings}) > 1:
        return ("type",)
    keys = dict.fromkeys(setting.key for reading in readings for setting in reading.settings)
    return tuple(key for key in keys if len({reading.setting(key) for reading in readings}) > 1)


def _blurred(reading: ColumnReading, best: Sequence[Tried]) -> ColumnReading:
    readings = [one.reading() for one in best]
    differing = _differing(readings)
    if differing == ("type",):
        return _replaced(reading, kind=UNDECIDED, settings=())
    settings = tuple(
        Setting(key=setting.key, value=UNDECIDED) if setting.key in differing else setting
        for setting in reading.settings
        if setting.key != "groupChar"
    )
    return _replaced(reading, kind=reading.type, settings=settings)


def _extended(reading: ColumnReading, setting: Setting) -> ColumnReading:
    return _replaced(reading, kind=reading.type, settings=(*reading.settings, setting))


def _replaced(reading: ColumnReading, *, kind: str, settings: tuple[Setting, ...]) -> ColumnReading:
    return ColumnReading(
        type=kind,
        settings=settings,
        read_count=reading.read_count,
        unread_count=reading.unread_count,
        decide=reading.decide,
        meanings=reading.meanings,
        unread=reading.unread,
    )


def _open(key: str, tried: Tried, name: str) -> Doubt:
    texts = tried.column.texts["text"]
    example = shown(texts[0]) if len(texts) else "the text"
    if key == "zone":
        return Doubt(
            where=f"fields.{name}.zone",
            why="no value says in which time zone it is",
            choices=("zone: UTC", f"zone: Europe/London   or any other; {example} is a moment only with one"),
            decide=(f"{name}.zone=UTC", f"{name}.zone=Europe/London"),
        )
    return Doubt(
        where=f"fields.{name}.pivot",
        why="years have two digits",
        choices=(
            "pivot: 1930   00 to 29 are 2000 to 2029, 30 to 99 are 1930 to 1999",
            "pivot: 1970   00 to 69 are 2000 to 2069, 70 to 99 are 1970 to 1999",
        ),
        decide=(f"{name}.pivot=1930", f"{name}.pivot=1970"),
    )
