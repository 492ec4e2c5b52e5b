"""Take a run back: each value restored, kept because it was changed since, or not possible. Itself a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from ringback.engine.local import Partitions, Workspace, align
from ringback.errors import UsageError
from ringback.model.canonical import to_text
from ringback.model.change import ChangeSet, Summary
from ringback.model.contract import Contract
from ringback.model.finding import Finding, Severity
from ringback.model.release import Release
from ringback.model.rows import LINE
from ringback.model.run import Outcome, Rows, Run, RunKind
from ringback.model.undo import Answers, UndoReceipt
from ringback.steps.plan import compared, held_schema, set_apart
from ringback.steps.readback import LiveCheck
from ringback.steps.summarise import summarise
from ringback.steps.undo import Situation, settled, undo
from ringback.workflows.import_file import Asked, failures_recorded, until_it_fits
from ringback.workflows.place import Place
from ringback.workflows.readback import read_back, standing
from ringback.workflows.reading import read_delivery
from ringback.workflows.release import delivery_of
from ringback.workflows.stopwatch import Stopwatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What of a run is taken back: all, one field, one client."""

    field: str | None = None
    key: tuple[str, ...] | None = None  # canonical texts, in the order of the contract's key

    @property
    def partial(self) -> bool:
        """Whether some of the run stays."""
        return self.field is not None or self.key is not None


def undo_run(run_id: int, place: Place, asked: Asked, *, scope: Scope, dry: bool = False) -> UndoReceipt:
    """Take a published run back, through all that came after it.

    With `dry`, only tell the three answers.
    Raises: UsageError; StoreError.
    """
    target = _require_undoable(run_id, place)
    contract = _contract(target, place)
    _require_scope(scope, contract)

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
        self._change_sets: list[ChangeSet] = []
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
        store, columns = self._place.store, compared(self._contract)
        self._asked.progress.at("undo.decided")
        publishing = store.publishing(
            self._contract,
            kind=RunKind.UNDO,
            previous=self._previous.id if self._previous else None,
            progress=self._asked.progress,
        )
        with failures_recorded(self._run(), self._place), publishing as publication:
            before = standing(publication, self._contract)
            for changes in self._change_sets:
                publication.write(changes)
            check = LiveCheck(self._contract.key, columns, pl.DataFrame())
            read_back(publication, check, self._summary, self._contract, before=before)
            run = publication.finish(replace(self._run(), id=publication.run_id))
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
        for name, text in zip(self._contract.key, self._scope.key or (), strict=False):
            cells = cells.filter(to_text(pl.col(name), cells.schema[name]) == text)
        return cells

    def _delivered(self) -> Partitions:
        """The records that an import delivered, read again: what its added records were."""
        columns = compared(self._contract)
        closed = pl.lit(value=False).alias(self._contract.target.closed)
        extra = [closed] if self._contract.target.closed in columns else []
        delivered = Partitions(self._workspace, held_schema(self._contract), key=self._contract.key)
        if self._target.kind is not RunKind.IMPORT or not self._target.rows.added or self._scope.field is not None:
            return delivered
        contract = self._place.released(self._target)
        read = read_delivery(
            delivery_of(self._target),
            contract,
            self._place.archive,
            workspace=self._workspace,
            progress=self._asked.progress,
            watch=Stopwatch(),
        )
        for number in range(read.records.count):
            records = read.records.part(number)
            taken = records.join(set_apart(records, contract.contract).select(LINE), on=LINE, how="anti")
            delivered.append(taken.drop(LINE).with_columns(extra).select(columns))
        return delivered

    def _run(self) -> Run:
        summary: Summary = self._summary
        return replace(
            self._target,
            id=0,
            kind=RunKind.UNDO,
            outcome=Outcome.PUBLISHED,
            previous=self._previous.id if self._previous else None,
            undoes=self._target.id,
            partial=self._scope.partial,
            corrects=None,
            rows=Rows(added=summary.added, changed=summary.changed + summary.closed),
            removed=summary.removed,
            closed=0,
            missing=0,
            changed_by_field=summary.changed_by_field,
            findings=_findings(self._answers),
            plan_digest=summary.digest,
            started_at=self._asked.now,
            by=self._asked.by,
        )


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


def _require_scope(scope: Scope, contract: Contract) -> None:
    if scope.field is not None and scope.field not in contract.fields:
        raise UsageError(
            f"{scope.field} is not a field of {contract.feed}", mend=f"fields: {', '.join(contract.fields)}"
        )
    if scope.key is not None and len(scope.key) != len(contract.key):
        raise UsageError(
            f"the key of {contract.feed} has {len(contract.key)} parts",
            mend=f"give them in order: {','.join(contract.key)}",
        )


def _findings(answers: Answers) -> tuple[Finding, ...]:
    kept = [
        Finding(
            code="undo.kept", severity=Severity.NOTE, row_count=number, why=by, mend="nothing: the later word stands"
        )
        for by, number in answers.kept.items()
    ]
    lost = [
        Finding(code="undo.impossible", severity=Severity.NOTE, row_count=number, why=why, mend="look at these by hand")
        for why, number in answers.impossible.items()
    ]
    return (*kept, *lost)
