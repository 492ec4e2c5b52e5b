"""What is thought of a field's churn before its feed has shown it: by the nature of the values.

`predicted` makes of a mean rate of 2 in 100,000 a first limit of about 0.1 %, of 1 in 1,000 about 5 %.
"""

from __future__ import annotations

from ringback.model.baseline import FieldMeasures
from ringback.model.field import FieldSpec
from ringback.model.limits import Measure

STABLE = 2e-5  # a birth date, a number for life: 0.1 %
ANY = 0.1  # amounts and times: all of them may change every night

_REPLACED = {
    "date": 2e-4,  # 1 %
    "boolean": 1e-3,
    "code": 1e-3,
    "email": 1e-3,
    "phone": 1e-3,
    "iban": 4e-4,
    "number": 4e-4,  # standard numbers of persons and companies
    "string": 1.5e-3,
    "integer": ANY,
    "decimal": ANY,
    "time": ANY,
    "datetime": ANY,
    "json": ANY,
}
_FAR = {"date": 1e-4, "datetime": 4e-4}
_OTHERS = {
    Measure.FAR: 5e-4,  # of numbers
    Measure.WILD: 1e-4,
    Measure.LOWER: ANY,
    Measure.REPUNCTUATED: 4e-4,
    Measure.RECASED: 4e-4,
    Measure.RESPELLED: 0.02,  # a sender that writes all addresses with a comma is no danger
    Measure.BLANKED: 1e-3,
    Measure.FILLED_ALIKE: 1.5e-3,
    Measure.EXPLAINED: 5e-5,  # by chance a change looks like a misreading now and then
}
FEED_MEANS = {
    Measure.ADDED: 0.015,  # 60 %: a registry may grow by half in a quarter, a parliament be elected
    Measure.GONE: 6e-3,  # 30 %; whether the clients left out go is for policy: removed
    Measure.DUPLICATES: 1e-4,
}
_OWN = 0.5  # different values over all values: most clients have one of their own
_AS_OF_DAYS = 50  # different days in a column that says when a record was written
_AS_OF_SHARE = 0.01


def mean_rate(measure: Measure, spec: FieldSpec, last: FieldMeasures | None) -> float:
    """The mean rate that is believed first. `last`: the field in the newest accepted delivery."""
    if spec.stable:
        return STABLE
    if measure is Measure.FAR and spec.type in _FAR:
        return _FAR[spec.type]
    if measure is Measure.FILLED_ALIKE and last is not None and last.distinct_share > _OWN:
        return 3e-4  # 1.5 %: of all things the same
    if measure is not Measure.REPLACED:
        return _OTHERS[measure]
    if spec.type == "date" and last is not None and _is_as_of(last):
        return ANY
    return _REPLACED.get(spec.type, 1e-3)


def _is_as_of(last: FieldMeasures) -> bool:
    """Few days for many records: not a day in a client's life."""
    return 0 < last.distinct_count <= _AS_OF_DAYS and last.distinct_share <= _AS_OF_SHARE
