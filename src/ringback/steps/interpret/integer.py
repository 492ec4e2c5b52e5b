"""integer: a whole number from -9223372036854775808 to 9223372036854775807; leading zeros carry no meaning."""

from __future__ import annotations

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
    plain,
    plain_one,
    require_bare,
    signed,
    signed_words,
    written,
)


class IntegerField(FieldSpec):
    """A whole number."""

    type: Literal["integer"] = "integer"
    group: Mark | None = Field(default=None, alias="groupChar", description="The mark between groups of three digits.")
    sign: Sign = "leading"

    code: ClassVar[str] = "integer"

    @model_validator(mode="after")
    def _overpunched_alone(self) -> Self:
        require_bare(self.sign, group=self.group)
        return self

    @property
    def dtype(self) -> pl.DataType:
        return pl.Int64()

    def read(self, text: pl.Expr) -> pl.Expr:
        return plain(text, self._pattern, group=self.group, sign=self.sign).cast(pl.Int64, strict=False)

    def read_one(self, text: str) -> int:
        number = plain_one(text, self._pattern, group=self.group, sign=self.sign)
        significant = number.lstrip("+-").lstrip("0") or "0"
        if len(significant) > 19:
            raise Unreadable
        value = -int(significant) if number.startswith("-") else int(significant)
        if not -(2**63) <= value < 2**63:
            raise Unreadable
        return value

    def expects(self) -> str:
        marks = "" if self.group is None else f", or with {self.group!r} between groups of three"
        return f"a whole number written as 1234567{marks}{SIGN_PLACES[self.sign]}"

    def in_words(self) -> tuple[str, ...]:
        return (f"A whole number{grouped(self.group)}{signed_words(self.sign)}. Leading zeros mean nothing.",)

    def invented(self) -> tuple[str, ...]:
        return tuple(written(number, group=self.group, sign=self.sign) for number in ("1234", "-7"))

    @property
    def _pattern(self) -> str:
        return signed(digits(self.group), self.sign)
