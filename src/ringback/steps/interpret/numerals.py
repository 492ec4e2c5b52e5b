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
