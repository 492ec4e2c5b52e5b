"""Limits: where each measure of the next delivery may be, learned from those that were accepted; and what is beyond.

Kept clients are judged by churn, new ones by what a delivery is like as a whole. One budget of false alarms is split
evenly over all limits. Days on which far more changes than on others have limits of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

from ringback.model.baseline import LENGTH, VERSION, Measures
from ringback.model.contract import Contract
from ringback.model.limits import CHURN, RATES, Exceeded, Limit, Limits
from ringback.steps.guard.counted import beyond, churn_limits, feed_limits
from ringback.steps.guard.rhythm import pauses, usual_pause
from ringback.steps.guard.shares import COMPARED, DISTANCES, beyond_shares, share_limits
from ringback.steps.guard.statistics import STATISTICS, beyond_statistic, statistic_limits
from ringback.steps.guard.whole import SIZES, beyond_size, size_limits

JUDGED_A_FIELD = len(CHURN) + len(STATISTICS) + len(DISTANCES)
JUDGED_A_FEED = len(RATES) - len(CHURN) + len(SIZES)


def limits(baseline: Sequence[Measures], contract: Contract) -> Limits:
    """The limits that follow from a baseline (the oldest first).

    From an empty one only those of churn follow, from what is thought of such fields: an adopted table is full already.
    """
    known = tuple(measures for measures in baseline if measures.version == VERSION)[-LENGTH:]
    chance = contract.policy.guard.share / (JUDGED_A_FIELD * len(contract.fields) + JUDGED_A_FEED)
    found: list[Limit] = churn_limits(known, contract, chance=chance)
    if known:
        found += [
            *size_limits(known, contract, chance=chance),
            *feed_limits(known, contract, chance=chance),
            *(limit for name in contract.fields for limit in statistic_limits(known, name, chance=chance)),
            *share_limits(known, contract),
        ]
    return Limits(
        limits=tuple(found),
        deliveries=len(known),
        chance=chance,
        recent=known[-COMPARED:],
        usual_pause=usual_pause(known),
    )


def exceeded(measures: Measures, limits: Limits) -> tuple[Exceeded, ...]:
    """What is beyond its limit: churn first, the greatest share first."""
    nights = pauses(measures, limits)
    found = [over for limit in limits.limits if (over := _judged(measures, limit, limits, nights)) is not None]
    return tuple(sorted(found, key=lambda over: (over.measure not in CHURN, -abs(over.seen))))


def _judged(measures: Measures, limit: Limit, limits: Limits, nights: float) -> Exceeded | None:
    if limit.measure in RATES:
        return beyond(measures, limit, nights=nights)
    if limit.measure in DISTANCES:
        return beyond_shares(measures, limit, limits)
    return beyond_size(measures, limit) if limit.measure in SIZES else beyond_statistic(measures, limit)
