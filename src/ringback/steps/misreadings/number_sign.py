"""12.50- is a debt; read without what stands behind it, it is a credit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec
from ringback.steps.interpret.decimal import DecimalField
from ringback.steps.interpret.integer import IntegerField
from ringback.steps.misreadings.amounts import in_text, units
from ringback.steps.misreadings.misreading import AFTER, BEFORE, Misreading, Specificity


class Sign(Misreading):
    """The minus sign lost, or put where there was none."""

    code = "number.sign"
    sentence = "its minus sign lost or added"
    specificity = Specificity.ONE
    types = ("integer", "decimal")

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        return units(AFTER, spec) + units(BEFORE, spec) == 0

    def respecified(self, spec: FieldSpec, contract: Contract) -> Iterator[Mapping[str, object]]:
        if not isinstance(spec, DecimalField | IntegerField):
            return
        yield {"sign": "leading" if spec.sign == "trailing" else "trailing"}

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        count = units(spec.read(text), spec)
        yield "minus sign lost", in_text(count.abs(), spec)
        yield "all signs turned", in_text(0 - count, spec)
