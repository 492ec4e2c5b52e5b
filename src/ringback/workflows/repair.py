"""Read a run's delivery again under the corrected contract, and put right what the run made of it. Itself a run."""

from __future__ import annotations

from dataclasses import replace

from ringback.contracts import ContractFile
from ringback.engine.local import ChangeSpool, Workspace
from ringback.errors import UsageError
from ringback.model.release import Release
from ringback.model.run import Outcome, Rows, Run, RunKind
from ringback.model.undo import Answers, RepairReceipt
from ringback.steps.repair import repair
from ringback.steps.summarise import summarise
from ringback.workflows.aftermath import aftermath
from ringback.workflows.both_readings import BothReadings, Repair
from ringback.workflows.correcting import counted, publish, told
from ringback.workflows.import_file import Asked, until_it_fits
from ringback.workflows.place import Place, as_corrected
from ringback.workflows.scope import Scope, require_scope

MEMORY_BYTES = 48 * 2**20  # of records a side; less than an import's, for six records of a client stand side by side


def repair_run(run_id: int, place: Place, asked: Asked, *, scope: Scope, dry: bool = False) -> RepairReceipt:
    """Repair a published import, through all that came after it.

    With `dry`, only tell the answers. Where no value reads otherwise, nothing is written.
    Raises: UsageError; NotApproved; DeliveryRefused; StoreError; ReadBackMismatch, after the repair was undone.
    """
    target = _require_repairable(run_id, place)
    old, working = place.released(target), place.contract(target.feed)
    release = place.require_release(working)
    new = working if target.corrects is None else as_corrected(working)
    _require_same_key(target, old, new)
    require_scope(scope, new.contract)
    asked.progress.at("gate.passed")

    def attempt() -> RepairReceipt:
        since = aftermath(target, working, place)
        if target.fingerprint == release.fingerprint and not since.earlier:
            blank, emergency = _blank(target, release, place, asked), place.emergency(target.feed)
            return RepairReceipt(run=blank, answers=Answers(), others=since.others, emergency=emergency)
        asked_for = Repair(target=target, old=old, new=new, release=release, since=since, scope=scope)
        with Workspace(MEMORY_BYTES) as workspace:
            repairing = _Repairing(asked_for, place, workspace, asked)
            return repairing.told() if dry else repairing.done()

    return until_it_fits(attempt)


class _Repairing:
    """One repair under way."""

    def __init__(self, asked_for: Repair, place: Place, workspace: Workspace, asked: Asked) -> None:
        self._asked_for, self._place, self._asked = asked_for, place, asked
        self._contract = asked_for.new.contract
        self._reading = BothReadings(asked_for, place, workspace, asked)
        self._changes, self._answers = ChangeSpool(workspace), self._reading.lost()
        for part in self._reading.parts():
            changes, answers = repair(part)
            self._changes.append(changes)
            self._answers += answers
        self._summary = summarise(self._changes, self._contract, held_count=0)

    def told(self) -> RepairReceipt:
        """The answers, and nothing done."""
        since, emergency = self._asked_for.since, self._place.emergency(self._asked_for.target.feed)
        return RepairReceipt(run=self._run(), answers=self._answers, others=since.others, emergency=emergency)

    def done(self) -> RepairReceipt:
        """Publish what repairs the run, and read it back."""
        self._asked.progress.at("repair.decided")
        if not self._summary.changes_anything:
            return replace(self.told(), run=self._place.store.record(self._run()))
        run = publish(
            self._run(),
            self._changes,
            self._summary,
            contract=self._contract,
            place=self._place,
            asked=self._asked,
            rejects=() if self._asked_for.scope.partial else self._reading.rejects(),
        )
        return replace(self.told(), run=run)

    def _run(self) -> Run:
        blank = _blank(self._asked_for.target, self._asked_for.release, self._place, self._asked)
        outcome = Outcome.PUBLISHED if self._summary.changes_anything else Outcome.UNCHANGED
        scope, reading = self._asked_for.scope, self._reading
        run = counted(replace(blank, outcome=outcome, partial=scope.partial), self._summary)
        if not scope.partial:
            out = (reading.quarantined_count, reading.duplicate_count)
            run = replace(run, rows=replace(run.rows, quarantined=out[0], duplicate=out[1]))
        return replace(run, findings=told(self._answers, "repair"))


def _blank(target: Run, release: Release, place: Place, asked: Asked) -> Run:
    """The run of a repair, before anything is decided."""
    previous = place.store.last_published(target.feed)
    return replace(
        target,
        id=0,
        kind=RunKind.REPAIR,
        outcome=Outcome.UNCHANGED,
        fingerprint=release.fingerprint,
        previous=previous.id if previous else None,
        repairs=target.id,
        undoes=None,
        findings=(),
        rows=Rows(),
        changed_by_field={},
        removed=0,
        closed=0,
        missing=0,
        plan_digest=None,
        started_at=asked.now,
        by=asked.by,
    )


def _require_repairable(run_id: int, place: Place) -> Run:
    run = place.require_run(run_id)
    if run.kind is RunKind.REPAIR:
        raise UsageError(
            f"{run.name} is a repair of R{run.repairs} itself",
            mend=f"repair that one again: ringback repair R{run.repairs}",
        )
    if run.kind is not RunKind.IMPORT or run.outcome is not Outcome.PUBLISHED:
        what = f"an {run.kind}" if run.outcome is Outcome.PUBLISHED else run.outcome
        raise UsageError(
            f"{run.name} cannot be repaired: it is {what}",
            why="repaired is what a published import made of its delivery",
            mend="list the runs: ringback runs",
        )
    if run.id in place.undone(run.feed):
        undoing = next(undo.name for undo in place.store.undos(run.feed) if undo.undoes == run.id)
        raise UsageError(
            f"{run.name} was undone already, by {undoing}",
            mend=f"import the delivery again, or bring it back first: ringback undo {undoing}",
        )
    return run


def _require_same_key(run: Run, old: ContractFile, new: ContractFile) -> None:
    then, now = old.contract, new.contract
    same_types = all(then.fields[name].dtype == now.fields[name].dtype for name in then.key if name in now.fields)
    if then.key != now.key or then.target != now.target or not same_types:
        raise UsageError(
            f"{run.name} cannot be repaired: the feed's key or table is another one since",
            mend=f"take it back and import the file again: ringback undo {run.name}",
        )
