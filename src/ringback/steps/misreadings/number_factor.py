"""123456 hundredths are 1234.56; read without their implied decimals they are a hundred times as much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

import polars as pl

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec
from ringback.steps.interpret.decimal import DecimalField
from ringback.steps.misreadings.amounts import in_text, is_cut, scale_of, units
from ringback.steps.misreadings.misreading import AFTER, BEFORE, Misreading, Specificity


class PointMoved(Misreading):
    """A number a power of ten times as large or as small."""

    specificity = Specificity.FEW
    types = ("integer", "decimal")
    places: ClassVar[int]

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        before, after = units(BEFORE, spec), units(AFTER, spec)
        return pl.any_horizontal(after == before * 10**self.places, is_cut(before, after, self.places))

    def respecified(self, spec: FieldSpec, contract: Contract) -> Iterator[Mapping[str, object]]:
        if not isinstance(spec, DecimalField) or spec.implied is None:
            return
        for implied in (spec.implied - self.places, spec.implied + self.places):
            if 0 <= implied <= spec.scale:
                yield {"implied": implied}

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        factor = 10**self.places
        count = units(spec.read(text), spec)
        yield f"{factor} times as large", in_text(count * factor, spec)
        yield f"{factor} times as small", in_text(count.sign() * (count.abs() // factor), spec)
        if self.places == scale_of(spec):
            yield "decimals implied: the mark left out", in_text(count, spec, decimal="")


class TimesTen(PointMoved):
    """Ten times as large or as small."""

    code = "number.factor_10"
    sentence = "its decimal point moved by one place (times or divided by 10)"
    places = 1


class TimesHundred(PointMoved):
    """A hundred times as large or as small."""

    code = "number.factor_100"
    sentence = "its decimal point moved by two places (times or divided by 100)"
    places = 2


class TimesThousand(PointMoved):
    """A thousand times as large or as small."""

    code = "number.factor_1000"
    sentence = "its decimal point moved by three places (times or divided by 1,000)"
    places = 3
