"""Dates and times moved to others, written as they were. A day stays within its 4,096 days: ages stay plausible."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ringback.model.field import FieldSpec, Unreadable
from ringback.steps.interpret.date import PARTS as DAY_PARTS
from ringback.steps.interpret.date import day_of
from ringback.steps.interpret.letters import numbers, parse_format
from ringback.steps.interpret.reference import WHITE_SPACE
from ringback.steps.interpret.time import clock
from ringback.steps.scramble.permutation import Secret, permuted, permuted_numbers

# How dates are written where the contract does not say so: a text in such a form stays a date in this form, so that
# a contract that comes to read it finds one
USUAL = (
    *("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%d-%b-%Y"),
    *("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S"),
)
DAYS = (64, 64)  # 4,096 days that are permuted together
SECONDS = (288, 300)  # of a day
_LOOKS_DATED = re.compile(r"[0-9]{1,4}[/.\-][0-9A-Za-z]{1,9}[/.\-][0-9]{1,4}")
_SHORT = {"month": "m", "day": "d", "hour": "HI"}  # parts that may be one digit shorter, and their letters
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG = ("January", "February", "March", "April", "May", "June", "July")
_LONG_MONTHS = (*_LONG, "August", "September", "October", "November", "December")


@dataclass(frozen=True, slots=True)
class Form:
    """A way in which dates or times are written."""

    written: str
    pivot: int | None = None


def forms_of(spec: FieldSpec | None) -> tuple[Form, ...]:
    """The forms of a field's texts: its own first."""
    own = getattr(spec, "format", None)
    usual = tuple(Form(written) for written in USUAL if written != own)
    return usual if own is None else (Form(own, getattr(spec, "pivot", None)), *usual)


def form_of(text: str, forms: tuple[Form, ...]) -> Form | None:
    """The first form that the text has."""
    core = text.strip(WHITE_SPACE)
    dated = _LOOKS_DATED.match(core) is not None  # spares most texts a dozen questions
    return next((form for form in forms if (dated or form.written not in USUAL) and _parts(core, form)), None)


def _parts(core: str, form: Form) -> dict[str, int] | None:
    try:
        parts = numbers(core, form.written, pivot=form.pivot)
        if "day" in parts:
            day_of(parts)
    except Unreadable:
        return None
    return parts


def moved(text: str, form: Form, secret: Secret) -> str:
    """The text with another day and time of day; it must have the form."""
    core = text.strip(WHITE_SPACE)
    parts = _parts(core, form)
    assert parts is not None  # noqa: S101 - the form is the text's
    found = re.fullmatch(parse_format(form.written).pattern, core)
    assert found is not None  # noqa: S101 - the parts are read from it
    told = {**_day(parts, form, secret), **_time(parts, secret)}
    how = parse_format(form.written).parts
    pieces, behind = [], 0
    for name in sorted(how, key=found.start):
        may_be_short = any(f"%-{letter}" in form.written for letter in _SHORT.get(name, ""))
        new = _as_written(found[name], how[name], told.get(name, 0), may_be_short=may_be_short)
        pieces += [core[behind : found.start(name)], permuted(new, secret) if name == "microsecond" else new]
        behind = found.end(name)
    return text.replace(core, "".join([*pieces, core[behind:]]), 1)


def _day(parts: Mapping[str, int], form: Form, secret: Secret) -> dict[str, int]:
    if "day" not in parts:
        return {}
    day = day_of(dict(parts)).toordinal()
    first, last = _window(form)
    while True:  # walks to the next day that can be written; at the latest it comes back
        block, place = divmod(day, DAYS[0] * DAYS[1])
        numbers_of = permuted_numbers(divmod(place, DAYS[1]), DAYS, secret.word, f"day {block}")
        day = block * DAYS[0] * DAYS[1] + numbers_of[0] * DAYS[1] + numbers_of[1]
        if first <= day <= last:
            there = datetime.date.fromordinal(day)
            return dict(zip(DAY_PARTS, (there.year, there.month, there.day), strict=True))


def _window(form: Form) -> tuple[int, int]:
    if form.pivot is None:
        return 1, datetime.date.max.toordinal()
    first = datetime.date(form.pivot, 1, 1).toordinal()
    return first, datetime.date(form.pivot + 99, 12, 31).toordinal()


def _time(parts: Mapping[str, int], secret: Secret) -> dict[str, int]:
    """Only what is written changes: a time without seconds stays one."""
    if "hour" not in parts:
        return {}
    written = clock(dict(parts))
    if "second" in parts:
        radices, units = SECONDS, (written.hour * 60 + written.minute) * 60 + written.second
    elif "minute" in parts:
        radices, units = (36, 40), written.hour * 60 + written.minute
    else:
        radices, units = (4, 6), written.hour
    high, low = permuted_numbers(divmod(units, radices[1]), radices, secret.word, f"time {radices}")
    seconds = (high * radices[1] + low) * (86_400 // (radices[0] * radices[1]))
    hour, rest = divmod(seconds, 3600)
    return {"hour": hour, "minute": rest // 60, "second": rest % 60, "half": hour // 12}


def _as_written(old: str, how: str, number: int, *, may_be_short: bool) -> str:
    """A number in the way of an old text."""
    match how:
        case "name" | "short_name":
            return _in_case((_LONG_MONTHS if how == "name" else _MONTHS)[number - 1], old)
        case "half":
            return _in_case(("AM", "PM")[number], old)
        case "fraction" | "offset":
            return old  # an offset is the sender's, not the client's
        case "short_year":
            return f"{number % 100:02}"
    shown = number % 12 or 12 if how == "half_hour" else number
    return f"{shown}" if may_be_short and not old.startswith("0") else f"{shown:0{len(old)}}"


def _in_case(word: str, old: str) -> str:
    return word.upper() if old.isupper() else word.lower() if old.islower() else word
