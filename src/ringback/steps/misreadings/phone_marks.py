"""What is around the digits of a telephone number, and lost on the way: + and 0 in front, an extension behind."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ringback.model.field import FieldSpec
from ringback.steps.misreadings.misreading import AFTER, BEFORE, Misreading, Specificity

_EXTENSION = r"(?i)[ ,;]*(?:x|ext\.?|extension|durchwahl)[ .:]*\d{1,6}$"
_WITH_EXTENSION = r"(?i)^[+(]?\d[\d ()/.\-]{4,}[ ,;]*(?:x|ext\.?|extension|durchwahl)[ .:]*\d{1,6}$"
_LONGEST_PREFIX, _SHORTEST = 4, 5  # digits: a calling code and a zero; what both numbers share


class PhonePrefix(Misreading):
    """The digits in front lost, or put twice."""

    code = "phone.prefix"
    sentence = "its +, country code or leading 0 lost or added"
    specificity = Specificity.FEW
    types = ("phone", "string")

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        looks = r"^[+(]?[\d ()/.\-]+$"
        both = BEFORE.str.contains(looks) & AFTER.str.contains(looks)
        old, new = (text.str.replace_all(r"[^\d]", "") for text in (BEFORE, AFTER))
        prefix = old.str.len_bytes().cast(pl.Int64) - new.str.len_bytes().cast(pl.Int64)
        longer = old.str.ends_with(new) & prefix.is_between(1, _LONGEST_PREFIX)
        shorter = new.str.ends_with(old) & (-prefix).is_between(1, _LONGEST_PREFIX)
        mark = (old == new) & (BEFORE.str.starts_with("+") != AFTER.str.starts_with("+"))
        long_enough = pl.min_horizontal(old.str.len_bytes(), new.str.len_bytes()) >= _SHORTEST
        return both & long_enough & (longer | shorter | mark)

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        is_phone = text.str.contains(r"^[+(]?[\d ()/.\-]{7,}$")
        yield "+ lost", pl.when(is_phone).then(text.str.strip_prefix("+"))
        yield "0 in front lost", pl.when(is_phone).then(text.str.strip_prefix("0"))


class PhoneExtension(Misreading):
    """The extension lost, or its digits taken as part of the number."""

    code = "phone.extension"
    sentence = "its extension dropped or run into the number"
    specificity = Specificity.FEW
    types = ("phone", "string")

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        rules = []
        for full, short in ((BEFORE, AFTER), (AFTER, BEFORE)):
            apart = full.str.contains(_WITH_EXTENSION)
            dropped = apart & (full.str.replace(_EXTENSION, "") == short)
            rules += [dropped, apart & (_digits(full) == _digits(short)) & (short.str.len_bytes() > 0)]
        if spec.type == "phone":  # of E.164 numbers, which have no extension, one goes on where the other ends
            rules += [_goes_on(BEFORE, AFTER), _goes_on(AFTER, BEFORE)]
        return pl.any_horizontal(rules)

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        yield "extension dropped", text.str.replace(_EXTENSION, "")
        if spec.type == "phone":
            yield "an extension run into the number", text + "12"


def _digits(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(r"[^\d]", "")


def _goes_on(short: pl.Expr, long: pl.Expr) -> pl.Expr:
    more = long.str.len_bytes().cast(pl.Int64) - short.str.len_bytes().cast(pl.Int64)
    return long.str.starts_with(short) & more.is_between(1, 4) & (short.str.len_bytes() >= 8)
