"""One number: read, multiplied, moved, rounded, written. Exact; the specification of the columns in `run.py`."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from ringback.model.recipe import Number, Toward

WHOLE, FRACTION = 15, 12  # digits before and after the point that are read; more have no answer
_EXACT = Context(prec=80)
_ROUNDING = {Toward.NEAREST: ROUND_HALF_UP, Toward.DOWN: ROUND_FLOOR, Toward.UP: ROUND_CEILING}


def number_of(text: str, step: Number) -> str | None:
    """The number that a text is, as the step writes it; None where it is no number."""
    value = value_of(text, point=step.point, group=step.group)
    if value is None:
        return None
    return written_number(rounded(_EXACT.fma(value, step.times, step.plus), step), step)


@lru_cache(maxsize=1 << 14)
def value_of(text: str, *, point: str, group: str) -> Decimal | None:
    """The number that a text is."""
    found = re.fullmatch(number_pattern(point, group), text)
    if found is None:
        return None
    whole = found[2].replace(group, "") if group else found[2]
    return Decimal(f"{found[1]}{whole}.{found[3] or ''}")


@lru_cache(maxsize=64)
def number_pattern(point: str, group: str) -> str:
    """Sign, digits before the point, digits behind it; groups have three digits each."""
    plain = f"[0-9]{{1,{WHOLE}}}"
    whole = rf"{plain}|[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}}){{1,4}}" if group else plain
    return rf"(-?)({whole})(?:{re.escape(point)}([0-9]{{1,{FRACTION}}}))?"


def rounded(value: Decimal, step: Number) -> Decimal:
    """To the step's multiple, significant digits, then decimals."""
    if step.step is not None:
        value = to_multiple(value, step.step, step.toward)
    if step.digits is not None and value:
        value = to_multiple(value, Decimal(1).scaleb(value.adjusted() + 1 - step.digits), step.toward)
    if step.places is not None:
        value = to_multiple(value, Decimal(1).scaleb(-step.places), step.toward)
    return value


def to_multiple(value: Decimal, multiple: Decimal, toward: Toward) -> Decimal:
    """The multiple that is nearest, or next below or above."""
    count = _EXACT.divide(value, multiple).quantize(Decimal(1), rounding=_ROUNDING[toward], context=_EXACT)
    return _EXACT.multiply(count, multiple)


def written_number(value: Decimal, step: Number) -> str:
    """A rounded value as text."""
    sign, digits = "-" if value < 0 else "", f"{abs(value):f}"
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0")
    if step.places is not None:
        fraction = fraction.ljust(step.places, "0")
    whole = whole.rjust(step.width, "0")
    if step.written_group:
        whole = re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", lambda _: step.written_group, whole)
    return sign + whole + (step.written_point + fraction if fraction else "")
