"""A run as text: what became of every row, what was found, what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from ringback.model.finding import Example, Severity
from ringback.model.proposal import Proposal
from ringback.model.release import Release
from ringback.model.run import Outcome, Plan, Receipt, Run, RunKind, Shown
from ringback.report.findings import example_text, grave_lines, is_mended_in_contract, note_lines, past_lines
from ringback.report.words import count

_STOPPED = (Outcome.HELD, Outcome.REFUSED)


def receipt_text(receipt: Receipt, *, contract_name: str) -> str:
    """The receipt of an import. What a person must act on first stands first."""
    lines = [*_run_lines(receipt.run, contract_name), *emergency_lines(receipt.emergency)]
    return "\n".join([*lines, *_seconds(receipt), *_what_next(receipt.run)])


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
    lines = [title, *grave_lines(run.findings, contract_name), *_rows_and_notes(run, contract_name)]
    lines += emergency_lines(plan.receipt.emergency)
    return "\n".join([*lines, *_seconds(plan.receipt), *_changed(run, plan.changed), *_proposed(plan.proposal)])


def _proposed(proposal: Proposal | None) -> Iterator[str]:
    """The difference that would make the delivery fit."""
    if proposal is not None:
        yield ""
        yield proposal.diff
        yield "If that is meant, take it into the working copy: the same command with --accept"


def run_text(shown_run: Shown, *, contract_name: str) -> str:
    """A run of the ledger, with a few of the values that it changed."""
    run = shown_run.run
    lines = [*_run_lines(run, contract_name, in_full=True), *emergency_lines(shown_run.emergency)]
    return "\n".join([*lines, *_changed(run, shown_run.changed), *_what_next(run)])


def _run_lines(run: Run, contract_name: str, *, in_full: bool = False) -> Iterator[str]:
    """Of a run that was stopped why stands first, of any other what became of it."""
    stopped = run.outcome in _STOPPED and bool(run.findings)
    if stopped:
        yield from grave_lines(run.findings, contract_name, in_full=in_full)
        yield f"{run.name:<8} {_told(run)}"
    else:
        yield _title(run)
        yield from past_lines(run.findings, contract_name, in_full=in_full)
    yield from _rows_and_notes(run, contract_name)


def _rows_and_notes(run: Run, contract_name: str) -> Iterator[str]:
    if run.rows.read or run.corrects_values:
        yield from rows_lines(run)
    yield from note_lines(run.findings, contract_name, run.name)


def _seconds(receipt: Receipt) -> Iterator[str]:
    if receipt.seconds:
        yield "seconds  " + ", ".join(f"{step} {spent:.1f}" for step, spent in receipt.seconds.items())


def _changed(run: Run, examples: dict[str, tuple[Example, ...]]) -> Iterator[str]:
    for name, few in examples.items():
        yield from ("", f"{name}: {count(run.changed_by_field.get(name, 0), 'value')} changed")
        yield from (f"  {example_text(example)}" for example in few)


def emergency_lines(release: Release | None) -> list[str]:
    """What every receipt of a feed says from an emergency approval to the regular one."""
    if release is None:
        return []
    when = f"{release.approved_at:%Y-%m-%d}"
    return [
        f"emergency: release {release.id} was approved in an emergency by {release.approved_by} on {when} "
        f'("{release.reason}"); a regular approval is due: ringback approve {release.feed}'
    ]


def rows_lines(run: Run) -> list[str]:
    """The rows by what became of them, as a sum that adds up; then what changed, field by field."""
    rows = run.rows
    if run.corrects_values:
        back = (
            "changed back, {} taken out, {} put back" if run.kind is RunKind.UNDO else "changed, {} taken out, {} added"
        )
        lines = [f"records  {rows.changed:,} {back.format(f'{run.removed:,}', f'{rows.added:,}')}"]
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
    return f"{run.outcome} {run.name}: {_told(run)}"


def _told(run: Run) -> str:
    return f"{what_text(run)}, feed {run.feed}, {run.started_at:%Y-%m-%d %H:%M} UTC, by {run.by}"


def what_text(run: Run) -> str:
    """What a run was: the file of an import; or of which run it is an undo or a repair."""
    part = " in part" if run.partial else ""
    match run.kind:
        case RunKind.IMPORT:
            return str(run.file_name)
        case RunKind.UNDO:
            return f"undo of R{run.undoes}{part}"
        case RunKind.REPAIR:
            return f"repair of R{run.repairs}{part}"


def _what_next(run: Run) -> Iterator[str]:
    match run.outcome:
        case Outcome.HELD:
            yield from _decide(run)
        case Outcome.REFUSED:
            yield "Nothing was published."
        case Outcome.PUBLISHED if run.rows.quarantined or run.rows.duplicate:
            of_run = f" --run {run.name}" if run.kind is RunKind.REPAIR else ""
            yield f"The rows in quarantine: ringback quarantine {run.feed}{of_run}"
        case Outcome.DROPPED | Outcome.FAILED | Outcome.UNCHANGED | Outcome.PUBLISHED:
            pass


def _decide(run: Run) -> Iterator[str]:
    """What a person can do with a held run."""
    first = next((finding for finding in run.findings if finding.severity is not Severity.NOTE), None)
    field = f" --field {first.field}" if first and first.field in run.changed_by_field else ""
    see = f"Nothing was published. See all: ringback show {run.name}{field}"
    if first is not None and is_mended_in_contract(first):
        yield f"{see}. {first.mend.capitalize()}, or: ringback release {run.name}"
    else:
        yield see
        yield f"Then: ringback release {run.name}, or: ringback drop {run.name}"
