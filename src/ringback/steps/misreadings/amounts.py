"""Numbers as misreadings see them: whole counts of the last place that the field keeps, exact."""

from __future__ import annotations

from typing import cast

import polars as pl

from ringback.model.field import FieldSpec
from ringback.steps.interpret.decimal import DecimalField
from ringback.steps.interpret.integer import IntegerField
from ringback.steps.interpret.numerals import overpunched

_TELLING = 10  # two digits: a single one comes out alike by chance


def scale_of(spec: FieldSpec) -> int:
    """Fraction digits that the field keeps."""
    return spec.scale if isinstance(spec, DecimalField) else 0


def units(value: pl.Expr, spec: FieldSpec) -> pl.Expr:
    """A number in its last place (Int128): 12.34 -> 1234."""
    return value.to_physical().cast(pl.Int128) if isinstance(spec, DecimalField) else value.cast(pl.Int128)


def is_cut(before: pl.Expr, after: pl.Expr, power: int) -> pl.Expr:
    """Whether `after` is `before` divided by a power of ten (both in units), cut or rounded to whole units.

    Where digits are lost, two must be left: one would be alike by chance.
    """
    factor = pl.lit(10**power, dtype=pl.Int128)
    rest = before.abs() - after.abs() * factor
    same_sign = before.sign() == after.sign()
    exact = (rest == 0) & (after != 0)
    close = (rest.abs() < factor) & (after.abs() >= _TELLING)
    return same_sign & (exact | close)


def in_text(count: pl.Expr, spec: FieldSpec, *, decimal: str | None = None) -> pl.Expr:
    """Units as the field is delivered, without group marks: 1234 -> 12,34."""
    sign_at = cast("DecimalField | IntegerField", spec).sign
    scale = scale_of(spec)
    all_digits = count.abs().cast(pl.String).str.zfill(scale + 1)
    number = all_digits
    if isinstance(spec, DecimalField) and spec.implied is not None:
        number = all_digits.str.head(-(scale - spec.implied)) if scale > spec.implied else all_digits
    elif isinstance(spec, DecimalField) and scale:
        whole = all_digits.str.slice(0, all_digits.str.len_bytes() - scale)
        number = whole + pl.lit(decimal or spec.decimal) + all_digits.str.tail(scale)
    if sign_at == "overpunched":
        return overpunched(number, count < 0)
    sign = pl.when(count < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return number + sign if sign_at == "trailing" else sign + number
