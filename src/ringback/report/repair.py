"""A repair as text: what was put right, what was right already, what was kept and why, what was not possible."""

from __future__ import annotations

from collections.abc import Iterator

from ringback.model.run import Outcome, Run
from ringback.model.undo import RepairReceipt
from ringback.report.receipt import emergency_lines, rows_lines, what_text
from ringback.report.words import count

_NAMED = 5  # runs that a line names


def repair_text(receipt: RepairReceipt, *, dry: bool = False) -> str:
    """The answers, the records written, what stays in quarantine, and which runs to repair next."""
    run, answers = receipt.run, receipt.answers
    lines = [_head(run, answers.total, dry=dry)]
    if answers.total:
        lines.append(f"repaired {count(answers.restored, 'value')}")
        lines.append(f"right    {count(answers.right, 'value')} already")
        kept = [f"kept     {count(number, 'value')}: {by}" for by, number in answers.kept.most_common()]
        lost = [f"not possible {count(number, 'value')}: {why}" for why, number in answers.impossible.most_common()]
        lines += [*(kept or ["kept     0"]), *(lost or ["not possible 0"])]
    if run.outcome is Outcome.PUBLISHED:
        lines += rows_lines(run)
    lines += emergency_lines(receipt.emergency)
    return "\n".join([*lines, *_next(receipt, dry=dry)])


def _head(run: Run, total: int, *, dry: bool) -> str:
    if run.outcome is Outcome.UNCHANGED:
        why = "each value is right or kept" if total else "the approved contract reads its delivery the same"
        return f"nothing to repair in R{run.repairs}, feed {run.feed}: {why}; nothing was written"
    if dry:
        return f"plan: {what_text(run)}; nothing was written"
    return f"published {run.name}: {what_text(run)}, feed {run.feed}, by {run.by}"


def _next(receipt: RepairReceipt, *, dry: bool) -> Iterator[str]:
    run = receipt.run
    out = run.rows.quarantined + run.rows.duplicate
    if out and run.id and run.outcome is Outcome.PUBLISHED:
        yield f"{count(out, 'row')} cannot be taken yet: ringback quarantine {run.feed} --run {run.name}"
    if receipt.others:
        names = [other.name for other in receipt.others]
        more = f" and {count(len(names) - _NAMED, 'more run')}" if len(names) > _NAMED else ""
        verb = "was" if len(names) == 1 else "were"
        yield f"{', '.join(names[:_NAMED])}{more} {verb} not read under the approved contract either"
        yield f"Next: ringback repair {names[0]}"
    if run.id and run.outcome is Outcome.PUBLISHED and not dry:
        yield f"To bring it back: ringback undo {run.name}"
