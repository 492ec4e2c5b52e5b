"""A run's delivery under the contract that read it and under the corrected one, and what was said of its clients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from ringback.contracts import ContractFile
from ringback.engine.local import Partitions, Workspace, align
from ringback.model.contract import Contract, Delivers, Missing
from ringback.model.release import Release
from ringback.model.rows import LINE
from ringback.model.run import Run
from ringback.model.undo import Answers
from ringback.steps.last_word import added_by, last_words, with_repairs
from ringback.steps.plan import compared, held_schema
from ringback.steps.repair import APART, UNREAD, Reread, concerned
from ringback.steps.since import NAMED, UNKNOWN_FIELD
from ringback.workflows.aftermath import Aftermath
from ringback.workflows.import_file import Asked, rows_of
from ringback.workflows.place import Place
from ringback.workflows.planning import as_rejects
from ringback.workflows.redelivered import Redelivered, read_again, says
from ringback.workflows.release import delivery_of
from ringback.workflows.scope import Scope

OTHER_TYPE = "the field has another type since"

_RUN = {"run": pl.Int64()}
_TEXTS = dict.fromkeys(("kind", "field", "before", "after"), pl.String())


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What is asked for: an import, the contract that read it, the one that reads it right, and what came after it."""

    target: Run
    old: ContractFile
    new: ContractFile
    release: Release  # that `new` is
    since: Aftermath
    scope: Scope


class BothReadings:
    """Both readings of a delivery, partition by partition; what is needed beside them is read once."""

    def __init__(self, asked_for: Repair, place: Place, workspace: Workspace, asked: Asked) -> None:
        self._target, self._since, self._scope = asked_for.target, asked_for.since, asked_for.scope
        self._old, self._contract = asked_for.old.contract, asked_for.new.contract
        self._place, self._workspace, self._asked = place, workspace, asked
        self._fields = tuple(self._wanted())
        self._then = self._read(self._target, asked_for.old).records
        self._now = self._read(self._target, asked_for.new)
        self._unread = _unread(self._now)
        self._own_keys = self._keys_of_own_repairs()
        self._removed = self._removed_by_mistake()
        align(*self._sides)
        self._concerned = self._concern()
        align(*self._sides, self._concerned)
        self._brought = self._brought_before()
        self._present: tuple[Run, Partitions] | None = None
        self._confirmed = self._confirmed_since()
        present = self._present[1] if self._present else self._concerned
        align(*self._sides, self._concerned, self._brought, self._confirmed, present)

    @property
    def quarantined_count(self) -> int:
        """Rows that the corrected contract cannot read."""
        return self._unread.filter(pl.col("why") == UNREAD).height

    @property
    def duplicate_count(self) -> int:
        """Rows that it does not take, for they share their key."""
        return self._now.apart.height

    def rejects(self) -> Iterator[pl.DataFrame]:
        """The rows that the corrected contract does not take either."""
        yield from self._now.rejects
        if not self._now.apart.is_empty():
            rows = rows_of(delivery_of(self._target), self._contract.source, self._place.archive)
            yield as_rejects(rows(self._now.apart[LINE]), self._contract)

    def parts(self) -> Iterator[Reread]:
        """The clients for whom the readings differ, partition by partition."""
        count = self._concerned.count
        for number in range(count):
            keys = self._concerned.part(number)
            if not keys.is_empty():
                yield self._reread(number, keys)
            self._asked.progress.advance("repair", done=number + 1, total=count)

    def lost(self) -> Answers:
        """Values of fields that the corrected contract does not have, or has with another type."""
        if self._scope.partial:
            return Answers()
        said, number = says(self._old, self._contract), self._then.row_count
        dropped = [name for name in self._old.fields if name not in self._contract.fields]
        other = [name for name in self._old.fields if name in self._contract.fields and name not in said]
        return Answers(impossible=+Counter({UNKNOWN_FIELD: number * len(dropped), OTHER_TYPE: number * len(other)}))

    # -- the two readings
    @property
    def _sides(self) -> tuple[Partitions, ...]:
        return (self._then, self._now.records, self._own_keys, self._removed)

    def _wanted(self) -> list[str]:
        """The fields to compare; a field that the old contract did not have was missing to it."""
        if self._scope.field is not None:
            return [self._scope.field]
        said = says(self._old, self._contract)
        names = [name for name in compared(self._contract) if name not in self._contract.key]
        return [name for name in names if name in said or name not in self._old.fields]

    def _read(self, run: Run, contract: ContractFile) -> Redelivered:
        return read_again(run, contract, self._place, self._asked, like=self._contract, workspace=self._workspace)

    def _then_repaired(self, number: int) -> pl.DataFrame:
        """What the run's rows came to, with what repairs made of them since."""
        then, key = self._then.part(number), list(self._contract.key)
        if not self._since.earlier:
            return then
        keys = pl.concat([then.select(key), self._own_keys.part(number)]).unique()
        cells = self._since.cells_after(self._target, self._place, self._contract, keys)
        own = {run.id for run in self._since.own}
        return with_repairs(then, cells.filter(pl.col("run").is_in(list(self._since.earlier))), own, key)

    def _keys_of_own_repairs(self) -> Partitions:
        """Clients whom repairs of this run brought or took out."""
        keys = self._partitions({})
        for run in self._since.own:
            for cells in self._place.store.cells_of_run(self._contract, run.id):
                keys.append(cells.filter(pl.col("kind") != "changed").select(self._contract.key).unique())
        return keys

    def _removed_by_mistake(self) -> Partitions:
        """The run's cells of clients whom it removed or closed, where the corrected contract would not."""
        found = self._partitions(_TEXTS)
        if self._scope.field is not None or not _removes(self._old) or _removes(self._contract):
            return found
        closed = (pl.col("kind") == "changed") & (pl.col("field") == self._old.target.closed) & pl.col("line").is_null()
        for cells in self._place.store.cells_of_run(self._contract, self._target.id):
            found.append(cells.filter((pl.col("kind") == "removed") | closed).select(*self._contract.key, *_TEXTS))
        return found

    def _concern(self) -> Partitions:
        """The clients for whom the two readings differ."""
        key, found = list(self._contract.key), self._partitions({})
        for number in range(self._then.count):
            then, now = self._then_repaired(number), self._now.records.part(number)
            removed = self._removed.part(number).select(key).join(now, on=key, how="anti")
            keys = pl.concat([concerned(then, now, key, self._fields), removed]).unique()
            found.append(self._scope.of_client(keys, self._contract))
        return found

    # -- what was said of them before and since
    def _brought_before(self) -> Partitions:
        """What earlier imports brought of clients whom only the corrected reading has: run and records."""
        found = self._partitions({**_RUN, **held_schema(self._contract)})
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
        key, found = list(self._contract.key), self._partitions(_RUN)
        for number in range(self._concerned.count):
            keys, then = self._concerned.part(number), self._then_repaired(number)
            fresh = keys.join(self._now.records.part(number), on=key, how="semi").join(then, on=key, how="anti")
            held = fresh.join(self._place.store.held_at(self._contract, fresh).select(key), on=key, how="semi")
            if not held.is_empty():
                found.append(added_by(self._since.all_cells(self._place, self._contract, held), key))
        return found

    def _confirmed_since(self) -> Partitions:
        """What later deliveries, read rightly, say of the clients concerned: run and records, the newest first."""
        found = self._partitions({**_RUN, **held_schema(self._contract)})
        for run in self._since.trusted if self._concerned.row_count else ():
            again = self._read(run, self._since.reading_of(run))
            if self._present is None and run.corrects is None and _removes(self._contract):
                self._present = (run, self._named(again))
            align(self._concerned, again.records)
            for number in range(again.records.count):
                records = again.records.part(number)
                both = records.join(self._concerned.part(number), on=self._contract.key, how="semi")
                found.append(self._with_run(both, run))
        return found

    def _named(self, again: Redelivered) -> Partitions:
        """Every client whom a delivery names."""
        named = self._partitions({})
        named.append(again.spared)
        for number in range(again.records.count):
            named.append(again.records.part(number).select(self._contract.key))
        return named

    def _with_run(self, records: pl.DataFrame, run: Run) -> pl.DataFrame:
        return records.select(pl.lit(run.id, dtype=pl.Int64).alias("run"), *compared(self._contract))

    def _partitions(self, columns: Mapping[str, pl.DataType]) -> Partitions:
        """Partitions by client: the key columns, and others."""
        key = {name: self._contract.fields[name].dtype for name in self._contract.key}
        schema = pl.Schema({**({} if set(key) <= set(columns) else key), **columns})
        return Partitions(self._workspace, schema, key=self._contract.key)

    # -- one partition
    def _reread(self, number: int, keys: pl.DataFrame) -> Reread:
        key, contract, place = list(self._contract.key), self._contract, self._place
        live = place.store.held_at(contract, keys).select(compared(contract))
        then = self._then_repaired(number).join(keys, on=key, how="semi")
        now = self._now.records.part(number).join(keys, on=key, how="semi", maintain_order="left")
        if self._scope.field is not None:  # no client comes or goes for the sake of one field
            now = now.join(pl.concat([then.select(key), live.select(key)]), on=key, how="semi")
            then = then.join(now, on=key, how="semi")
        later = self._since.cells_after(self._target, place, contract, keys)
        only_now, only_then = now.join(then, on=key, how="anti"), then.join(now, on=key, how="anti")
        history = self._since.all_cells(place, contract, pl.concat([only_now.select(key), only_then.select(key)]))
        later = later.filter(~pl.col("run").is_in(list(self._since.earlier)))
        before = history.join(only_now, on=key, how="semi").join(later, on="run", how="anti")
        words = last_words(before, self._brought.part(number), key, live.schema)
        return Reread(
            key=contract.key,
            fields=self._fields,
            then=then,
            now=now,
            words=words,
            live=live,
            later=later,
            confirmed=self._confirmed.part(number).unique(key, keep="first", maintain_order=True),
            cells=self._to_take_back(history.join(only_then, on=key, how="semi")),
            removed=self._removed.part(number).join(keys, on=key, how="semi"),
            left=self._left(number, keys),
            unread=self._unread,
            is_snapshot=_removes(contract),
        )

    def _to_take_back(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Of clients whom the corrected reading does not have: the run's own cells, and whom its repairs brought."""
        own = [run.id for run in self._since.own]
        is_brought = pl.col("run").is_in(own) & (pl.col("kind") == "added")
        told = cells.filter((pl.col("run") == self._target.id) | is_brought)
        return told.with_columns(pl.col(NAMED).alias("field"))

    def _left(self, number: int, keys: pl.DataFrame) -> pl.DataFrame:
        """Clients who are not in the newest later snapshot that was read rightly, and its run."""
        if self._present is None:
            return keys.clear().with_columns(pl.lit(0, dtype=pl.Int64).alias("run"))
        run, present = self._present
        gone = keys.join(present.part(number), on=self._contract.key, how="anti")
        return gone.with_columns(pl.lit(run.id, dtype=pl.Int64).alias("run"))


def _removes(contract: Contract) -> bool:
    """Whether a client who is not in a delivery is removed or closed."""
    return contract.delivers is Delivers.SNAPSHOT and contract.missing is not Missing.KEEP


def _unread(now: Redelivered) -> pl.DataFrame:
    """Rows that the corrected contract does not take: LINE and why."""
    none = pl.DataFrame(schema={LINE: pl.Int64()})
    rejected = pl.concat([none, *(frame.select(pl.col("line").alias(LINE)) for frame in now.rejects)]).unique()
    return pl.concat(
        [rejected.with_columns(pl.lit(UNREAD).alias("why")), now.apart.with_columns(pl.lit(APART).alias("why"))]
    )
