"""Shapes and codes: how far the shares of one delivery are from those of the newest accepted ones."""

from __future__ import annotations

from collections.abc import Sequence

from ringback.model.baseline import FieldMeasures, Measures, Shares
from ringback.model.contract import Contract
from ringback.model.limits import Exceeded, Limit, Limits, Measure
from ringback.steps.guard.sizes import LEAST_VALUES

COMPARED = 5  # a sender that goes to and fro between two forms is near one of its last deliveries
NEAR, PER_KEPT = 0.15, 0.2  # distance that is always allowed, and more where churn has judged the records held before
OFTEN_FAR = 1.5  # times the distance that one in ten deliveries had
DISTANCES = (Measure.SHAPES, Measure.CODES)


def distance(one: Shares, other: Shares) -> float:
    """The share of the values that would have to be others: half the sum of all differences (total variation)."""
    names = {**one, **other}
    return sum(abs(one.get(name, 0.0) - other.get(name, 0.0)) for name in names) / 2


def share_limits(baseline: Sequence[Measures], contract: Contract) -> list[Limit]:
    """The limits of every field's shapes and codes."""
    return [
        limit
        for name, spec in contract.fields.items()
        for measure in DISTANCES
        if (limit := _limit(baseline, name, spec.type, measure)) is not None
    ]


def beyond_shares(measures: Measures, limit: Limit, limits: Limits) -> Exceeded | None:
    """Shapes or codes that are farther from those of the newest accepted deliveries than usual."""
    field = measures.fields.get(limit.field or "")
    if field is None or limit.high is None or not _of(field, limit.measure):
        return None
    if measures.records * (1 - field.missing_share) < LEAST_VALUES:
        return None
    seen = _nearest(field, limits.recent, limit.field or "", limit.measure)
    high = min(1.0, limit.high + PER_KEPT * measures.kept / max(measures.records, 1))
    if seen is None or seen <= high:
        return None
    return Exceeded(measure=limit.measure, field=limit.field, expected=limit.expected, seen=seen, limit=high)


def _limit(baseline: Sequence[Measures], name: str, kind: str, measure: Measure) -> Limit | None:
    known = [measures for measures in baseline if _is_told(measures, name, kind, measure)]
    if not known:
        return None
    apart = sorted(
        found
        for place in range(1, len(known))
        if (found := _nearest(known[place].fields[name], known[max(0, place - COMPARED) : place], name, measure))
        is not None
    )
    usual = apart[len(apart) // 2] if apart else 0.0
    far = apart[int(0.9 * (len(apart) - 1))] if len(apart) >= COMPARED else 0.0
    return Limit(measure=measure, field=name, expected=usual, low=None, high=NEAR + OFTEN_FAR * far)


def _is_told(measures: Measures, name: str, kind: str, measure: Measure) -> bool:
    field = measures.fields.get(name)
    return field is not None and field.type == kind and bool(_of(field, measure))


def _nearest(field: FieldMeasures, recent: Sequence[Measures], name: str, measure: Measure) -> float | None:
    others = [_of(measures.fields[name], measure) for measures in recent if name in measures.fields]
    return min((distance(_of(field, measure), other) for other in others if other), default=None)


def _of(field: FieldMeasures, measure: Measure) -> Shares:
    return field.shapes if measure is Measure.SHAPES else field.codes
