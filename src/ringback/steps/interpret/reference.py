"""The reference reader: one row, one value at a time. It is the specification of `fast.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec, Unreadable, Value
from ringback.steps.interpret.constraints import Check, checks
from ringback.steps.interpret.patterns import fits_each

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
    (record,) = read_records([cells], contract)
    return record


def read_records(rows: Sequence[Mapping[str, str]], contract: Contract) -> list[Record]:
    """Read some rows, each by itself; only the contract's patterns are asked for all rows at once."""
    fields = [_Field.of(name, rows, contract) for name in contract.fields]
    return [_read(cells, fields) for cells in rows]


def _read(cells: Mapping[str, str], fields: list[_Field]) -> Record:
    values: dict[str, Value | None] = {}
    faults: list[Fault] = []
    for field in fields:
        raw = cells[field.column]
        text = field.text(raw)
        value = values[field.name] = field.value(text)
        for check in field.checks:
            if check.broken_by(text, value):
                faults.append(
                    Fault(column=field.column, field=field.name, code=check.code, raw=raw, reason=check.reason)
                )
    return Record(values=values, faults=tuple(faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """One field of the contract, ready to read."""

    name: str
    spec: FieldSpec
    column: str
    missing: tuple[str, ...]
    checks: tuple[Check, ...] = ()

    @classmethod
    def of(cls, name: str, rows: Sequence[Mapping[str, str]], contract: Contract) -> _Field:
        spec = contract.fields[name]
        field = cls(name=name, spec=spec, column=str(spec.column), missing=contract.missing_texts(name))
        pattern = spec.constraints.pattern
        if pattern is None:
            return replace(field, checks=checks(spec))
        texts = (field.text(cells[field.column]) for cells in rows)
        fitting = fits_each((text for text in texts if text is not None), pattern)
        return replace(field, checks=checks(spec, lambda text, _: fitting[text]))

    def text(self, raw: str) -> str | None:
        """The trimmed text; None where it means "no value"."""
        trimmed = raw.strip(WHITE_SPACE) if self.spec.trim else raw
        return None if trimmed in self.missing else trimmed

    def value(self, text: str | None) -> Value | None:
        """What the text means; None where it has no meaning."""
        if text is None:
            return None
        try:
            return self.spec.read_one(text)
        except Unreadable:
            return None
