"""Take a run back: each value restored, kept because it was changed since, or not possible. Itself a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from ringback.engine.local import ChangeSpool, Partitions, Workspace, align
from ringback.errors import UsageError
from ringback.model.change import ChangeSet
from ringback.model.contract import Contract
from ringback.model.release import Release
from ringback.model.rows import LINE
from ringback.model.run import Outcome, Run, RunKind
from ringback.model.undo import Answers, UndoReceipt
from ringback.steps.plan import compared, held_schema
from ringback.steps.since import settled
from ringback.steps.summarise import summarise
from ringback.steps.undo import Situation, undo
from ringback.workflows.correcting import counted, publish, told
from ringback.workflows.import_file import Asked, until_it_fits
from ringback.workflows.place import Place
from ringback.workflows.redelivered import read_again
from ringback.workflows.scope import Scope, require_scope


def undo_run(run_id: int, place: Place, asked: Asked, *, scope: Scope, dry: bool = False) -> UndoReceipt:
    """Take a published run back, through all that came after it.

    With `dry`, only tell the three answers.
    Raises: UsageError; StoreError.
    """
    target = _require_undoable(run_id, place)
    contract = _contract(target, place)
    require_scope(scope, contract)

    def attempt() -> UndoReceipt:
        with Workspace() as workspace:
            taking_back = _TakingBack(target, contract, place, workspace, asked=asked, scope=scope)
            return taking_back.told() if dry else taking_back.done()

    return until_it_fits(attempt)


class _TakingBack:
    """One undo under way."""

    def __init__(
        self, target: Run, contract: Contract, place: Place, workspace: Workspace, *, asked: Asked, scope: Scope
    ) -> None:
        self._target, self._contract, self._place, self._asked = target, contract, place, asked
        self._scope, self._workspace = scope, workspace
        self._previous = place.store.last_published(target.feed)
        self._undos = place.store.undos(target.feed)
        self._change_sets = ChangeSpool(workspace)
        self._answers = Answers()
        for changes, answers in self._decided():
            self._change_sets.append(changes)
            self._answers += answers
        self._summary = summarise(self._change_sets, contract, held_count=0)

    def told(self) -> UndoReceipt:
        """The answers, and nothing done."""
        return UndoReceipt(run=self._run(), answers=self._answers, emergency=self._emergency())

    def done(self) -> UndoReceipt:
        """Publish what takes the run back, and read it back."""
        self._asked.progress.at("undo.decided")
        run = publish(
            self._run(),
            self._change_sets,
            self._summary,
            contract=self._contract,
            place=self._place,
            asked=self._asked,
        )
        return UndoReceipt(run=run, answers=self._answers, emergency=self._emergency())

    def _emergency(self) -> Release | None:
        return self._place.emergency(self._target.feed)

    def _decided(self) -> Iterator[tuple[ChangeSet, Answers]]:
        """Partition by partition: what to write, and the answers."""
        cells = self._cells()
        delivered = self._delivered()
        align(cells, delivered)
        key = list(self._contract.key)
        for number in range(cells.count):
            part = cells.part(number)
            if part.is_empty():
                continue
            keys = part.select(key).unique()
            later = self._place.store.cells_after(self._contract, self._target.id, keys)
            yield undo(
                Situation(
                    key=self._contract.key,
                    cells=part,
                    later=settled(later, self._undos, self._contract.key),
                    live=self._place.store.held_at(self._contract, keys).select(compared(self._contract)),
                    delivered=delivered.part(number),
                )
            )

    def _cells(self) -> Partitions:
        key = list(self._contract.key)
        schema = {name: self._contract.fields[name].dtype for name in key}
        shape = pl.Schema({"kind": pl.String(), **schema, **dict.fromkeys(("field", "before", "after"), pl.String())})
        cells = Partitions(self._workspace, shape, key=key)
        for frame in self._place.store.cells_of_run(self._contract, self._target.id):
            cells.append(self._scoped(frame.select(list(shape))))
        return cells

    def _scoped(self, cells: pl.DataFrame) -> pl.DataFrame:
        if self._scope.field is not None:
            cells = cells.filter((pl.col("kind") == "changed") & (pl.col("field") == self._scope.field))
        return self._scope.of_client(cells, self._contract)

    def _delivered(self) -> Partitions:
        """The records that an import delivered, read again: what its added records were."""
        target = self._target
        if target.kind is not RunKind.IMPORT or not target.rows.added or self._scope.field is not None:
            schema = pl.Schema({LINE: pl.Int64(), **held_schema(self._contract)})
            return Partitions(self._workspace, schema, key=self._contract.key)
        contract, workspace = self._place.released(target), self._workspace
        again = read_again(target, contract, self._place, self._asked, like=self._contract, workspace=workspace)
        return again.records

    def _run(self) -> Run:
        run = replace(
            self._target,
            id=0,
            kind=RunKind.UNDO,
            outcome=Outcome.PUBLISHED,
            previous=self._previous.id if self._previous else None,
            undoes=self._target.id,
            repairs=None,
            partial=self._scope.partial,
            corrects=None,
            findings=told(self._answers, "undo"),
            started_at=self._asked.now,
            by=self._asked.by,
        )
        return counted(run, self._summary)


def _require_undoable(run_id: int, place: Place) -> Run:
    run = place.require_run(run_id)
    if run.outcome is not Outcome.PUBLISHED:
        raise UsageError(
            f"{run.name} cannot be undone: it is {run.outcome}", why="only a published run changed the live table"
        )
    if run.id in place.undone(run.feed):
        undoing = next(undo.name for undo in place.store.undos(run.feed) if undo.undoes == run.id)
        raise UsageError(
            f"{run.name} was undone already, by {undoing}", mend=f"to bring it back: ringback undo {undoing}"
        )
    return run


def _contract(run: Run, place: Place) -> Contract:
    """The contract under which the run's values are held today: fields whose meaning in the table is still the same."""
    then, releases = place.released(run).contract, place.store.releases(run.feed)
    now = place.parse_release(releases[0]).contract
    if now.key != then.key or now.target != then.target:
        raise UsageError(
            f"{run.name} cannot be undone: the feed's key or table is another one since",
            mend="approve the contract of that run again, then undo it",
        )
    same = {
        name: spec for name, spec in now.fields.items() if name in then.fields and then.fields[name].dtype == spec.dtype
    }
    return now.model_copy(update={"fields": same})
