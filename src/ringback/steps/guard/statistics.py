"""What a field's values are like as a whole: one number each, on a scale where steps of one size are equally likely."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ringback.model.baseline import FieldMeasures, Measures
from ringback.model.limits import Exceeded, Limit, Measure
from ringback.steps.guard.sizes import LEAST_VALUES, interval

A_YEAR = 365.0

Value = Callable[[FieldMeasures], float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """One number of a field.

    floor   smallest standard deviation of a step, on its own scale.
    least   smallest shift that matters, as people see it (a share, a factor); None: any that is beyond.
    """

    measure: Measure
    value: Value
    to_scale: Callable[[float], float]
    from_scale: Callable[[float], float]
    floor: float
    least: float = 0.0
    falls: bool = True  # whether a fall is judged too


def statistic_limits(baseline: Sequence[Measures], field: str, *, chance: float) -> list[Limit]:
    """The limits of one field's numbers."""
    found = []
    for statistic in STATISTICS:
        seen = _seen(baseline, field, statistic)
        if seen:
            found.append(_limit(statistic, field, seen, chance))
    return found


def beyond_statistic(measures: Measures, limit: Limit) -> Exceeded | None:
    """A number beyond its limit, by more than the least that matters."""
    statistic = _BY_MEASURE[limit.measure]
    seen = _value(measures, limit.field or "", statistic)
    if seen is None or abs(seen - limit.expected) <= statistic.least:
        return None
    passed = _passed(seen, limit)
    if passed is None:
        return None
    return Exceeded(measure=limit.measure, field=limit.field, expected=limit.expected, seen=seen, limit=passed)


def _passed(seen: float, limit: Limit) -> float | None:
    if limit.high is not None and seen > limit.high:
        return limit.high
    return limit.low if limit.low is not None and seen < limit.low else None


def _seen(baseline: Sequence[Measures], field: str, statistic: Statistic) -> list[float]:
    values = [_value(measures, field, statistic) for measures in baseline]
    return [statistic.to_scale(value) for value in values if value is not None]


def _value(measures: Measures, field: str, statistic: Statistic) -> float | None:
    found = measures.fields.get(field)
    if found is None:
        return None
    present = 1 if statistic.measure in _OF_ALL else 1 - found.missing_share
    return statistic.value(found) if measures.records * present >= LEAST_VALUES else None


def _limit(statistic: Statistic, field: str, seen: list[float], chance: float) -> Limit:
    found = interval(seen, floor=statistic.floor, chance=chance)
    return Limit(
        measure=statistic.measure,
        field=field,
        expected=statistic.from_scale(found.expected),
        low=statistic.from_scale(found.low) if statistic.falls else None,
        high=statistic.from_scale(found.high),
    )


_LITTLE = 5e-4  # a share below is as good as none


def _logit(share: float) -> float:
    inside = min(max(share, _LITTLE), 1 - _LITTLE)
    return math.log(inside / (1 - inside))


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-max(min(odds, 40.0), -40.0)))


def _sinh(value: float) -> float:
    return math.sinh(max(min(value, 600.0), -600.0))


def _same(value: float) -> float:
    return value


def _number(place: int) -> Value:
    def value(field: FieldMeasures) -> float | None:
        return field.quantiles[place] if field.quantiles and field.type in ("integer", "decimal") else None

    return value


def _day(place: int) -> Value:
    def value(field: FieldMeasures) -> float | None:
        return field.quantiles[place] if field.quantiles and field.type in ("date", "datetime") else None

    return value


def _mean(field: FieldMeasures) -> float | None:
    width = field.quantiles[4] - field.quantiles[0] if field.quantiles else 0.0
    return field.mean / width if field.mean is not None and width > 0 else None


def _share(measure: Measure, value: Value, *, floor: float, least: float, falls: bool) -> Statistic:
    return Statistic(
        measure=measure,
        value=value,
        to_scale=_logit,
        from_scale=_logistic,
        floor=floor,
        least=least,
        falls=falls,
    )


def _plain(measure: Measure, value: Value, *, floor: float) -> Statistic:
    return Statistic(measure=measure, value=value, to_scale=_same, from_scale=_same, floor=floor)


def _wide(measure: Measure, value: Value) -> Statistic:
    """On a scale that is linear about 0 and logarithmic far from it: amounts may be owed."""
    return Statistic(measure=measure, value=value, to_scale=math.asinh, from_scale=_sinh, floor=0.35)


STATISTICS = (
    _share(Measure.MISSING, lambda field: field.missing_share, floor=0.25, least=0.1, falls=False),
    _share(Measure.UNREADABLE, lambda field: field.unreadable_share, floor=0.6, least=0.005, falls=False),
    _share(Measure.DISTINCT, lambda field: field.distinct_share or None, floor=0.3, least=0.1, falls=True),
    Statistic(
        measure=Measure.LENGTH,
        value=lambda field: field.length,
        to_scale=lambda length: math.log(max(length, 0.1)),
        from_scale=math.exp,
        floor=0.05,
        least=0.5,  # of a letter
    ),
    _wide(Measure.MIDDLE, _number(2)),
    _wide(Measure.TOP, _number(4)),
    _wide(Measure.MEAN, _mean),
    _plain(Measure.MIDDLE_DAY, _day(2), floor=A_YEAR),
    _plain(Measure.TOP_DAY, _day(4), floor=A_YEAR),
)
_OF_ALL = (Measure.MISSING, Measure.UNREADABLE)  # shares of the records, not of the values
_BY_MEASURE = {statistic.measure: statistic for statistic in STATISTICS}
