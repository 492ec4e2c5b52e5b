"""Measures beyond their limits in the words of a support desk."""

from __future__ import annotations

from datetime import date, timedelta

from ringback.model.diagnosis import Diagnosis
from ringback.model.limits import Exceeded, Measure

_CHURN = {
    Measure.REPLACED: "of held clients would change {field}",
    Measure.FAR: "of held clients would get a {field} far from the one they have",
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
_NOUNS = {
    "date": "date",
    "datetime": "time",
    "time": "time",
    "phone": "phone number",
    "email": "address",
    "code": "code",
    "integer": "number",
    "decimal": "number",
}
_LEAST_TOLD = 1e-4
_MADE_OF_THE_OLD = ("date.", "datetime.", "number.", "text.", "phone.")  # their sentences follow "the old date with"


def sentence(over: Exceeded, *, fields: tuple[str, ...] = ()) -> str:
    """31.2 % of held clients would change born_on; 0.02 % is usual (limit 0.3 %)."""
    names = _listed(fields or ((over.field,) if over.field else ()))
    known = {**_CHURN, **_SHARES}
    write = percent if over.measure in known else _day if over.measure in _DAYS else _number
    seen, usual, limit = (write(value) for value in (over.seen, over.expected, over.limit))
    if over.measure in known:
        told = f"{seen} {known[over.measure].format(field=names)}"
    else:
        told = _SIZES[over.measure].format(field=names, seen=seen)
    return f"{told}; {usual} is usual (limit {limit})"


def cause(diagnosis: Diagnosis, kind: str) -> str:
    """36,104 of these 36,104 new dates are the old date with day and month exchanged. `kind`: the field's type."""
    explained, changed = f"{diagnosis.explained_count:,}", f"{diagnosis.changed_count:,}"
    noun = _NOUNS.get(kind, "value")
    if len(diagnosis.fields) > 1:
        names = _listed(diagnosis.fields)
        return f"{explained} of these {changed} new values of {names} have one cause: {diagnosis.sentence}"
    if diagnosis.code.startswith(_MADE_OF_THE_OLD):
        return f"{explained} of these {changed} new {noun}s are the old {noun} with {diagnosis.sentence}"
    return f"{explained} of these {changed} changes have one cause: {diagnosis.sentence}"


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


def _listed(names: tuple[str, ...]) -> str:
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} more fields"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
