"""Contract examples tried: each row read by the reference reader, and compared with what it must become."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ringback.model.canonical import text_of
from ringback.model.contract import Contract
from ringback.model.example import ContractExample, Mismatch
from ringback.steps.interpret.reference import Record, read_records

MISSING = "null"


def read_examples(rows: Sequence[Mapping[str, str]], contract: Contract) -> list[Record]:
    """Read rows of examples; a mapped column that is left out is delivered empty."""
    empty = {str(spec.column): "" for spec in contract.fields.values()}
    return read_records([{**empty, **row} for row in rows], contract)


def try_example(example: ContractExample, record: Record) -> tuple[Mismatch, ...]:
    """Every difference between what a row became and what it must become."""
    found = _as_record(example, record) if example.record is not None else _as_reject(example, record)
    return tuple(found)


def kept_values(record: Record) -> dict[str, str | None]:
    """Field -> value as ringback keeps it."""
    return {field: text_of(value) for field, value in record.values.items()}


def fault_codes(record: Record) -> dict[str, tuple[str, ...]]:
    """Field -> codes of its faults."""
    found: dict[str, tuple[str, ...]] = {}
    for fault in record.faults:
        found[fault.field] = (*found.get(fault.field, ()), fault.code)
    return found


def _as_record(example: ContractExample, record: Record) -> Iterator[Mismatch]:
    values, faults = kept_values(record), fault_codes(record)
    for field in record.values:
        expected = (example.record or {}).get(field)
        if field in faults:
            told = _told(expected) if field in (example.record or {}) else "no fault"
            yield Mismatch(field=field, expected=told, got=f"a reject, {', '.join(faults[field])}")
        elif field in (example.record or {}) and expected != values[field]:
            yield Mismatch(field=field, expected=_told(expected), got=_told(values[field]))


def _as_reject(example: ContractExample, record: Record) -> Iterator[Mismatch]:
    faults, values, expected = fault_codes(record), kept_values(record), example.reject or {}
    for field in record.values:
        wanted = expected.get(field, ())
        codes = (wanted,) if isinstance(wanted, str) else wanted
        if sorted(codes) != sorted(faults.get(field, ())):
            got = ", ".join(faults[field]) if field in faults else _told(values[field])
            yield Mismatch(field=field, expected=", ".join(codes) or "no fault", got=got)


def _told(value: str | None) -> str:
    return MISSING if value is None else f'"{value}"'
