"""Dates and times written with strptime letters: each letter has one strict meaning, whatever the machine's language.

    %Y  year, four digits, 0001 to 9999        %y  year, two digits; the contract's `pivot` says which century
    %m  month, 01 to 12     %-m  1 to 12, a leading zero allowed     %b  Jan to Dec     %B  January to December
    %d  day, 01 to 31       %-d  1 to 31, a leading zero allowed
    %H  hour, 00 to 23      %-H  0 to 23, likewise      %I, %-I  hour, 01 to 12, with %p  AM or PM
    %M  minute, 00 to 59    %S  second, 00 to 59 (a leap second is not readable)
    %f  fraction of a second, 1 to 9 digits: six are kept, the rest is cut off
    %z  offset from UTC: Z, +02:00 or +0200             %%  a percent sign

Names of months, AM and PM are English, in capitals or not. Any other character stands for itself, white space too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

import polars as pl

from ringback.model.field import Unreadable
from ringback.steps.interpret.patterns import fits, whole

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_BY_NAME = {name: number for number, name in enumerate(_MONTHS, 1)}
_BY_SHORT_NAME = {name[:3]: number for number, name in enumerate(_MONTHS, 1)}


def _any_case(*words: str) -> str:
    return "|".join("".join(f"[{letter}{letter.upper()}]" for letter in word) for word in words)


@dataclass(frozen=True, slots=True)
class _Letter:
    part: str  # what it says: no two letters of one format may say the same
    pattern: str
    how: str = "number"  # how its text becomes a number
    open_ended: bool = False  # may be one digit shorter: no digit may follow


_LETTERS = {
    "Y": _Letter("year", "[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9]"),
    "y": _Letter("year", "[0-9]{2}", "short_year"),
    "m": _Letter("month", "0[1-9]|1[0-2]"),
    "-m": _Letter("month", "1[0-2]|0?[1-9]", open_ended=True),
    "b": _Letter("month", _any_case(*_BY_SHORT_NAME), "short_name"),
    "B": _Letter("month", _any_case(*_BY_NAME), "name"),
    "d": _Letter("day", "0[1-9]|[12][0-9]|3[01]"),
    "-d": _Letter("day", "[12][0-9]|3[01]|0?[1-9]", open_ended=True),
    "H": _Letter("hour", "[01][0-9]|2[0-3]"),
    "-H": _Letter("hour", "1[0-9]|2[0-3]|0?[0-9]", open_ended=True),
    "I": _Letter("hour", "0[1-9]|1[0-2]", "half_hour"),
    "-I": _Letter("hour", "1[0-2]|0?[1-9]", "half_hour", open_ended=True),
    "p": _Letter("half", _any_case("am", "pm"), "half"),
    "M": _Letter("minute", "[0-5][0-9]"),
    "S": _Letter("second", "[0-5][0-9]"),
    "f": _Letter("microsecond", "[0-9]{1,9}", "fraction", open_ended=True),
    "z": _Letter("offset", r"Z|[+\-](?:[01][0-9]|2[0-3]):?[0-5][0-9]", "offset"),
}
_TOKEN = re.compile(r"%(?P<letter>-?[A-Za-z])|%(?P<percent>%)|(?P<text>[^%])|(?P<stray>%)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Format:
    """A format taken apart: the pattern (one named group a part) and how each part's text becomes a number."""

    pattern: str
    parts: Mapping[str, str]

    @property
    def as_polars(self) -> bool:
        """Whether Polars' own parser takes what fits the pattern as we do: it has no pivot, and no hour alone."""
        plain = set(self.parts.values()) <= {"number", "name", "short_name"}
        return plain and ("hour" in self.parts) == ("minute" in self.parts)

    def requires(self, *parts: str) -> str | None:
        """The first of these parts that the format lacks."""
        return next((part for part in parts if part not in self.parts), None)


@lru_cache(maxsize=256)
def parse_format(written: str) -> Format:
    """Take a format apart. Raises: ValueError, which says what to write instead."""
    tokens = [token.groupdict() for token in _TOKEN.finditer(written)]
    letters = [_letter(token["letter"]) for token in tokens if token["letter"] is not None]
    if any(token["stray"] for token in tokens):
        raise ValueError("a single % says nothing; write %% for a percent sign")
    parts = {letter.part: letter.how for letter in letters}
    if len(parts) < len(letters):
        raise ValueError("two letters say the same; leave one out")
    if ("half" in parts) != (parts.get("hour") == "half_hour"):
        raise ValueError("%p and %I go together: write both, or %H alone")
    if any(_runs_on(first, second) for first, second in pairwise(tokens)):
        raise ValueError(
            "a letter without a fixed count of digits (%-d, %f) needs something else than a digit behind it"
        )
    return Format("".join(_patterns(tokens)), parts)


def _letter(name: str) -> _Letter:
    if name not in _LETTERS:
        known = ", ".join(f"%{letter}" for letter in _LETTERS)
        raise ValueError(f"%{name} is no letter that ringback reads; use {known}")
    return _LETTERS[name]


def _runs_on(first: Mapping[str, str | None], second: Mapping[str, str | None]) -> bool:
    if first["letter"] is None or not _LETTERS[first["letter"]].open_ended:
        return False
    if second["letter"] is not None:
        return second["letter"] not in {"b", "B", "p", "z"}
    return (second["text"] or "").isdigit()


def _patterns(tokens: list[dict[str, str | None]]) -> Iterator[str]:
    for token in tokens:
        if token["letter"] is not None:
            letter = _LETTERS[token["letter"]]
            yield f"(?P<{letter.part}>{letter.pattern})"
        else:
            yield re.escape(token["text"] or "%")


def fitting(text: pl.Expr, written: str) -> pl.Expr:
    """The texts that fit the format; null where they do not."""
    return pl.when(fits(text, parse_format(written).pattern)).then(text)


def columns(text: pl.Expr, written: str, *, pivot: int | None) -> dict[str, pl.Expr]:
    """The parts of a column of texts as numbers (Int32); null where the text does not fit.

    `offset` is in seconds, east of UTC positive.
    """
    form = parse_format(written)
    groups = text.str.extract_groups(whole(form.pattern)).struct
    parts = {part: _number(groups.field(part), how, pivot) for part, how in form.parts.items()}
    if "half" in parts:
        parts["hour"] = parts["hour"] + parts.pop("half")
    return parts


def _number(part: pl.Expr, how: str, pivot: int | None) -> pl.Expr:
    if how in ("name", "short_name"):
        names = _BY_NAME if how == "name" else _BY_SHORT_NAME
        return part.str.to_lowercase().replace_strict(names, default=None, return_dtype=pl.Int32)
    if how == "half":
        return part.str.to_lowercase().replace_strict({"am": 0, "pm": 12}, default=None, return_dtype=pl.Int32)
    if how == "offset":
        return _seconds_east(part)
    number = (part.str.slice(0, 6).str.pad_end(6, "0") if how == "fraction" else part).cast(pl.Int32, strict=False)
    if how == "short_year" and pivot is not None:
        return (number + (100 - pivot % 100)) % 100 + pivot
    return number % 12 if how == "half_hour" else number


def _seconds_east(part: pl.Expr) -> pl.Expr:
    digits = part.str.replace(":", "", literal=True)
    hours, minutes = (digits.str.slice(at, 2).cast(pl.Int32, strict=False) for at in (1, 3))
    east = hours * 3600 + minutes * 60
    return pl.when(part == "Z").then(pl.lit(0, pl.Int32)).when(part.str.starts_with("-")).then(-east).otherwise(east)


def numbers(text: str, written: str, *, pivot: int | None) -> dict[str, int]:
    """The same for one text. Raises: Unreadable."""
    form = parse_format(written)
    found = re.fullmatch(form.pattern, text)
    if found is None:
        raise Unreadable
    parts = {part: _number_one(found[part], how, pivot) for part, how in form.parts.items()}
    if "half" in parts:
        parts["hour"] += parts.pop("half")
    return parts


def _number_one(part: str, how: str, pivot: int | None) -> int:
    match how:
        case "name":
            return _BY_NAME[part.lower()]
        case "short_name":
            return _BY_SHORT_NAME[part.lower()]
        case "half":
            return 12 if part.lower() == "pm" else 0
        case "half_hour":
            return int(part) % 12
        case "fraction":
            return int(part.ljust(6, "0")[:6])
        case "offset":
            return _seconds_east_one(part)
        case "short_year" if pivot is not None:
            return next(year for year in range(pivot, pivot + 100) if year % 100 == int(part))
        case _:
            return int(part)


def _seconds_east_one(part: str) -> int:
    if part == "Z":
        return 0
    digits = part.replace(":", "")
    east = int(digits[1:3]) * 3600 + int(digits[3:5]) * 60
    return -east if part.startswith("-") else east


_WORDS = {
    "Y": "year (4 digits)",
    "y": "year (2 digits)",
    "m": "month (2 digits)",
    "-m": "month (1 or 2 digits)",
    "b": "month (Jan to Dec)",
    "B": "month (January to December)",
    "d": "day (2 digits)",
    "-d": "day (1 or 2 digits)",
    "H": "hour (00 to 23)",
    "-H": "hour (0 to 23)",
    "I": "hour (01 to 12)",
    "-I": "hour (1 to 12)",
    "p": "AM or PM",
    "M": "minute",
    "S": "second",
    "f": "fraction of a second",
    "z": "offset from UTC",
}


def format_words(written: str) -> str:
    """A format as people say it: day (2 digits), "/", month (2 digits), "/", year (4 digits)."""
    return ", ".join(_said(written))


def _said(written: str) -> Iterator[str]:
    """Letters in words; whatever stands between them in quotes, in one piece."""
    between = ""
    for token in _TOKEN.finditer(written):
        if token["letter"] is None:
            between += token["text"] or "%"
            continue
        if between:
            yield "a space" if between == " " else f'"{between}"'
        between = ""
        yield _WORDS[token["letter"]]
    if between:
        yield f'"{between}"'


def write(written: str, moment: datetime) -> str:
    """A moment as the format has it, in English whatever the machine's language; as if in UTC."""
    return "".join(
        _written(token["letter"], moment) if token["letter"] is not None else token["text"] or "%"
        for token in _TOKEN.finditer(written)
    )


def _written(letter: str, moment: datetime) -> str:
    month, hour = _MONTHS[moment.month - 1].capitalize(), moment.hour % 12 or 12
    numbers = {"m": moment.month, "d": moment.day, "H": moment.hour, "I": hour, "M": moment.minute, "S": moment.second}
    if letter.removeprefix("-") in numbers:
        number = numbers[letter.removeprefix("-")]
        return str(number) if letter.startswith("-") else f"{number:02}"
    half = "PM" if moment.hour >= 12 else "AM"
    year, short = f"{moment.year:04}", f"{moment.year % 100:02}"
    return {"Y": year, "y": short, "b": month[:3], "B": month, "p": half, "f": f"{moment.microsecond:06}", "z": "Z"}[
        letter
    ]
