"""Counted measures: so many records of so many. Churn of a field; what a delivery adds, leaves out, or has twice."""

from __future__ import annotations

from collections.abc import Sequence

from ringback.model.baseline import FieldMeasures, Measures
from ringback.model.contract import Contract, Delivers
from ringback.model.limits import CHURN, Exceeded, Limit, Measure
from ringback.steps.guard.priors import FEED_MEANS, mean_rate
from ringback.steps.guard.rates import allowed_count, predicted
from ringback.steps.guard.sizes import RECENT

LEAST_CELLS = 8  # a handful of changed clients is nobody's accident
LEAST_EXPLAINED = 15  # fewer are chance, whatever they look like
LEAST_FEED = 20  # records that may come or go unasked, as in policy: removed
LEAST_SHARES = {  # whatever was learned
    Measure.RESPELLED: 0.25,  # a stroke more or less at the end of one address in six
    Measure.EXPLAINED: 0.02,  # a sender writes some towns in capitals no longer
    Measure.ADDED: 0.3,  # a parliament is elected, a registry opened to others
    Measure.GONE: 0.3,
}
LIVELY = 0.5  # share of the records that usually change
LEAST_FAR = 0.1  # of numbers most of which change: some grow fast after a pause
LEAST_TIMES = {Measure.REPLACED: 0.35, Measure.FAR: 0.2}  # of a field that says when a record was written
SKIPPED = 10  # deliveries that one may stand for: nobody promises that all of them come
AGAIN = 1.25  # times the second highest rate that was accepted: what came twice may come again

_LEAST = {**dict.fromkeys(CHURN, LEAST_CELLS), Measure.EXPLAINED: LEAST_EXPLAINED}


def churn_limits(baseline: Sequence[Measures], contract: Contract, *, chance: float) -> list[Limit]:
    """Of every field that is no part of the key."""
    found = []
    for name, spec in contract.fields.items():
        if name not in contract.key:
            means = {measure: mean_rate(measure, spec, _last(baseline, name)) for measure in CHURN}
            limits = [_limit(baseline, name, measure, prior=mean, chance=chance) for measure, mean in means.items()]
            found += limits if limits[0].expected <= LIVELY else [each for each in limits if not _is_moot(each)]
    return found


def _is_moot(limit: Limit) -> bool:
    """Where most values change every night, as those of a day's date, what they look like tells nothing."""
    return limit.measure is Measure.EXPLAINED


def feed_limits(baseline: Sequence[Measures], contract: Contract, *, chance: float) -> list[Limit]:
    """Of the whole delivery. Changes leave out all clients that did not change."""
    left_out = {Measure.GONE} if contract.delivers is Delivers.CHANGES else set()
    return [
        _limit(baseline, None, measure, prior=mean, chance=chance)
        for measure, mean in FEED_MEANS.items()
        if measure not in left_out
    ]


def beyond(measures: Measures, limit: Limit) -> Exceeded | None:
    """A count above what its limit and luck allow."""
    counted = count_of(measures, limit.field, limit.measure)
    if counted is None or limit.high is None or not counted[1]:
        return None
    part, whole = counted
    least = max(_LEAST.get(limit.measure, LEAST_FEED), whole * _least_share(measures, limit))
    most = max(allowed_count(limit.high, whole), least)
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


def _least_share(measures: Measures, limit: Limit) -> float:
    kind = measures.fields[limit.field].type if limit.field is not None else None
    if kind in ("datetime", "time") and limit.measure in LEAST_TIMES:
        return LEAST_TIMES[limit.measure]
    if limit.measure is Measure.FAR and limit.field is not None and _changed_share(measures, limit.field) > LIVELY:
        return LEAST_FAR
    return LEAST_SHARES.get(limit.measure, 0.0)


def _changed_share(measures: Measures, field: str) -> float:
    return measures.fields[field].replaced / measures.kept if measures.kept else 0.0


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
        Measure.RESPELLED: field.respelled,
        Measure.BLANKED: field.blanked,
        Measure.FILLED_ALIKE: field.filled_alike,
        Measure.EXPLAINED: field.explained,
    }
    return counts[measure]


def _limit(baseline: Sequence[Measures], field: str | None, measure: Measure, *, prior: float, chance: float) -> Limit:
    seen = [counted for measures in baseline if (counted := count_of(measures, field, measure)) is not None]
    rate = predicted(seen, prior)
    high = max(rate.limit(chance), 1 - (1 - rate.expected) ** SKIPPED, AGAIN * _second_highest(seen))
    return Limit(measure=measure, field=field, expected=rate.expected, low=None, high=min(1.0, high))


def _second_highest(seen: Sequence[tuple[int, int]]) -> float:
    rates = sorted(part / whole for part, whole in seen[-RECENT:] if whole)
    return rates[-2] if len(rates) > 1 else 0.0


def _last(baseline: Sequence[Measures], name: str) -> FieldMeasures | None:
    return next((measures.fields[name] for measures in reversed(baseline) if name in measures.fields), None)
