"""decimal: an exact number. More fraction digits than `scale` are unreadable, never rounded; so are over 38 digits."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import ClassVar, Literal, Self

import polars as pl
from pydantic import Field, model_validator

from ringback.model.field import FieldSpec, Unreadable
from ringback.steps.interpret.numerals import (
    Mark,
    Sign,
    digits,
    grouped,
    mark_words,
    plain,
    plain_one,
    signed,
    signed_words,
    written,
)

MOST_DIGITS = 38  # what Polars, Arrow and PostgreSQL's numeric(38) hold


class DecimalField(FieldSpec):
    """An exact number with a fixed count of fraction digits."""

    type: Literal["decimal"] = "decimal"
    decimal: Mark = Field(default=".", alias="decimalChar", description="The mark before the fraction.")
    group: Mark | None = Field(default=None, alias="groupChar", description="The mark between groups of three digits.")
    scale: int = Field(ge=0, le=MOST_DIGITS, description="Fraction digits kept; a text with more is not readable.")
    sign: Sign = "leading"

    code: ClassVar[str] = "decimal"

    @model_validator(mode="after")
    def _marks_differ(self) -> Self:
        if self.decimal == self.group:
            raise ValueError("decimalChar and groupChar are the same mark; write two that differ")
        return self

    @property
    def dtype(self) -> pl.DataType:
        return pl.Decimal(MOST_DIGITS, self.scale)

    def read(self, text: pl.Expr) -> pl.Expr:
        number = plain(text, self._pattern, group=self.group, sign=self.sign)
        if self.decimal != ".":
            number = number.str.replace(self.decimal, ".", literal=True)
        return number.cast(self.dtype, strict=False)

    def read_one(self, text: str) -> Decimal:
        number = plain_one(text, self._pattern, group=self.group, sign=self.sign).replace(self.decimal, ".")
        units, _, fraction = number.lstrip("+-").partition(".")
        kept = (units + fraction.ljust(self.scale, "0")).lstrip("0") or "0"
        if len(kept) > MOST_DIGITS:
            raise Unreadable
        negative = number.startswith("-") and kept != "0"
        return Decimal((int(negative), tuple(map(int, kept)), -self.scale))

    def expects(self) -> str:
        sample = f"1234{self.decimal}{'5' * min(self.scale, 2)}" if self.scale else "1234"
        marks = "" if self.group is None else f", or with {self.group!r} between groups of three"
        place = ", the sign behind" if self.sign == "trailing" else ""
        return f"a number written as {sample}{marks}{place}, with at most {self.scale} fraction digits"

    def in_words(self) -> tuple[str, ...]:
        mark = f"{mark_words(self.decimal)} stands before the fraction" if self.scale else "there is no fraction"
        exact = f"Held exactly, with {self.scale} fraction digits; a text with more is rejected, never rounded."
        return (f"An exact number: {mark}{grouped(self.group)}{signed_words(self.sign)}.", exact)

    def invented(self) -> tuple[str, ...]:
        fraction = f"{self.decimal}{'50'[: self.scale]}" if self.scale else ""
        return tuple(written(number, group=self.group, sign=self.sign, fraction=fraction) for number in ("1234", "-7"))

    @property
    def _pattern(self) -> str:
        unsigned = digits(self.group)
        if self.scale:
            fraction = rf"{re.escape(self.decimal)}[0-9]{{1,{self.scale}}}"
            unsigned = f"(?:{unsigned})(?:{fraction})?|{fraction}"
        return signed(unsigned, self.sign)
