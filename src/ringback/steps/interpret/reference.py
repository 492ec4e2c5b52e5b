"""The reference reader: one row, one value at a time. It is the specification of `fast.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec, Unreadable, Value
from ringback.steps.interpret.constraints import checks

# Unicode's White_Space property: without the separators 1C to 1F, which Python's own strip() takes too
WHITE_SPACE = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One promise of the contract that a row breaks; a row of REJECT_SCHEMA without its origin."""

    column: str
    field: str
    code: str
    raw: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row read. With faults it is no record: all of them, in the order of the fields."""

    values: dict[str, Value | None]
    faults: tuple[Fault, ...] = ()


def read_record(cells: Mapping[str, str], contract: Contract) -> Record:
    """Read one row: delivered column -> text. Raises: KeyError, where a mapped column is not there."""
    values: dict[str, Value | None] = {}
    faults: list[Fault] = []
    for name, spec in contract.fields.items():
        column = str(spec.column)
        raw = cells[column]
        text = _text(raw, spec, contract.missing_texts(name))
        value = values[name] = _value(text, spec)
        for check in checks(spec):
            if check.broken_by(text, value):
                faults.append(Fault(column=column, field=name, code=check.code, raw=raw, reason=check.reason))
    return Record(values=values, faults=tuple(faults))


def _text(raw: str, spec: FieldSpec, missing: tuple[str, ...]) -> str | None:
    trimmed = raw.strip(WHITE_SPACE) if spec.trim else raw
    return None if trimmed in missing else trimmed


def _value(text: str | None, spec: FieldSpec) -> Value | None:
    if text is None:
        return None
    try:
        return spec.read_one(text)
    except Unreadable:
        return None
