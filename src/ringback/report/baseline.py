"""What is known of a feed, as text: what is usual, and beyond which limit a delivery is held."""

from __future__ import annotations

from collections.abc import Iterator

from ringback.model.limits import CHURN, Known, Limit, Measure
from ringback.model.measured import amount, told_by
from ringback.report.words import count, table

_COLUMNS = (Measure.REPLACED, Measure.BLANKED, Measure.EXPLAINED, Measure.MISSING)


def baseline_text(known: Known) -> str:
    """A line a field; of one field that was asked for, a line a measure."""
    lines = [_head(known), ""]
    if not known.limits.deliveries:
        return "\n".join(
            [lines[0], "No delivery of it was accepted yet: the first one has nothing to be compared with."]
        )
    if known.field is not None:
        return "\n".join([*lines, *_measures(known, known.field)])
    lines += [*_fields(known), "", *_measures(known, None), ""]
    return "\n".join([*lines, f"All limits of one field: ringback show --baseline {known.feed} --field F"])


def _head(known: Known) -> str:
    learned = count(known.limits.deliveries, "accepted delivery")
    return (
        f"{known.feed}: learned from {learned}; about {known.false_alarms} ordinary deliveries may be held by mistake "
        f"(policy: guard: false_alarms)"
    )


def _fields(known: Known) -> Iterator[str]:
    """The measures that tell most; usual share and limit."""
    head = ("field", "type", "change", "lose it", "one misreading", "without value")
    rows = [
        (name, kind, *(_usual_and_limit(known.limits.of(name, measure)) for measure in _COLUMNS))
        for name, kind in known.types.items()
    ]
    yield "held clients that would change, by field: usual share, and the limit above which a delivery is held"
    yield from table(head, rows)


def _usual_and_limit(limit: Limit | None) -> str:
    if limit is None or limit.high is None:
        return "-"
    return f"{amount(limit.measure, limit.expected)}, {amount(limit.measure, limit.high)}"


def _measures(known: Known, field: str | None) -> Iterator[str]:
    found = [limit for limit in known.limits.limits if limit.field == field]
    rows = [
        (told_by(limit.measure, limit.field), amount(limit.measure, limit.expected), _range(limit)) for limit in found
    ]
    yield from table(("measure" if field else "delivery", "usual", "limit"), rows)
    if field is not None and not any(limit.measure in CHURN for limit in found):
        yield "It is part of the key: no client changes it."


def _range(limit: Limit) -> str:
    low, high = (None if side is None else amount(limit.measure, side) for side in (limit.low, limit.high))
    if low is not None and high is not None:
        return f"{low} to {high}"
    return f"up to {high}" if high is not None else f"from {low}" if low is not None else "none"
