"""Publish what an undo or a repair decided, as a run of its own, and read it back before any reader sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from ringback.engine.local import ChangeSpool
from ringback.model.change import Summary
from ringback.model.contract import Contract
from ringback.model.finding import Finding, Severity
from ringback.model.run import Rows, Run
from ringback.model.undo import Answers
from ringback.steps.plan import compared
from ringback.steps.readback import LiveCheck
from ringback.workflows.import_file import Asked, failures_recorded
from ringback.workflows.place import Place
from ringback.workflows.readback import read_back, standing


def publish(
    run: Run,
    changes: ChangeSpool,
    summary: Summary,
    *,
    contract: Contract,
    place: Place,
    asked: Asked,
    rejects: Iterable[pl.DataFrame] = (),
) -> Run:
    """Write all change sets in one transaction with history; `rejects`: rows that stay in quarantine, under this run.

    Raises: StaleChangeSet, StoreError, ReadBackMismatch; then the live table is as it was.
    """
    publishing = place.store.publishing(contract, kind=run.kind, previous=run.previous, progress=asked.progress)
    with failures_recorded(run, place), publishing as publication:
        before = standing(publication, contract)
        for change_set in changes:
            publication.write(change_set)
        for frame in rejects:
            publication.quarantine(frame)
        check = LiveCheck(contract.key, compared(contract), pl.DataFrame())
        read_back(publication, check, summary, contract, before=before)
        return publication.finish(replace(run, id=publication.run_id))


def counted(run: Run, summary: Summary) -> Run:
    """The run with the numbers of its change sets."""
    return replace(
        run,
        rows=Rows(added=summary.added, changed=summary.changed + summary.closed),
        removed=summary.removed,
        closed=0,
        missing=0,
        changed_by_field=summary.changed_by_field,
        plan_digest=summary.digest,
    )


def told(answers: Answers, code: str) -> tuple[Finding, ...]:
    """What was kept and what was not possible, as findings; `code`: "undo" or "repair"."""
    kept = [
        Finding(
            code=f"{code}.kept", severity=Severity.NOTE, row_count=number, why=by, mend="nothing: the later word stands"
        )
        for by, number in answers.kept.items()
    ]
    lost = [
        Finding(
            code=f"{code}.impossible", severity=Severity.NOTE, row_count=number, why=why, mend="look at these by hand"
        )
        for why, number in answers.impossible.items()
    ]
    return (*kept, *lost)
