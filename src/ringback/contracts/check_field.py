"""Checks inside one field: its constraints must be readable by the field itself."""

from __future__ import annotations

import polars as pl
from polars.exceptions import PolarsError

from ringback.contracts.document import Mapping, Scalar
from ringback.contracts.fault import Faults, quoted
from ringback.model.field import FieldSpec, Unreadable, Value
from ringback.steps.interpret.patterns import whole


def check_field(field: Mapping, spec: FieldSpec | None, faults: Faults) -> None:
    """Add the faults of one field's constraints. `spec` is none where the field has faults of its own."""
    pattern = field.node("constraints", "pattern")
    if isinstance(pattern, Scalar):
        check_pattern(pattern, faults)
    _check_lengths(field, faults)
    if spec is not None:
        _check_values(field, spec, faults)


def check_pattern(pattern: Scalar, faults: Faults) -> None:
    """Add a fault where the pattern is not one that is matched in linear time (Rust's regular expressions)."""
    if pattern.at in faults.settled:
        return
    try:
        for tried in (pattern.text, whole(pattern.text)):  # alone too: "a)|(b" is a pattern only inside brackets
            pl.select(pl.lit("", dtype=pl.String).str.contains(tried))
    except PolarsError as error:
        faults.settle(pattern.at, f"{quoted(pattern.text)} is not a usable pattern: {_reason(str(error))}")


def _reason(told: str) -> str:
    """The sentence of a regex error that says what is wrong."""
    reasons = [line for line in told.splitlines() if line.startswith("error: ")]
    reason = reasons[-1].removeprefix("error: ") if reasons else told.splitlines()[0].removeprefix("regex error: ")
    if "look-around" in reason or "backreferences" in reason:
        return f"{reason} (it could take for ever on some text): write it without"
    return reason


def _check_values(field: Mapping, spec: FieldSpec, faults: Faults) -> None:
    for limit in field.scalars("constraints", "enum"):
        _read(limit, spec, faults)
    lowest = _limit(field, "minimum", spec, faults)
    highest = _limit(field, "maximum", spec, faults)
    if lowest is not None and highest is not None and lowest[1] > highest[1]:  # type: ignore[operator]
        faults.add(lowest[0].at, f"the minimum {quoted(lowest[0].text)} is above the maximum: exchange them")


def _limit(field: Mapping, key: str, spec: FieldSpec, faults: Faults) -> tuple[Scalar, Value] | None:
    limit = field.node("constraints", key)
    if not isinstance(limit, Scalar):
        return None
    value = _read(limit, spec, faults)
    return None if value is None else (limit, value)


def _read(limit: Scalar, spec: FieldSpec, faults: Faults) -> Value | None:
    if limit.at in faults.settled:
        return None
    try:
        return spec.read_one(limit.text)
    except Unreadable:
        faults.settle(limit.at, f"{quoted(limit.text)} is not {spec.expects()}: write it as the field is delivered")
        return None


def _check_lengths(field: Mapping, faults: Faults) -> None:
    shortest, longest = field.node("constraints", "minLength"), field.text("constraints", "maxLength") or ""
    if not isinstance(shortest, Scalar) or not shortest.text.isdecimal() or not longest.isdecimal():
        return
    if int(shortest.text) > int(longest):
        faults.add(shortest.at, f"minLength {shortest.text} is above maxLength {longest}: no text has both")
