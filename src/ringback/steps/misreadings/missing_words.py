"""NA is a value to whoever does not know that it means "none"; 0 may be one, or mean none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec
from ringback.model.rows import cells_of
from ringback.steps.interpret.boolean import BooleanField
from ringback.steps.interpret.code import CodeField
from ringback.steps.interpret.date import DateField
from ringback.steps.interpret.datetime import DatetimeField
from ringback.steps.interpret.decimal import DecimalField
from ringback.steps.interpret.integer import IntegerField
from ringback.steps.misreadings.misreading import AFTER, BEFORE, DeliveryMutant, Misreading, Specificity

_WORDS = (
    *(
        "",
        "na",
        "n/a",
        "#n/a",
        "nan",
        "null",
        "none",
        "nil",
        "-",
        "--",
        "?",
        ".",
        "unknown",
        "unbekannt",
        "\\n",
        "k.a.",
    ),
    *("0", "-1", "9", "99", "999", "9999", "99999", "00000", "0000000000", "false"),
)
_DAYS = tuple(date(*parts) for parts in ((1900, 1, 1), (1970, 1, 1), (1899, 12, 30), (9999, 12, 31), (2099, 12, 31)))
_NUMBERS = (0, -1, 9, 99, 999, 9999, 99999)
_ADDED = ("NA", "NULL", "Null", "None", "0", "-")
_ALIKE = 0.5  # of the values that come out of nothing, those that must be the same
_FEWEST = 10  # of them


class _Missing(Misreading):
    """Told from the column as a whole."""

    specificity = Specificity.SOME
    is_told_by_column = True
    types = (
        *("string", "code", "email", "iban", "number", "phone", "json"),
        *("integer", "decimal", "boolean", "date", "time", "datetime"),
    )


class TakenAsValue(_Missing):
    """A missing value read as if it were one: NA, 0, 1900-01-01."""

    code = "missing.as_value"
    sentence = "a word for missing values taken as a value"

    def concerned(self) -> pl.Expr:
        return BEFORE.is_null() & AFTER.is_not_null()

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        return _is_word(AFTER, spec)

    def respecified(self, spec: FieldSpec, contract: Contract) -> Iterator[Mapping[str, object]]:
        words = _known(spec, contract)
        yield from ({"missing_values": tuple(other for other in words if other != word)} for word in words)

    def delivery_mutants(  # the accident concerns just the values that are missing
        self, rows: pl.DataFrame, contract: Contract, field: str, *, where: pl.Series | None, seed: int
    ) -> Iterator[DeliveryMutant]:
        spec = contract.fields[field]
        column = str(spec.column)
        text = cells_of(column)
        missing = text.str.strip_chars().is_in(pl.Series(contract.missing_texts(field), dtype=pl.String).implode())
        touched = missing if where is None else missing & pl.lit(where)
        for word in _readable(spec):
            yield DeliveryMutant(
                rows=rows.with_columns(pl.when(touched).then(pl.lit(word)).otherwise(text).alias(column)),
                code=self.code,
                fields=(field,),
                line=f'missing values written as "{word}"',
            )


class FilledAlike(_Missing):
    """All missing values replaced by one value."""

    code = "missing.filled_alike"
    sentence = "one and the same value put where there was none"
    specificity = Specificity.ANY

    def concerned(self) -> pl.Expr:
        return BEFORE.is_null() & AFTER.is_not_null()

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        return _often(pairs["after"], AFTER)


class TakenAsMissing(_Missing):
    """Values read as if there were none."""

    code = "missing.as_missing"
    sentence = "a value taken as a word for missing ones"

    def concerned(self) -> pl.Expr:
        return BEFORE.is_not_null() & AFTER.is_null()

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        return _is_word(BEFORE, spec) | _often(pairs["before"], BEFORE)

    def respecified(self, spec: FieldSpec, contract: Contract) -> Iterator[Mapping[str, object]]:
        known = _known(spec, contract)
        for words in (_ADDED, *((word,) for word in _readable(spec))):
            added = [word for word in words if word not in known]
            if added:
                yield {"missing_values": (*known, *added)}

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        word = pl.lit("", dtype=pl.String)
        yield "values that look like missing ones left out", pl.when(_is_word(spec.read(text), spec)).then(word)


class LeftOut(_Missing):
    """The column delivered empty, for most of the records that had a value."""

    code = "missing.left_out"
    sentence = "its value left out"
    specificity = Specificity.ANY

    def explains(self, before: pl.Series, after: pl.Series, spec: FieldSpec) -> pl.Series:
        lost = before.is_not_null() & after.is_null()
        many = lost.sum() >= max(_FEWEST, _ALIKE * before.count())
        return lost if many else lost & ~lost

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        return AFTER.is_null()

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        yield "the column delivered empty", pl.lit("", dtype=pl.String)


def _known(spec: FieldSpec, contract: Contract) -> tuple[str, ...]:
    return contract.missing_values if spec.missing_values is None else spec.missing_values


def _is_word(value: pl.Expr, spec: FieldSpec) -> pl.Expr:
    """Whether a value is one that is often written for a missing one."""
    match spec.dtype:
        case pl.String():
            return value.str.to_lowercase().is_in(_WORDS)
        case pl.Int64() | pl.Decimal():
            return value.is_in(pl.Series(_NUMBERS, dtype=pl.Int64).cast(spec.dtype).implode())
        case pl.Date():
            return value.is_in(pl.Series(_DAYS, dtype=pl.Date).implode())
        case pl.Datetime():
            return value.dt.date().is_in(pl.Series(_DAYS, dtype=pl.Date).implode())
        case _:
            return pl.lit(value=False)


def _often(values: pl.Series, column: pl.Expr) -> pl.Expr:
    """Whether a value is the one that most of these are."""
    most = values.value_counts(sort=True).row(0)
    if most[1] < max(_FEWEST, _ALIKE * values.len()):
        return pl.lit(value=False)
    return column == pl.lit(pl.Series([most[0]], dtype=values.dtype)).first()


def _readable(spec: FieldSpec) -> Iterator[str]:
    """Texts that may mean "missing" to others, and a value to this field."""
    if isinstance(spec, CodeField):
        yield next(iter(spec.codes))
    elif isinstance(spec, BooleanField):
        yield spec.false_values[0]
    elif isinstance(spec, DateField | DatetimeField):
        yield from (day.strftime(spec.format) for day in _DAYS if "%-" not in spec.format)
    elif isinstance(spec, DecimalField) and spec.scale:
        yield f"0{spec.decimal}{'0' * spec.scale}"
    elif isinstance(spec, IntegerField | DecimalField):
        yield "0"
    elif spec.type == "string":
        yield from ("NULL", "unknown")
