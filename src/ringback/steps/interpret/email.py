"""email: one address, kept as delivered.

Local part: 1 to 64 characters, no dot at an end and no two in a row. Domain: two or more labels of 1 to 63 characters
between dots, no hyphen at a label's end. At most 254 characters in all (RFC 5321). Characters beyond ASCII are allowed
(RFC 6531), except white space and control characters. Quoted local parts, comments and display names are not readable.
"""

from __future__ import annotations

import re
from typing import ClassVar, Literal

import polars as pl

from ringback.model.field import FieldSpec, Unreadable
from ringback.steps.interpret.patterns import fits

_BEYOND = "\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\U0010ffff"
_ATOM = rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~\-{_BEYOND}]+"
_LETTER = rf"[A-Za-z0-9{_BEYOND}]"
_LABEL = rf"{_LETTER}(?:[A-Za-z0-9\-{_BEYOND}]{{0,61}}{_LETTER})?"
_ADDRESS = rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+"
_MOST, _MOST_LOCAL = 254, 64


class EmailField(FieldSpec):
    """An e-mail address."""

    type: Literal["email"] = "email"

    code: ClassVar[str] = "email"

    @property
    def dtype(self) -> pl.DataType:
        return pl.String()

    def read(self, text: pl.Expr) -> pl.Expr:
        domain = text.str.splitn("@", 2).struct.field("field_1")
        local_length = text.str.len_chars() - domain.str.len_chars() - 1
        short = (text.str.len_chars() <= _MOST) & (local_length <= _MOST_LOCAL)
        return pl.when(fits(text, _ADDRESS) & short.fill_null(value=False)).then(text)

    def read_one(self, text: str) -> str:
        if len(text) > _MOST or text.find("@") > _MOST_LOCAL or re.fullmatch(_ADDRESS, text) is None:
            raise Unreadable
        return text

    def expects(self) -> str:
        return "an e-mail address written as name@example.org"

    def in_words(self) -> tuple[str, ...]:
        return ("One e-mail address, held as it is delivered, without a display name or comment.",)

    def invented(self) -> tuple[str, ...]:
        return ("name@example.org",)
