"""A float keeps about 15 digits, a spreadsheet's cell shows six, an integer has none behind the point."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ringback.model.field import FieldSpec
from ringback.steps.misreadings.amounts import in_text, scale_of, units
from ringback.steps.misreadings.misreading import AFTER, BEFORE, TEXTS, Misreading, Specificity

_FLOAT_DIGITS, _SHOWN_DIGITS = 15, (6, 5, 3)  # 4.91235E+11, 4.9124E+11, 4.91E+11
_SCIENTIFIC = r"^\d(?:[.,]\d+)?[eE]\+?\d{1,2}$"


class FractionLost(Misreading):
    """Cut or rounded to a whole number."""

    code = "number.fraction_lost"
    sentence = "its digits behind the decimal point lost"
    specificity = Specificity.FEW
    types = ("decimal",)

    def applies(self, spec: FieldSpec) -> bool:
        return super().applies(spec) and scale_of(spec) > 0

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        one = 10 ** scale_of(spec)
        before, after = units(BEFORE, spec), units(AFTER, spec)
        return pl.all_horizontal(after % one == 0, (before - after).abs() < one)

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        one = 10 ** scale_of(spec)
        count = units(spec.read(text), spec)
        yield "cut to whole numbers", in_text(count.sign() * (count.abs() // one) * one, spec)


class FloatDigits(Misreading):
    """Only the first digits kept, as a float or a spreadsheet's cell keeps them."""

    code = "number.digits_lost"
    sentence = "its last digits lost to a float or to scientific notation"
    specificity = Specificity.FEW
    types = ("integer", "decimal", "phone", *TEXTS)

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        if spec.type in ("integer", "decimal"):
            before, after = units(BEFORE, spec), units(AFTER, spec)
            as_float = before.cast(pl.Float64).cast(pl.Int128, strict=False)
            rounded = [_rounded(before, kept) for kept in (_FLOAT_DIGITS, *_SHOWN_DIGITS)]
            return pl.any_horizontal(after == lossy for lossy in (as_float, *rounded))
        before, after = BEFORE.str.replace_all(r"[ +]", ""), AFTER.str.replace_all(r"[ +]", "")
        return _is_shown(before, after) | _is_rounded(before, after)

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        if spec.type in ("integer", "decimal"):
            yield "six digits kept", in_text(_rounded(units(spec.read(text), spec), _SHOWN_DIGITS[0]), spec)
            return
        digits = text.str.extract(r"^\+?(\d{7,})$")
        yield "written as 4.91235E+11", _scientific(digits, _SHOWN_DIGITS[0])
        long = digits.str.len_bytes() > _FLOAT_DIGITS
        zeros = digits.str.head(_FLOAT_DIGITS).str.pad_end(40, "0").str.head(digits.str.len_bytes())
        yield f"{_FLOAT_DIGITS} digits kept", pl.when(long).then(zeros)


def _rounded(count: pl.Expr, kept: int) -> pl.Expr:
    """To so many digits; half away from zero."""
    dropped = (count.abs().cast(pl.String).str.len_bytes().cast(pl.Int64) - kept).clip(0, 36)
    factor = pl.lit(10, dtype=pl.Int128).pow(dropped.cast(pl.UInt32))
    return count.sign() * ((count.abs() + factor // 2) // factor * factor)


def _scientific(digits: pl.Expr, kept: int) -> pl.Expr:
    """49123456789 as 4.91235E+10."""
    significant = digits.str.strip_chars_start("0")
    rounded = _rounded(significant.str.head(18).cast(pl.Int128, strict=False), kept).cast(pl.String)
    power = rounded.str.len_bytes().cast(pl.Int64) - 1 + (significant.str.len_bytes().cast(pl.Int64) - 18).clip(0)
    return rounded.str.head(1) + "." + rounded.str.slice(1, kept - 1) + "E+" + power.cast(pl.String).str.zfill(2)


def _is_shown(before: pl.Expr, after: pl.Expr) -> pl.Expr:
    """Whether `after` is the scientific notation of the digits `before`."""
    shown = after.str.contains(_SCIENTIFIC)
    told = pl.when(shown).then(after.str.replace(",", ".", literal=True)).cast(pl.Float64, strict=False)
    true = pl.when(before.str.contains(r"^\d+$")).then(before).cast(pl.Float64, strict=False)
    kept = after.str.extract(r"^([\d.,]+)").str.replace_all(r"[.,]", "").str.len_bytes().cast(pl.Int64)
    tolerance = true * pl.lit(10.0).pow(1 - kept) * 0.51 * 10  # the first digit may be a one
    return shown & ((told - true).abs() <= tolerance)


def _is_rounded(before: pl.Expr, after: pl.Expr) -> pl.Expr:
    """Whether the digits beyond those of a float became zeros, or what a float makes of them."""
    long = before.str.contains(r"^\d{16,}$") & (before.str.len_bytes() == after.str.len_bytes())
    return long & (before.str.head(_FLOAT_DIGITS - 1) == after.str.head(_FLOAT_DIGITS - 1)) & after.str.ends_with("0")
