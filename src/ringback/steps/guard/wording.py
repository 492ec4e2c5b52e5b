"""Measures beyond their limits in the words of a support desk."""

from __future__ import annotations

from ringback.model.diagnosis import Diagnosis
from ringback.model.limits import Exceeded
from ringback.model.measured import OF_SHARES, amount, told_by

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
_MADE_OF_THE_OLD = ("date.", "datetime.", "number.", "text.", "phone.")  # their sentences follow "the old date with"


def sentence(over: Exceeded, *, fields: tuple[str, ...] = ()) -> str:
    """31.2 % of held clients would change born_on; 0.02 % is usual (limit 0.3 %)."""
    names = _listed(fields or ((over.field,) if over.field else ()))
    seen, usual, limit = (amount(over.measure, value) for value in (over.seen, over.expected, over.limit))
    if over.measure in OF_SHARES:
        told = f"{seen} {told_by(over.measure, names)}"
    else:
        told = told_by(over.measure, names, seen=seen)
    return f"{told}; {usual} is usual (limit {limit})"


def cause(diagnosis: Diagnosis, kind: str) -> str:
    """36,104 of these 36,104 new dates are the old date with day and month exchanged. `kind`: the field's type."""
    explained, changed = f"{diagnosis.explained_count:,}", f"{diagnosis.changed_count:,}"
    if diagnosis.code.startswith("key."):
        return f"{explained} of these {changed} new clients are held ones: {diagnosis.sentence}"
    noun = _NOUNS.get(kind, "value")
    if len(diagnosis.fields) > 1:
        names = _listed(diagnosis.fields)
        return f"{explained} of these {changed} new values of {names} have one cause: {diagnosis.sentence}"
    if diagnosis.code.startswith(_MADE_OF_THE_OLD):
        return f"{explained} of these {changed} new {noun}s are the old {noun} with {diagnosis.sentence}"
    return f"{explained} of these {changed} changes have one cause: {diagnosis.sentence}"


def _listed(names: tuple[str, ...]) -> str:
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} more fields"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
