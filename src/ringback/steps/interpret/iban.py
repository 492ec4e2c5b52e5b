"""iban: an international bank account number; stored without spaces, in capitals.

Letters and digits of ASCII, in capitals or not, with single spaces anywhere between them. The check digits, the
country's length and structure must be right, and its own check digits where python-stdnum knows them.
"""

from __future__ import annotations

import re
from typing import ClassVar, Literal

import polars as pl
from stdnum import iban
from stdnum.exceptions import ValidationError

from ringback.model.field import FieldSpec, Unreadable
from ringback.steps.interpret.patterns import fits
from ringback.steps.interpret.uniques import each_unique

_WRITTEN = "[A-Za-z]{2} ?[0-9] ?[0-9](?: ?[A-Za-z0-9]){1,30}"


class IbanField(FieldSpec):
    """An account number."""

    type: Literal["iban"] = "iban"

    code: ClassVar[str] = "iban"

    @property
    def dtype(self) -> pl.DataType:
        return pl.String()

    def read(self, text: pl.Expr) -> pl.Expr:
        return each_unique(pl.when(fits(text, _WRITTEN)).then(text), self.read_one)

    def read_one(self, text: str) -> str:
        if re.fullmatch(_WRITTEN, text) is None:
            raise Unreadable
        try:
            return str(iban.validate(text))
        except ValidationError:
            raise Unreadable from None

    def expects(self) -> str:
        return "a valid IBAN"
