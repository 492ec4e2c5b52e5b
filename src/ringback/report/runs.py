"""The ledger as a table."""

from __future__ import annotations

from ringback.model.run import Ledger, Run
from ringback.report.drill import score_text
from ringback.report.receipt import what_text
from ringback.report.words import table


def runs_text(ledger: Ledger) -> str:
    """One line a run, newest first; then one a feed that was drilled."""
    head = ("run", "feed", "what became of it", "read", "added", "changed", "quarantined", "by", "UTC", "what")
    lines = table(head, [_row(run, ledger.undone) for run in ledger.runs], right=(3, 4, 5, 6))
    if not ledger.runs:
        return "no runs yet; the first: ringback import FEED FILE"
    return "\n".join([*lines, *(score_text(drilled) for drilled in ledger.drills)])


def _row(run: Run, undone: frozenset[int]) -> tuple[str, ...]:
    rows = run.rows
    return (
        run.name,
        run.feed,
        f"{run.outcome}, undone since" if run.id in undone else str(run.outcome),
        f"{rows.read:,}",
        f"{rows.added:,}",
        f"{rows.changed:,}",
        f"{rows.quarantined + rows.duplicate:,}",
        run.by,
        f"{run.started_at:%Y-%m-%d %H:%M}",
        _what(run),
    )


def _what(run: Run) -> str:
    correction = f" (rows of R{run.corrects}, corrected)" if run.corrects is not None else ""
    return what_text(run) if run.corrects_values else f"{what_text(run)}{correction}"
