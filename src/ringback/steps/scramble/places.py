"""Places of a text that tell nothing of a client and stay: without them its type would not read it any more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE
from stdnum import iban
from stdnum.exceptions import ValidationError

from ringback.steps.scramble.permutation import Secret, permuted

_COUNTRY_CODE_DIGITS = 3  # at most (ITU-T E.164)
_PLACED_BEFORE = re.compile(r"[^0-9+]*(\+|0*)")
_JSON_KEPT = re.compile(r'"(?:[^"\\]|\\.)*"(?=\s*:)|\\u[0-9A-Fa-f]{4}|\\.|\b(?:true|false|null)\b|(?<=[0-9])[eE]')


Step = Callable[[str], str]  # a permutation of texts: the next one of the same shape


def frozen(kind: str, text: str) -> str:
    """Which places of the text stay in a field of this type: "x" for each of them, "." for others."""
    marks = ["."] * len(text)
    for start, end in _STAYS[kind](text) if kind in _STAYS else ():
        marks[start:end] = "x" * (end - start)
    return "".join(marks)


def step_of(kind: str, text: str, secret: Secret) -> Step:
    """How this text is scrambled in a field of this type: what stays of it stays at every step."""
    marks = [mark == "x" for mark in frozen(kind, text)]
    if kind == "iban" and _has_right_digits(text):
        return lambda text: _with_check_digits(permuted(_checked(text, "00"), secret, marks))
    return lambda text: permuted(text, secret, marks)


def _of_phone(text: str) -> Iterable[tuple[int, int]]:
    """The way out of a country and into another: +44, 0044; a leading 0."""
    before = _PLACED_BEFORE.match(text)
    start = before.end() if before else 0
    yield 0, start
    if before is None or before[1] not in ("+", "00"):
        return
    digits = [place for place in range(start, len(text)) if text[place].isdecimal()][:_COUNTRY_CODE_DIGITS]
    for count in range(1, len(digits) + 1):
        code = "".join(text[place] for place in digits[:count])
        if int(code) in COUNTRY_CODE_TO_REGION_CODE:
            yield from ((place, place + 1) for place in digits[:count])
            return


def _of_iban(text: str) -> Iterable[tuple[int, int]]:
    """The country. The check digits are made anew."""
    yield from ((place, place + 1) for place in _solid(text)[:4])


def _of_number(text: str) -> Iterable[tuple[int, int]]:
    """The letters in front, which name a country or a kind: DE123456788."""
    front = re.match(r"[^0-9]*", text)
    yield 0, front.end() if front else 0


def _of_json(text: str) -> Iterable[tuple[int, int]]:
    """Names of members, true, false, null, exponents, and letters that are written as escapes."""
    yield from (found.span() for found in _JSON_KEPT.finditer(text))


_STAYS: dict[str, Callable[[str], Iterable[tuple[int, int]]]] = {
    "phone": _of_phone,
    "iban": _of_iban,
    "number": _of_number,
    "json": _of_json,
}


def _solid(text: str) -> list[int]:
    return [place for place, letter in enumerate(text) if not letter.isspace()]


def _with_check_digits(text: str) -> str:
    return _checked(text, iban.calc_check_digits("".join(text[place] for place in _solid(text)).upper()))


def _checked(text: str, digits: str) -> str:
    letters = list(text)
    for place, digit in zip(_solid(text)[2:4], digits, strict=True):
        letters[place] = digit
    return "".join(letters)


def _has_right_digits(text: str) -> bool:
    try:
        iban.validate("".join(text.split()), check_country=False)
    except ValidationError:
        return False
    return True
