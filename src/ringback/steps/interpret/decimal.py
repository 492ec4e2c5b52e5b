"""decimal: an exact number. More fraction digits than `scale` are unreadable, never rounded; so are over 38 digits."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import ClassVar, Literal, Self

import polars as pl
from pydantic import Field, model_validator

from ringback.model.field import FieldSpec, Unreadable
from ringback.steps.interpret.numerals import (
    SIGN_PLACES,
    Mark,
    Sign,
    digits,
    grouped,
    mark_words,
    plain,
    plain_one,
    require_bare,
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
    implied: int | None = Field(
        default=None,
        alias="impliedDecimals",
        ge=0,
        le=MOST_DIGITS,
        description="The last so many digits are the fraction; no mark is written before it.",
    )

    code: ClassVar[str] = "decimal"

    @model_validator(mode="after")
    def _marks_differ(self) -> Self:
        if self.decimal == self.group:
            raise ValueError("decimalChar and groupChar are the same mark; write two that differ")
        require_bare(self.sign, group=self.group)
        if self.sign == "overpunched" and self.implied is None:
            raise ValueError("an overpunched number has no mark before its fraction: write impliedDecimals")
        if self.implied is not None and self.implied > self.scale:
            raise ValueError("impliedDecimals is more than scale: digits would be lost; write a scale as large")
        return self

    @property
    def dtype(self) -> pl.DataType:
        return pl.Decimal(MOST_DIGITS, self.scale)

    def read(self, text: pl.Expr) -> pl.Expr:
        number = plain(text, self._pattern, group=self.group, sign=self.sign)
        if self.implied is not None:
            number = _with_point(number, self.implied)
        elif self.decimal != ".":
            number = number.str.replace(self.decimal, ".", literal=True)
        return number.cast(self.dtype, strict=False)

    def read_one(self, text: str) -> Decimal:
        number = plain_one(text, self._pattern, group=self.group, sign=self.sign).replace(self.decimal, ".")
        units, _, fraction = number.lstrip("+-").partition(".")
        if self.implied:
            units, fraction = units[: -self.implied], units[-self.implied :].zfill(self.implied)
        kept = (units + fraction.ljust(self.scale, "0")).lstrip("0") or "0"
        if len(kept) > MOST_DIGITS:
            raise Unreadable
        negative = number.startswith("-") and kept != "0"
        return Decimal((int(negative), tuple(map(int, kept)), -self.scale))

    def expects(self) -> str:
        if self.implied is not None:
            behind = "digit is" if self.implied == 1 else f"{self.implied} digits are"
            return f"a number written as 123456, of which the last {behind} the fraction{SIGN_PLACES[self.sign]}"
        sample = f"1234{self.decimal}{'5' * min(self.scale, 2)}" if self.scale else "1234"
        marks = "" if self.group is None else f", or with {self.group!r} between groups of three"
        return f"a number written as {sample}{marks}{SIGN_PLACES[self.sign]}, with at most {self.scale} fraction digits"

    def in_words(self) -> tuple[str, ...]:
        mark = f"{mark_words(self.decimal)} stands before the fraction" if self.scale else "there is no fraction"
        if self.implied:
            mark = f"no mark stands before the fraction, which is the last {self.implied} of its digits"
        exact = f"Held exactly, with {self.scale} fraction digits; a text with more is rejected, never rounded."
        return (f"An exact number: {mark}{grouped(self.group)}{signed_words(self.sign)}.", exact)

    def invented(self) -> tuple[str, ...]:
        fraction = f"{self.decimal}{'50'[: self.scale]}" if self.scale and self.implied is None else ""
        return tuple(written(number, group=self.group, sign=self.sign, fraction=fraction) for number in ("1234", "-7"))

    @property
    def _pattern(self) -> str:
        unsigned = digits(self.group)
        if self.scale and self.implied is None:
            fraction = rf"{re.escape(self.decimal)}[0-9]{{1,{self.scale}}}"
            unsigned = f"(?:{unsigned})(?:{fraction})?|{fraction}"
        return signed(unsigned, self.sign)


def _with_point(number: pl.Expr, implied: int) -> pl.Expr:
    """A number of digits only, its sign in front -> the same with its point."""
    digits_only = number.str.strip_chars_start("+-").str.zfill(implied + 1)
    fraction = pl.lit(".") + digits_only.str.tail(implied) if implied else pl.lit("")
    return number.str.extract(r"^([+\-]?)") + digits_only.str.head(digits_only.str.len_bytes() - implied) + fraction
