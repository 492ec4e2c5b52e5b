"""Measures, and values of them, as people read them."""

from __future__ import annotations

from datetime import date, timedelta

from ringback.model.limits import Measure

_CHURN = {
    Measure.REPLACED: "of held clients would change {field}",
    Measure.FAR: "of held clients would get a {field} far from the one they have",
    Measure.WILD: "of held clients would get a {field} of another order of size, or of the other sign",
    Measure.LOWER: "of held clients would get a lower {field}",
    Measure.REPUNCTUATED: "of held clients would have {field} with other punctuation or spaces",
    Measure.RECASED: "of held clients would have {field} in other capitals",
    Measure.RESPELLED: "of held clients would have {field} spelled otherwise",
    Measure.BLANKED: "of the held clients with {field} would lose it",
    Measure.FILLED_ALIKE: "of held clients have no {field} and would all get the same one",
    Measure.EXPLAINED: "of held clients would change {field} in one and the same way",
}
_SHARES = {
    Measure.MISSING: "of the records have no {field}",
    Measure.UNREADABLE: "of the records have a {field} that cannot be read",
    Measure.DISTINCT: "of the values of {field} are different ones",
    Measure.SHAPES: "of the values of {field} look otherwise than before",
    Measure.CODES: "of the values of {field} are others than before",
    Measure.ADDED: "of the delivered clients would be new",
    Measure.GONE: "of held clients are no longer in the file",
    Measure.DUPLICATES: "of the rows share their key with another",
}
OF_SHARES = {**_CHURN, **_SHARES}
_SIZES = {
    Measure.LENGTH: "the values of {field} have {seen} letters on average",
    Measure.MIDDLE: "half of the values of {field} are below {seen}",
    Measure.TOP: "95 of 100 values of {field} are below {seen}",
    Measure.MEAN: "the mean of {field} is {seen} times as large as the range of its values",
    Measure.MIDDLE_DAY: "half of the values of {field} are before {seen}",
    Measure.TOP_DAY: "95 of 100 values of {field} are before {seen}",
    Measure.ROWS: "the file has {seen} rows",
    Measure.ROW_BYTES: "a row of the file takes {seen} bytes",
}
_DAYS = (Measure.MIDDLE_DAY, Measure.TOP_DAY)
_LEAST_TOLD = 1e-4


def told_by(measure: Measure, field: str | None, *, seen: str = "...") -> str:
    """What a measure tells: "of held clients would change born_on"."""
    return (OF_SHARES.get(measure) or _SIZES[measure]).format(field=field, seen=seen)


def amount(measure: Measure, value: float) -> str:
    """A value of a measure as people read it: a share, a day, or a number."""
    if measure in OF_SHARES:
        return percent(value)
    return _day(value) if measure in _DAYS else _number(value)


def percent(share: float) -> str:
    """A share as people read it: 31.2 %, 0.02 %."""
    if 0 < share < _LEAST_TOLD:
        return "under 0.01 %"
    return f"{100 * share:.1f} %" if share >= 0.01 else f"{100 * share:.2g} %"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _day(value: float) -> str:
    """Days since 1970; beyond the years of a calendar, the number."""
    try:
        return (date(1970, 1, 1) + timedelta(days=value)).isoformat()
    except OverflowError:
        return f"{value:,.0f} days since 1970"
