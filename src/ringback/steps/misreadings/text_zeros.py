"""00012345 is a number to a spreadsheet: 12345."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ringback.model.field import FieldSpec
from ringback.steps.misreadings.misreading import AFTER, BEFORE, TEXTS, Misreading, Specificity


class LeadingZeros(Misreading):
    """Zeros in front lost, or put to a width."""

    code = "text.leading_zeros"
    sentence = "its leading zeros lost or added"
    specificity = Specificity.FEW
    types = TEXTS

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        return BEFORE.str.strip_chars_start("0") == AFTER.str.strip_chars_start("0")

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        shorter = text.str.strip_chars_start("0")
        is_number = text.str.contains(r"^\d+$")
        yield "leading zeros lost", pl.when(is_number & (shorter != "")).then(shorter)
        yield "zeros put in front, to 10 digits", pl.when(is_number).then(text.str.zfill(10))


class PointZero(Misreading):
    """A float's ".0" behind a number."""

    code = "text.point_zero"
    sentence = 'a ".0" behind it, as floats are written'
    specificity = Specificity.ONE
    types = TEXTS

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        return (BEFORE.str.strip_chars_start("0") + ".0" == AFTER) | (AFTER.str.strip_chars_start("0") + ".0" == BEFORE)

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        number = pl.when(text.str.contains(r"^\d{1,15}$")).then(text.str.strip_chars_start("0"))
        yield 'numbers written with ".0"', number + ".0"
