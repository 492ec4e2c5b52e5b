"""Digits with signs and group marks, as integer and decimal fields are written."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import polars as pl
from pydantic import AfterValidator, Field

from ringback.model.field import Unreadable
from ringback.steps.interpret.patterns import fits

Sign = Literal["leading", "trailing", "overpunched"]

# The last digit and the sign in one letter: EBCDIC C0 to C9 and D0 to D9 as code pages 037, 500 and 1140 show them. A
# last digit without a sign is a digit. Source: IBM Enterprise COBOL for z/OS, zoned decimal.
_PLUS, _MINUS = "{ABCDEFGHI", "}JKLMNOPQR"
SIGN_PLACES: dict[Sign, str] = {
    "leading": "",
    "trailing": " and the sign behind",
    "overpunched": " and the sign in the last digit (overpunched)",
}
_PUNCHED = dict(zip(_PLUS + _MINUS, "0123456789" * 2, strict=True))


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
    if sign == "overpunched":
        return r"[0-9]*[0-9{}A-R]"  # nothing but digits goes with it: see `require_bare`
    return rf"(?:{unsigned})[+\-]?" if sign == "trailing" else rf"[+\-]?(?:{unsigned})"


def require_bare(sign: Sign, *, group: str | None) -> None:
    """Raises: ValueError, where an overpunched sign goes with marks that no such number has."""
    if sign == "overpunched" and group is not None:
        raise ValueError("an overpunched number has no marks between its digits: leave groupChar out")


def plain(text: pl.Expr, pattern: str, *, group: str | None, sign: Sign) -> pl.Expr:
    """Texts that fit the pattern, the sign in front, without group marks; null where they do not fit."""
    number: pl.Expr = pl.when(fits(text, pattern)).then(text)
    if group is not None:
        number = number.str.replace_all(group, "", literal=True)
    if sign == "trailing":
        number = number.str.replace(r"^(.*)([+\-])$", "$2$1")
    if sign == "overpunched":
        minus = pl.when(number.str.contains(r"[}J-R]$")).then(pl.lit("-")).otherwise(pl.lit(""))
        number = minus + number.str.replace_many(list(_PUNCHED), list(_PUNCHED.values()))
    return number


def plain_one(text: str, pattern: str, *, group: str | None, sign: Sign) -> str:
    """The same for one text. Raises: Unreadable."""
    if re.fullmatch(pattern, text) is None:
        raise Unreadable
    number = text if group is None else text.replace(group, "")
    if sign == "trailing" and number[-1] in "+-":
        number = number[-1] + number[:-1]
    if sign == "overpunched":
        number = ("-" if number[-1] in _MINUS else "") + number[:-1] + _PUNCHED.get(number[-1], number[-1])
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
    behind = {
        "leading": "",
        "trailing": "; the sign stands behind",
        "overpunched": "; its last digit holds the sign",
    }
    return behind[sign]


def written(number: str, *, group: str | None, sign: Sign, fraction: str = "") -> str:
    """A whole number of at most six digits, -1234, as such a field would be delivered."""
    minus, units = number[: number.startswith("-")], number.lstrip("-")
    if group is not None and len(units) > 3:
        units = f"{units[:-3]}{group}{units[-3:]}"
    if sign == "overpunched":
        return units[:-1] + (_MINUS if minus else _PLUS)[int(units[-1])]
    return f"{units}{fraction}{minus}" if sign == "trailing" else f"{minus}{units}{fraction}"


def overpunched(digits: pl.Expr, negative: pl.Expr) -> pl.Expr:
    """Digits with their sign in the last one, as they are delivered."""
    last, kept = digits.str.tail(1), digits.str.head(-1)
    signs = [last.replace_strict(list("0123456789"), list(each), default=None) for each in (_MINUS, _PLUS)]
    return kept + pl.when(negative).then(signs[0]).otherwise(signs[1])
