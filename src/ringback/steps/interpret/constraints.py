"""Promises about values, each in both readings, in the order in which a value's faults are told.

Patterns and lengths (in characters) are about the trimmed text as delivered; enum, minimum and maximum about the value,
and their limits are written as the field itself is delivered. Texts compare by code point. `unique` is about a whole
delivery, and no matter of this step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from ringback.model.field import FieldSpec, Value
from ringback.steps.interpret.patterns import fits, fits_one


@dataclass(frozen=True, slots=True)
class Check:
    """One promise about a value. A null text is a missing value; a null value with a text could not be read."""

    code: str
    reason: str  # a sentence about the value, without the value
    broken: Callable[[pl.Expr, pl.Expr], pl.Expr]  # text, value -> where it is broken; null: it is not
    broken_by: Callable[[str | None, Any], bool]  # the same for one text and its value


FitsOne = Callable[[str, str], bool]  # text, pattern


def checks(spec: FieldSpec, fits_one: FitsOne = fits_one) -> tuple[Check, ...]:
    """All promises of a field. Raises: Unreadable, where the field cannot read a limit of its own."""
    promises = spec.constraints
    required = (_required(),) if promises.required else ()
    return (*required, _readable(spec), *_about_text(spec, fits_one), *_about_value(spec))


def _required() -> Check:
    return Check(
        "constraint.required",
        "is missing, and the contract requires it",
        lambda text, value: text.is_null(),
        lambda text, value: text is None,
    )


def _readable(spec: FieldSpec) -> Check:
    return Check(
        f"{spec.code}.unreadable",
        f"is not {spec.expects()}",
        lambda text, value: text.is_not_null() & value.is_null(),
        lambda text, value: text is not None and value is None,
    )


def _about_text(spec: FieldSpec, fits_one: FitsOne) -> Iterator[Check]:
    pattern, shortest, longest = (getattr(spec.constraints, key) for key in ("pattern", "min_length", "max_length"))
    if pattern is not None:
        yield Check(
            "constraint.pattern",
            f"does not fit the pattern {pattern}",
            lambda text, value: ~fits(text, pattern),
            lambda text, value: text is not None and not fits_one(text, pattern),
        )
    if shortest is not None:
        yield Check(
            "constraint.minLength",
            f"is shorter than {shortest} characters",
            lambda text, value: text.str.len_chars() < shortest,
            lambda text, value: text is not None and len(text) < shortest,
        )
    if longest is not None:
        yield Check(
            "constraint.maxLength",
            f"is longer than {longest} characters",
            lambda text, value: text.str.len_chars() > longest,
            lambda text, value: text is not None and len(text) > longest,
        )


def _about_value(spec: FieldSpec) -> Iterator[Check]:
    promises = spec.constraints
    if promises.enum is not None:
        listed = [spec.read_one(text) for text in promises.enum]
        yield Check(
            "constraint.enum",
            f"is none of {', '.join(promises.enum)}",
            lambda text, value: ~value.is_in(pl.Series(listed, dtype=spec.dtype).implode()),
            lambda text, value: value is not None and value not in listed,
        )
    if promises.minimum is not None:
        least = spec.read_one(promises.minimum)
        yield Check(
            "constraint.minimum",
            f"is below {promises.minimum}",
            lambda text, value: value < _literal(least, spec.dtype),
            lambda text, value: value is not None and value < least,
        )
    if promises.maximum is not None:
        most = spec.read_one(promises.maximum)
        yield Check(
            "constraint.maximum",
            f"is above {promises.maximum}",
            lambda text, value: value > _literal(most, spec.dtype),
            lambda text, value: value is not None and value > most,
        )


def _literal(value: Value, dtype: pl.DataType) -> pl.Expr:
    return pl.lit(pl.Series([value], dtype=dtype)).first()
