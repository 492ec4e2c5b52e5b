"""A run as text: what became of every row, what was found, what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from ringback.model.finding import Example, Finding, Severity
from ringback.model.run import Outcome, Plan, Receipt, Run, RunKind, Shown
from ringback.report.words import count, shown

_NOTES_SHOWN = 8


def receipt_text(receipt: Receipt, *, contract_name: str) -> str:
    """The receipt of an import. What a person must act on first stands first."""
    run = receipt.run
    return "\n".join([_title(run), *_body(receipt, contract_name), *_what_next(run)])


def plan_text(plan: Plan, *, contract_name: str) -> str:
    """A plan: the receipt that an import would give, and values before and after, side by side."""
    run = plan.receipt.run
    would = {
        Outcome.PUBLISHED: "would be published",
        Outcome.HELD: "would be held",
        Outcome.REFUSED: "would be refused",
        Outcome.UNCHANGED: "has nothing to do",
    }[run.outcome]
    title = f"plan: {run.file_name} {would}, feed {run.feed}; nothing was written"
    return "\n".join([title, *_body(plan.receipt, contract_name), *_changed(run, plan.changed)])


def _body(receipt: Receipt, contract_name: str) -> Iterator[str]:
    run = receipt.run
    yield from _findings(run, contract_name)
    if run.rows.read:
        yield from rows_lines(run)
    if receipt.seconds:
        yield "seconds  " + ", ".join(f"{step} {spent:.1f}" for step, spent in receipt.seconds.items())


def run_text(shown_run: Shown, *, contract_name: str) -> str:
    """A run of the ledger, with a few of the values that it changed."""
    run = shown_run.run
    lines = [_title(run), *_findings(run, contract_name)]
    lines += rows_lines(run) if run.rows.read or run.kind is RunKind.UNDO else []
    return "\n".join([*lines, *_changed(run, shown_run.changed), *_what_next(run)])


def _changed(run: Run, examples: dict[str, tuple[Example, ...]]) -> Iterator[str]:
    for name, few in examples.items():
        yield from ("", f"{name}: {count(run.changed_by_field.get(name, 0), 'value')} changed")
        yield from (f"  {_example(example)}" for example in few)


def rows_lines(run: Run) -> list[str]:
    """The rows by what became of them, as a sum that adds up; then what changed, field by field."""
    rows = run.rows
    if run.kind is RunKind.UNDO:
        lines = [f"records  {rows.changed:,} changed back, {run.removed:,} taken out, {rows.added:,} put back"]
    else:
        lines = [
            f"rows     {rows.read:,} read = {rows.added:,} added + {rows.changed:,} changed + "
            f"{rows.unchanged:,} unchanged + {rows.quarantined:,} quarantined + {rows.duplicate:,} duplicate + "
            f"{rows.skipped:,} skipped"
        ]
    if run.changed_by_field:
        by_count = sorted(run.changed_by_field.items(), key=lambda pair: -pair[1])
        lines.append("fields   " + ", ".join(f"{name} {number:,}" for name, number in by_count) + " changed")
    gone = [f"{number:,} {act}" for number, act in ((run.removed, "deleted"), (run.closed, "closed")) if number]
    if run.missing:
        what = ", ".join(gone) or "kept"
        lines.append(f"missing  {count(run.missing, 'held client')} not in the file: {what}")
    return lines


def _title(run: Run) -> str:
    what = f"undo of R{run.undoes}" if run.kind is RunKind.UNDO else str(run.file_name)
    return f"{run.outcome} {run.name}: {what}, feed {run.feed}, {run.started_at:%Y-%m-%d %H:%M} UTC, by {run.by}"


def _findings(run: Run, contract_name: str) -> Iterator[str]:
    grave = [finding for finding in run.findings if finding.severity is not Severity.NOTE]
    notes = [finding for finding in run.findings if finding.severity is Severity.NOTE]
    for finding in grave:
        yield from finding_lines(finding, contract_name)
    for finding in notes[:_NOTES_SHOWN]:
        yield from finding_lines(finding, contract_name)
    if len(notes) > _NOTES_SHOWN:
        yield f"note     and {len(notes) - _NOTES_SHOWN} more kinds: ringback show {run.name}"


def finding_lines(finding: Finding, contract_name: str) -> Iterator[str]:
    """One finding: what it asks for, where, why, and how to mend it."""
    first = f"line {finding.where.line}, " if finding.where and finding.where.line else ""
    rows = f" ({count(finding.row_count, 'row')})" if first else ""
    yield f"{finding.severity!s:<8} {first}{finding.why}{rows}"
    if finding.line is not None:
        yield f"         {contract_name}, line {finding.line}"
    for example in finding.examples:
        yield f"         {_example(example)}"
    if finding.mend and finding.severity is not Severity.NOTE:
        yield f"         {finding.mend}"


def _example(example: Example) -> str:
    parts = [",".join(example.key)] if example.key else []
    if example.line is not None:
        parts.append(f"line {example.line}")
    if example.raw is not None:
        parts.append(f'"{shown(example.raw)}"')
    if example.before is not None or example.after is not None:
        parts.append(f"{shown(example.before)} -> {shown(example.after)}")
    return "  ".join(parts)


def _what_next(run: Run) -> Iterator[str]:
    match run.outcome:
        case Outcome.HELD:
            yield f"Nothing was published. See it: ringback show {run.name}"
            yield f"Then: ringback release {run.name}, or: ringback drop {run.name}"
        case Outcome.REFUSED:
            yield "Nothing was published."
        case Outcome.PUBLISHED if run.rows.quarantined or run.rows.duplicate:
            yield f"The rows in quarantine: ringback quarantine {run.feed}"
        case Outcome.DROPPED | Outcome.FAILED | Outcome.UNCHANGED | Outcome.PUBLISHED:
            pass
