"""1.234 is a little over one, or one thousand two hundred and thirty-four."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec
from ringback.steps.interpret.decimal import DecimalField
from ringback.steps.misreadings.amounts import in_text, is_cut, scale_of, units
from ringback.steps.misreadings.misreading import AFTER, BEFORE, Misreading, Specificity

_GROUP = 3  # digits
_MARKS = {".": ",", ",": "."}


class MarkExchanged(Misreading):
    """The decimal mark taken for a group mark, or the reverse.

    What becomes of 1.234,56 depends on its size: from one thousand on the first group mark begins the fraction, below
    it the decimal mark vanishes.
    """

    code = "number.mark"
    sentence = "its decimal mark taken for a thousands mark, or the reverse"
    specificity = Specificity.ONE
    types = ("decimal", "integer")

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        scale = scale_of(spec)
        before, after = units(BEFORE, spec), units(AFTER, spec)
        grouped = before.abs() >= 10 ** (scale + _GROUP)
        millions = before.abs() >= 10 ** (scale + 2 * _GROUP)
        point_in_thousands = pl.when(millions).then(is_cut(before, after, 6)).otherwise(is_cut(before, after, 3))
        vanished = after == before * 10 ** (scale or _GROUP)
        if not scale:
            return pl.when(grouped).then(point_in_thousands).otherwise(vanished)
        return pl.when(grouped).then(point_in_thousands | (vanished if scale == _GROUP else False)).otherwise(vanished)

    def respecified(self, spec: FieldSpec, contract: Contract) -> Iterator[Mapping[str, object]]:
        if not isinstance(spec, DecimalField):
            return
        if spec.group is not None:
            yield {"decimal": spec.group, "group": spec.decimal}
            yield {"decimal": spec.group, "group": None}
        elif spec.decimal in _MARKS:
            yield {"decimal": _MARKS[spec.decimal]}
            yield {"decimal": _MARKS[spec.decimal], "group": spec.decimal}

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        if not isinstance(spec, DecimalField) or not spec.scale:
            return
        count = units(spec.read(text), spec)
        thousands = count.abs() >= 10 ** (spec.scale + _GROUP)
        cut = count.sign() * (count.abs() // 1_000)
        yield (
            "decimal mark taken for a thousands mark",
            in_text(pl.when(thousands).then(cut).otherwise(count * 10**spec.scale), spec),
        )
