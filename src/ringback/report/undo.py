"""An undo as text: the three answers."""

from __future__ import annotations

from ringback.model.undo import UndoReceipt
from ringback.report.receipt import emergency_lines, rows_lines
from ringback.report.words import count


def undo_text(receipt: UndoReceipt) -> str:
    """What was restored, what was kept and for whose sake, and what was not possible."""
    run, answers = receipt.run, receipt.answers
    dry = not run.id
    if dry:
        head = f"plan: undo of R{run.undoes}; nothing was written"
    else:
        head = f"published {run.name}: undo of R{run.undoes}, feed {run.feed}, by {run.by}"
    lines = [head, f"restored {count(answers.restored, 'value')}"]
    lines += [f"kept     {count(number, 'value')}: {by}" for by, number in answers.kept.most_common()] or ["kept     0"]
    lost = [f"not possible {count(number, 'value')}: {why}" for why, number in answers.impossible.most_common()]
    lines += [*(lost or ["not possible 0"]), *rows_lines(run), *emergency_lines(receipt.emergency)]
    return "\n".join(lines if dry else [*lines, f"To bring it back: ringback undo {run.name}"])
