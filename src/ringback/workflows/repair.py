"""Read a run's delivery again under the corrected contract, and put right what the run made of it. Itself a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from ringback.contracts import ContractFile
from ringback.engine.local import ChangeSpool, Partitions, Workspace, align
from ringback.errors import UsageError
from ringback.model.change import ChangeSet
from ringback.model.contract import Delivers, Missing
from ringback.model.release import Release
from ringback.model.rows import LINE
from ringback.model.run import Outcome, Rows, Run, RunKind
from ringback.model.undo import Answers, RepairReceipt
from ringback.steps.last_word import added_by, last_words, with_repairs
from ringback.steps.plan import compared, held_schema
from ringback.steps.repair import APART, UNREAD, Reread, concerned, repair
from ringback.steps.since import UNKNOWN_FIELD
from ringback.steps.summarise import summarise
from ringback.workflows.aftermath import Aftermath, aftermath
from ringback.workflows.correcting import counted, publish, told
from ringback.workflows.import_file import Asked, rows_of, until_it_fits
from ringback.workflows.place import Place, as_corrected
from ringback.workflows.planning import as_rejects
from ringback.workflows.redelivered import Redelivered, read_again, says
from ringback.workflows.release import delivery_of
from ringback.workflows.scope import Scope, require_scope

OTHER_TYPE = "the field has another type since"


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
            return RepairReceipt(run=_blank(target, release, place, asked), answers=Answers(), others=since.others)
        with Workspace() as workspace:
            readings = _Readings(target=target, old=old, new=new, release=release, since=since)
            repairing = _Repairing(readings, place, workspace, asked=asked, scope=scope)
            return repairing.told() if dry else repairing.done()

    return until_it_fits(attempt)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Readings:
    """The import, the contract that read it, the one that reads it right, and what came after it."""

    target: Run
    old: ContractFile
    new: ContractFile
    release: Release
    since: Aftermath


class _Repairing:
    """One repair under way."""

    def __init__(self, readings: _Readings, place: Place, workspace: Workspace, *, asked: Asked, scope: Scope) -> None:
        self._target, self._since, self._release = readings.target, readings.since, readings.release
        self._contract, self._old = readings.new.contract, readings.old.contract
        self._place, self._workspace, self._asked, self._scope = place, workspace, asked, scope
        said = says(self._old, self._contract)
        wanted = [name for name in compared(self._contract) if name not in self._contract.key]
        if scope.field is not None:
            wanted = [scope.field]
        self._fields = tuple(name for name in wanted if name in said or name not in self._old.fields)
        self._then = self._read(self._target, readings.old).records
        self._now = self._read(self._target, readings.new)
        self._unread = _unread(self._now)
        self._own_keys = self._keys_of_own_repairs()
        align(self._then, self._now.records, self._own_keys)
        self._concerned = self._concern()
        self._brought = self._brought_before()
        self._confirmed = self._confirmed_since()
        align(self._then, self._now.records, self._own_keys, self._concerned, self._brought, self._confirmed)
        self._changes, self._answers = ChangeSpool(workspace), self._lost()
        for changes, answers in self._decided():
            self._changes.append(changes)
            self._answers += answers
        self._summary = summarise(self._changes, self._contract, held_count=0)

    def told(self) -> RepairReceipt:
        """The answers, and nothing done."""
        return RepairReceipt(run=self._run(), answers=self._answers, others=self._since.others)

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
            rejects=self._rejects(),
        )
        return replace(self.told(), run=run)

    # -- readings
    def _read(self, run: Run, contract: ContractFile) -> Redelivered:
        return read_again(run, contract, self._place, self._asked, like=self._contract, workspace=self._workspace)

    def _keys_of_own_repairs(self) -> Partitions:
        """Clients whom repairs of this run brought or took out."""
        key = list(self._contract.key)
        keys = self._partitions({})
        for run in self._since.own:
            for cells in self._place.store.cells_of_run(self._contract, run.id):
                keys.append(cells.filter(pl.col("kind") != "changed").select(key).unique())
        return keys

    def _concern(self) -> Partitions:
        """The clients for whom the two readings differ."""
        found = self._partitions({})
        for number in range(self._then.count):
            then, now = self._then_repaired(number), self._now.records.part(number)
            keys = concerned(then, now, self._contract.key, self._fields)
            found.append(self._scope.of_client(keys, self._contract))
        return found

    def _then_repaired(self, number: int) -> pl.DataFrame:
        """What the run's rows came to, with what repairs made of them since."""
        then, key = self._then.part(number), list(self._contract.key)
        if not self._since.earlier:
            return then
        keys = pl.concat([then.select(key), self._own_keys.part(number)]).unique()
        cells = self._since.cells_after(self._target, self._place, self._contract, keys)
        own = {run.id for run in self._since.own}
        return with_repairs(then, cells.filter(pl.col("run").is_in(list(self._since.earlier))), own, key)

    def _brought_before(self) -> Partitions:
        """What earlier imports brought of clients whom only the corrected reading has: run and records."""
        found = self._partitions({"run": pl.Int64(), **held_schema(self._contract)})
        adders = self._adders()
        runs = {int(run) for number in range(adders.count) for run in adders.part(number)["run"].unique()}
        for run in map(self._place.require_run, sorted(runs)):
            records = self._read(run, self._place.released(run)).records
            align(adders, records)
            for number in range(records.count):
                of_run = adders.part(number).filter(pl.col("run") == run.id)
                found.append(self._with_run(records.part(number).join(of_run, on=self._contract.key, how="semi"), run))
        return found

    def _adders(self) -> Partitions:
        """Which imports brought the held clients whom only the corrected reading has: key columns and run."""
        key, found = list(self._contract.key), self._partitions({"run": pl.Int64()})
        align(self._then, self._now.records, self._own_keys, self._concerned)
        for number in range(self._then.count):
            keys, then = self._concerned.part(number), self._then_repaired(number)
            fresh = keys.join(self._now.records.part(number), on=key, how="semi").join(then, on=key, how="anti")
            held = fresh.join(self._place.store.held_at(self._contract, fresh).select(key), on=key, how="semi")
            if not held.is_empty():
                found.append(added_by(self._since.all_cells(self._place, self._contract, held), key))
        return found

    def _confirmed_since(self) -> Partitions:
        """What later deliveries, read rightly, say of the clients concerned: run and records, the newest first."""
        found = self._partitions({"run": pl.Int64(), **held_schema(self._contract)})
        for run in self._since.trusted if self._concerned.row_count else ():
            records = self._read(run, self._since.reading_of(run)).records
            align(self._concerned, records)
            for number in range(records.count):
                both = records.part(number).join(self._concerned.part(number), on=self._contract.key, how="semi")
                found.append(self._with_run(both, run))
        return found

    def _with_run(self, records: pl.DataFrame, run: Run) -> pl.DataFrame:
        return records.select(pl.lit(run.id, dtype=pl.Int64).alias("run"), *compared(self._contract))

    def _partitions(self, columns: dict[str, pl.DataType]) -> Partitions:
        """Partitions by client: the key columns, and others."""
        key = {name: self._contract.fields[name].dtype for name in self._contract.key}
        schema = pl.Schema(columns if set(key) <= set(columns) else {**key, **columns})
        return Partitions(self._workspace, schema, key=self._contract.key)

    # -- decisions
    def _decided(self) -> Iterator[tuple[ChangeSet, Answers]]:
        """Partition by partition: what to write, and the answers."""
        for number in range(self._concerned.count):
            keys = self._concerned.part(number)
            if not keys.is_empty():
                yield repair(self._reread(number, keys))

    def _reread(self, number: int, keys: pl.DataFrame) -> Reread:
        key, store, contract = list(self._contract.key), self._place.store, self._contract
        live = store.held_at(contract, keys).select(compared(contract))
        then = self._then_repaired(number).join(keys, on=key, how="semi")
        now = self._now.records.part(number).join(keys, on=key, how="semi", maintain_order="left")
        if self._scope.field is not None:  # no client comes or goes for the sake of one field
            now = now.join(pl.concat([then.select(key), live.select(key)]), on=key, how="semi")
            then = then.join(now, on=key, how="semi")
        later = self._since.cells_after(self._target, self._place, contract, keys)
        only_one = pl.concat([now.join(then, on=key, how="anti").select(key), then.join(now, on=key, how="anti")[key]])
        history = self._since.all_cells(self._place, contract, only_one)
        own = [self._target.id, *(run.id for run in self._since.own)]
        brought = self._brought.part(number)
        return Reread(
            key=contract.key,
            fields=self._fields,
            then=then,
            now=now,
            words=last_words(history, brought, key, live.schema).join(then, on=key, how="anti"),
            live=live,
            later=later.filter(~pl.col("run").is_in(list(self._since.earlier))),
            confirmed=self._confirmed.part(number).unique(key, keep="first", maintain_order=True),
            cells=_standing(history.filter(pl.col("run").is_in(own)), self._target.id),
            unread=self._unread,
            is_snapshot=contract.delivers is Delivers.SNAPSHOT and contract.missing is not Missing.KEEP,
        )

    def _lost(self) -> Answers:
        """Values of fields that the corrected contract does not have, or has with another type."""
        if self._scope.partial:
            return Answers()
        dropped = [name for name in self._old.fields if name not in self._contract.fields]
        said = says(self._old, self._contract)
        other = [name for name in self._old.fields if name in self._contract.fields and name not in said]
        number = self._then.row_count
        return Answers(impossible=+Counter({UNKNOWN_FIELD: number * len(dropped), OTHER_TYPE: number * len(other)}))

    # -- the run
    def _rejects(self) -> Iterator[pl.DataFrame]:
        """The rows that the corrected contract does not take either."""
        if self._scope.partial:
            return
        yield from self._now.rejects
        if not self._now.apart.is_empty():
            rows = rows_of(delivery_of(self._target), self._contract.source, self._place.archive)
            yield as_rejects(rows(self._now.apart[LINE]), self._contract)

    def _run(self) -> Run:
        blank = _blank(self._target, self._release, self._place, self._asked)
        outcome = Outcome.PUBLISHED if self._summary.changes_anything else Outcome.UNCHANGED
        run = counted(replace(blank, outcome=outcome, partial=self._scope.partial), self._summary)
        quarantined = 0 if self._scope.partial else self._unread.filter(pl.col("why") == UNREAD).height
        duplicate = 0 if self._scope.partial else self._now.apart.height
        rows = replace(run.rows, quarantined=quarantined, duplicate=duplicate)
        return replace(run, rows=rows, findings=told(self._answers, "repair"))


def _unread(now: Redelivered) -> pl.DataFrame:
    """Rows that the corrected contract does not take: LINE and why."""
    none = pl.DataFrame(schema={LINE: pl.Int64()})
    rejected = pl.concat([none, *(frame.select(pl.col("line").alias(LINE)) for frame in now.rejects)]).unique()
    return pl.concat(
        [rejected.with_columns(pl.lit(UNREAD).alias("why")), now.apart.with_columns(pl.lit(APART).alias("why"))]
    )


def _standing(cells: pl.DataFrame, target: int) -> pl.DataFrame:
    """What there is to take back of clients whom the corrected reading does not have: the run's own cells, and clients
    whom its repairs brought.
    """
    return cells.filter((pl.col("run") == target) | (pl.col("kind") == "added"))


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
