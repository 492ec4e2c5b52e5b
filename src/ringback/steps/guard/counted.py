"""Counted measures: so many records of so many. Churn of a field; what a delivery adds, leaves out, or has twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from ringback.model.baseline import FieldMeasures, Measures
from ringback.model.contract import Contract, Delivers
from ringback.model.limits import CHURN, Exceeded, Limit, Measure
from ringback.steps.guard.priors import FEED_MEANS, mean_rate
from ringback.steps.guard.rates import allowed_count, predicted
from ringback.steps.guard.rhythm import apart, busy_day, days_of
from ringback.steps.guard.sizes import RECENT

LEAST_CELLS = 8  # a handful of changed clients is nobody's accident
LEAST_RECASED = 30  # a person tidies names by hand
LEAST_EXPLAINED = 10  # fewer are chance, whatever they look like
LEAST_FEED = 20  # records that may come or go unasked, as in policy: removed
LEAST_SHARES = {  # whatever was learned
    Measure.LOWER: 0.01,  # some numbers that only grow are corrected
    Measure.RECASED: 0.03,  # a sender writes some towns in capitals no longer
    Measure.RESPELLED: 0.25,  # one address of a page in six gets a stroke at its end
    Measure.ADDED: 0.3,  # a parliament is elected, a registry opened to others
    Measure.GONE: 0.3,
}
LIVELY = 0.2  # share of the records that usually change ...
LEAST_FAR = {Measure.FAR: 0.1}  # ... of whose numbers some grow fast after a pause
STAMPED = 3e-3  # share of the records whose time of writing usually changes ...
LEAST_STAMPS = {Measure.REPLACED: 0.35, Measure.FAR: 0.2, Measure.LOWER: 0.05}  # ... and of many at once now and then
SKIPPED = 10  # deliveries that one may stand for: nobody promises that all of them come
AGAIN = 1.25  # times the second highest rate that was accepted: what came twice may come again

_LEAST = {**dict.fromkeys(CHURN, LEAST_CELLS), Measure.EXPLAINED: LEAST_EXPLAINED, Measure.RECASED: LEAST_RECASED}


def churn_limits(baseline: Sequence[Measures], contract: Contract, *, chance: float) -> list[Limit]:
    """Of every field that is no part of the key."""
    found = []
    for name, spec in contract.fields.items():
        if name not in contract.key and not _is_new(baseline, name):
            means = {measure: mean_rate(measure, spec, _last(baseline, name)) for measure in CHURN}
            limits = [_limit(baseline, name, measure, prior=mean, chance=chance) for measure, mean in means.items()]
            least = {**LEAST_SHARES, **_least_of(spec.type, usual=limits[CHURN.index(Measure.REPLACED)].expected)}
            found += [_not_below(limit, least) for limit in limits]
    return found


def _is_new(baseline: Sequence[Measures], name: str) -> bool:
    """A field that a contract was given lately: nobody has a value in it, and then all have."""
    return bool(baseline) and _last(baseline, name) is None


def _least_of(kind: str, *, usual: float) -> Mapping[Measure, float]:
    """By the nature of a field: its type, and the share of the records that usually change in it."""
    if kind in ("datetime", "time"):
        return LEAST_STAMPS if usual > STAMPED else {}
    return LEAST_FAR if usual > LIVELY else {}


def _not_below(limit: Limit, least: Mapping[Measure, float]) -> Limit:
    return replace(limit, high=max(limit.high or 0.0, least.get(limit.measure, 0.0)))


def feed_limits(baseline: Sequence[Measures], contract: Contract, *, chance: float) -> list[Limit]:
    """Of the whole delivery. Changes leave out all clients that did not change."""
    left_out = {Measure.GONE} if contract.delivers is Delivers.CHANGES else set()
    return [
        _not_below(_limit(baseline, None, measure, prior=mean, chance=chance), LEAST_SHARES)
        for measure, mean in FEED_MEANS.items()
        if measure not in left_out
    ]


def beyond(measures: Measures, limit: Limit, *, nights: float = 1.0) -> Exceeded | None:
    """A count above what its limit and luck allow. `nights`: usual pauses that the delivery stands for."""
    counted = count_of(measures, limit.field, limit.measure)
    if counted is None or limit.high is None or not counted[1]:
        return None
    part, whole = counted
    most = max(allowed_count(_high(limit, measures, nights), whole), _LEAST.get(limit.measure, LEAST_FEED))
    if part <= most:
        return None
    return Exceeded(
        measure=limit.measure,
        field=limit.field,
        expected=limit.expected,
        seen=part / whole,
        limit=most / whole,
        part=part,
        whole=whole,
    )


def _high(limit: Limit, measures: Measures, nights: float) -> float:
    """The limit on such a day, after such a pause."""
    is_busy = limit.busy_day in days_of(measures.issued)
    high = (limit.busy_high if is_busy else limit.high) or 0.0
    return float(1 - (1 - high) ** nights)


def count_of(measures: Measures, field: str | None, measure: Measure) -> tuple[int, int] | None:
    """(part, whole); None where a delivery has no such field, or the first one has nothing to be compared with."""
    if field is not None:
        found = measures.fields.get(field)
        return None if found is None else _of_field(measures, found, measure)
    if measure is Measure.DUPLICATES:
        return measures.duplicate, measures.rows
    if not measures.held:
        return None
    return (measures.added, measures.records) if measure is Measure.ADDED else (measures.gone, measures.held)


def _of_field(measures: Measures, field: FieldMeasures, measure: Measure) -> tuple[int, int]:
    """Of the held records that the delivery has too; values are lost by those who have one."""
    part = _changed(field, measure)
    if measure is not Measure.BLANKED:
        return part, measures.kept
    still = round(measures.kept * (1 - field.missing_share))  # new clients have values as often as the others
    return part, min(measures.kept, part + still)


def _changed(field: FieldMeasures, measure: Measure) -> int:
    counts = {
        Measure.REPLACED: field.replaced,
        Measure.FAR: field.far,
        Measure.WILD: field.wild,
        Measure.LOWER: field.lower,
        Measure.REPUNCTUATED: field.repunctuated,
        Measure.RECASED: field.recased,
        Measure.RESPELLED: field.respelled,
        Measure.BLANKED: field.blanked,
        Measure.FILLED_ALIKE: field.filled_alike,
        Measure.EXPLAINED: field.explained,
    }
    return counts[measure]


def _limit(baseline: Sequence[Measures], field: str | None, measure: Measure, *, prior: float, chance: float) -> Limit:
    seen = [
        (measures.issued, counted)
        for measures in baseline
        if (counted := count_of(measures, field, measure)) is not None
    ]
    day = busy_day(seen)
    on, others = apart(seen, day) if day is not None else ([], [counted for _, counted in seen])
    expected, high = _expected_and_high(tuple(others), prior, chance)
    return Limit(
        measure=measure,
        field=field,
        expected=expected,
        low=None,
        high=high,
        busy_day=day,
        busy_high=_expected_and_high(tuple(on), prior, chance)[1] if day is not None else None,
    )


@lru_cache(maxsize=4096)  # most measures of most fields are the same: nothing changed
def _expected_and_high(seen: tuple[tuple[int, int], ...], prior: float, chance: float) -> tuple[float, float]:
    rate = predicted(seen, prior)
    high = max(rate.limit(chance), 1 - (1 - rate.expected) ** SKIPPED, AGAIN * _second_highest(seen))
    return rate.expected, min(1.0, high)


def _second_highest(seen: Sequence[tuple[int, int]]) -> float:
    rates = sorted(part / whole for part, whole in seen[-RECENT:] if whole)
    return rates[-2] if len(rates) > 1 else 0.0


def _last(baseline: Sequence[Measures], name: str) -> FieldMeasures | None:
    return next((measures.fields[name] for measures in reversed(baseline) if name in measures.fields), None)
