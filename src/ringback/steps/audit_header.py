"""Audit of a header: a delivery's columns against the contract, before its rows are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ringback.errors import MANY
from ringback.model.contract import Contract
from ringback.model.delivery import Origin
from ringback.model.finding import Finding, Severity
from ringback.steps.audit import LineOf
from ringback.steps.header_names import differing, plainly, seen, unseen


def audit_header(
    header: Sequence[str], columns: Sequence[str], contract: Contract, *, line_of: LineOf, file_name: str
) -> tuple[Finding, ...]:
    """Judge a delivery's columns before its rows are read.

    header: names as delivered; columns: the same, made unique, an unnamed one by its number.
    A mapped column that is absent or there twice refuses the delivery; those neither mapped nor ignored hold it.
    """
    mapped = {str(spec.column): name for name, spec in contract.fields.items()}
    findings = [
        _column(column, name, header.count(column), line_of)
        for column, name in mapped.items()
        if column not in columns or header.count(column) > 1
    ]
    strange = [column for column in columns if column not in mapped and column not in contract.ignored]
    if strange:
        findings.append(_unmapped(strange, line_of, file_name))
    findings += _deceptive(strange, mapped, line_of, file_name)
    return tuple(findings)


def _deceptive(strange: Sequence[str], mapped: Mapping[str, str], line_of: LineOf, file_name: str) -> Iterator[Finding]:
    """New columns whose names are not what they seem."""
    known = {seen(column): column for column in mapped}
    for column in strange:
        twin = known.get(seen(column))
        hidden = unseen(column)
        if twin is not None:
            letters = ", ".join(differing(column, twin)) or "other letters"
            told = f'looks like "{twin}" and is another name: it has {letters}'
        elif hidden:
            told = f"has letters in its name that nobody sees: {', '.join(dict.fromkeys(hidden))}"
        else:
            continue
        yield Finding(
            code="header.deceptive",
            severity=Severity.HOLD,
            row_count=0,
            where=Origin(file_name=file_name, column=column),
            field=mapped[twin] if twin is not None else None,
            why=f'column "{plainly(column)}" {told}',
            mend="ask the sender to write the name as usual",
            line=line_of("fields", mapped[twin], "from") if twin is not None else None,
        )


def _unmapped(columns: list[str], line_of: LineOf, file_name: str) -> Finding:
    one, more = len(columns) == 1, len(columns) - MANY
    names = ", ".join(f'"{plainly(column)}"' for column in columns[:MANY]) + (f" and {more:,} more" if more > 0 else "")
    what = f"column {names} is neither a field" if one else f"columns {names} are neither fields"
    return Finding(
        code="header.unmapped",
        severity=Severity.HOLD,
        row_count=0,
        where=Origin(file_name=file_name, column=columns[0]),
        why=f"{what} of the contract nor ignored",
        mend=f"map {'it to a field' if one else 'them to fields'}, or list {'it' if one else 'them'} under `ignored`",
        line=line_of("ignored"),
    )


def _column(column: str, name: str, count: int, line_of: LineOf) -> Finding:
    there = "is not in the file" if count <= 1 else f"is in the file {count} times"
    return Finding(
        code="header.absent" if count <= 1 else "header.duplicate",
        severity=Severity.REFUSE,
        row_count=0,
        field=name,
        why=f'column "{column}" {there}; field {name} is read from it',
        mend="ask the sender, or correct `from` in the contract",
        line=line_of("fields", name, "from"),
    )
