"""Digits with signs and group marks, as integer and decimal fields are written."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import polars as pl
from pydantic import AfterValidator, Field

from ringback.model.field import Unreadable
from ringback.steps.interpret.patterns import fits

Sign = Literal["leading", "trailing"]


def _mark(written: str) -> str:
    if re.fullmatch(r"[0-9A-Za-z+\-]", written):
        raise ValueError("a mark is one character that is no digit, letter or sign")
    return written


Mark = Annotated[str, Field(min_length=1, max_length=1), AfterValidator(_mark)]


def digits(group: str | None) -> str:
    """The pattern of a whole number without its sign: 1234567, and with a group mark 1.234.567 too."""
    if group is None:
        return "[0-9]+"
    return rf"[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+|[0-9]+"


def signed(unsigned: str, sign: Sign) -> str:
    """The pattern with its optional sign, at the one place where the contract has it."""
    return rf"(?:{unsigned})[+\-]?" if sign == "trailing" else rf"[+\-]?(?:{unsigned})"


def plain(text: pl.Expr, pattern: str, *, group: str | None, sign: Sign) -> pl.Expr:
    """Texts that fit the pattern, the sign in front, without group marks; null where they do not fit."""
    number: pl.Expr = pl.when(fits(text, pattern)).then(text)
    if group is not None:
        number = number.str.replace_all(group, "", literal=True)
    if sign == "trailing":
        number = number.str.replace(r"^(.*)([+\-])$", "$2$1")
    return number


def plain_one(text: str, pattern: str, *, group: str | None, sign: Sign) -> str:
    """The same for one text. Raises: Unreadable."""
    if re.fullmatch(pattern, text) is None:
        raise Unreadable
    number = text if group is None else text.replace(group, "")
    if sign == "trailing" and number[-1] in "+-":
        number = number[-1] + number[:-1]
    return number


_MARK_NAMES = {",": "a comma", ".": "a full stop", " ": "a space", "'": "an apostrophe", "\u00a0": "a hard space"}


def mark_words(mark: str) -> str:
    """A mark as people call it: a comma."""
    return _MARK_NAMES.get(mark, f"the mark {mark!r}")


def grouped(mark: str | None) -> str:
    """What may stand between groups of three digits, in words."""
    return "" if mark is None else f", and {mark_words(mark)} may stand between groups of three digits"


def signed_words(sign: Sign) -> str:
    """Where the sign stands, in words; nothing where everybody expects it."""
    return "; the sign stands behind" if sign == "trailing" else ""


def written(number: str, *, group: str | None, sign: Sign, fraction: str = "") -> str:
    """A whole number of at most six digits, -1234, as such a field would be delivered."""
    minus, units = number[: number.startswith("-")], number.lstrip("-")
    if group is not None and len(units) > 3:
        units = f"{units[:-3]}{group}{units[-3:]}"
    return f"{units}{fraction}{minus}" if sign == "trailing" else f"{minus}{units}{fraction}"
