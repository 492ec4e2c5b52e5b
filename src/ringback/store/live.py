"""The live table: read whole; written once a run, each change only where the held record is as it was planned on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from ringback.errors import StaleChangeSet, StoreError
from ringback.model.change import ChangeSet
from ringback.model.contract import Contract
from ringback.model.progress import Progress
from ringback.store.fault import Cause, DatabaseRefused
from ringback.store.link import Link
from ringback.store.own import columns_sql
from ringback.store.shape import Column, Shape, Table, key_shape, listed, live_place, live_shape, quoted
from ringback.store.standing import Standing, require_fit

_KEYS = Table("ringback_keys", temporary=True)
_ADDED, _CHANGED, _REMOVED = (Table(f"ringback_{kind}", temporary=True) for kind in ("added", "changed", "removed"))
_COUNT = Column("row_count", pl.Int64())
_BEFORE, _AFTER = "before_", "after_"

STALE_WHY = "The held records are not those that the change set was made from. Nothing of this run is in the database."
STALE_MEND = "Plan again: import the delivery once more."


@dataclass(frozen=True, slots=True)
class Live:
    """A feed's live table in this database."""

    place: Table
    shape: Shape
    key: Shape
    mark: Column | None  # the closed mark, when in use

    @classmethod
    def of(cls, contract: Contract) -> Live:
        """The live table that a contract names."""
        shape = live_shape(contract)
        mark = shape[-1] if len(shape) > len(contract.fields) else None
        return cls(live_place(contract), shape, key_shape(contract), mark)

    def standing(self, link: Link) -> Standing | None:
        """The table as it stands."""
        return link.dialect.standing(link, self.place)

    def fitting(self, link: Link) -> Standing | None:
        """The table as it stands, fit for the feed; None when it is still to be created. Raises: StoreError."""
        standing = self.standing(link)
        if standing is not None:
            require_fit(standing, self.shape, self.key, link.dialect)
        return standing

    def rows(self, link: Link, standing: Standing, condition: str = "true") -> Iterator[pl.DataFrame]:
        """All held records, or those that fulfil a condition."""
        tail = f"from {self.place.sql} t where {condition}"
        return link.stream(self.shape, self._selected(link, standing), tail)

    def row_count(self, link: Link) -> int:
        """How many records are held."""
        return int(link.fetch_as((_COUNT,), ["count(*)"], f"from {self.place.sql}")[_COUNT.name].item())

    def rows_at(self, link: Link, standing: Standing, keys: pl.DataFrame) -> pl.DataFrame:
        """The held records with these keys. Inside a transaction that is rolled back."""
        stage(link, _KEYS, keys.select(column.name for column in self.key).unique(), self.key)
        tail = f"from {_KEYS.sql} s join {self.place.sql} t on {self.same_key(link, standing)}"
        return link.fetch_as(self.shape, self._selected(link, standing), tail)

    def same_key(self, link: Link, standing: Standing, prefix: str = "") -> str:
        """The condition that a row t of the table and a row s of a staging table are of the same client."""
        return " and ".join(
            f"t.{column.sql} = {link.dialect.cast(f's.{quoted(prefix + column.name)}', standing.columns[column.name])}"
            for column in self.key
        )

    def empty(self) -> pl.DataFrame:
        """No held records."""
        return pl.DataFrame(schema={column.name: column.dtype for column in self.shape})

    def _selected(self, link: Link, standing: Standing) -> list[str]:
        return [link.dialect.selected(column, "t", standing.columns[column.name]) for column in self.shape]


def stage(link: Link, table: Table, frame: pl.DataFrame, shape: Shape) -> None:
    """Put rows into a temporary table, new or emptied."""
    link.run(f"drop table if exists {table.sql}")
    link.run(f"create temp table {table.sql} ({columns_sql(shape, link.dialect)})")
    link.ingest(table, frame, shape)


class LiveWriter:
    """Writes change sets into the live table, inside the transaction of one run."""

    def __init__(self, live: Live, link: Link, progress: Progress) -> None:
        self._live, self._link, self._progress = live, link, progress
        standing = live.fitting(link)
        self.is_new = standing is None
        self.standing = standing or self._create()

    def write(self, changes: ChangeSet) -> None:
        """Write one change set. Raises: StaleChangeSet; DatabaseRefused."""
        try:
            self._add(changes.added)
        except DatabaseRefused as refused:
            if refused.cause is Cause.UNIQUE and self.standing.is_key(refused.name, self._live.key):
                raise stale() from None
            raise
        self._progress.at("publish.added_written")
        self._change(changes)
        self._progress.at("publish.changed_written")
        self._remove(changes.removed)
        self._progress.at("publish.removed_written")

    def rows(self) -> Iterator[pl.DataFrame]:
        """All records as this transaction sees them."""
        return self._live.rows(self._link, self.standing)

    def written(self) -> Iterator[pl.DataFrame]:
        """The records that this transaction wrote. Only where the dialect tells."""
        condition = self._link.dialect.written
        assert condition is not None  # noqa: S101 - asked before
        return self._live.rows(self._link, self.standing, condition)

    def row_count(self) -> int:
        """How many records this transaction sees."""
        return self._live.row_count(self._link)

    def complete(self) -> None:
        """Give a table that was created in this transaction its key: cheaper after the rows than before them."""
        if not self.is_new or self._link.dialect.keys_on_creation:
            return
        try:
            self._link.run(f"alter table {self._live.place.sql} add primary key ({listed(self._live.key)})")
        except DatabaseRefused as refused:
            raise stale() if refused.cause is Cause.UNIQUE else refused from None

    def _create(self) -> Standing:
        dialect = self._link.dialect
        columns = columns_sql(self._live.shape, dialect)
        primary = f", primary key ({listed(self._live.key)})" if dialect.keys_on_creation else ""
        self._link.run(f"create table {self._live.place.sql} ({columns}{primary})")
        standing = self._live.standing(self._link)
        if standing is None:  # a schema that is not on the search path would do this
            raise DatabaseRefused(Cause.ABSENT, str(self._live.place))
        return standing

    def _add(self, added: pl.DataFrame) -> None:
        if added.is_empty():
            return
        added, shape = self._opened(added)
        if all(self._link.dialect.is_native(column, self.standing.columns[column.name]) for column in shape):
            self._link.ingest(self._live.place, added, shape)
            return
        stage(self._link, _ADDED, added, shape)
        values = ", ".join(
            self._link.dialect.cast(f"s.{column.sql}", self.standing.columns[column.name]) for column in shape
        )
        into = f"insert into {self._live.place.sql} ({listed(shape)})"
        self._expect(added.height, self._link.write(f"{into} select {values} from {_ADDED.sql} s"))

    def _opened(self, added: pl.DataFrame) -> tuple[pl.DataFrame, Shape]:
        """A new client is not closed, where its record does not say."""
        mark = self._live.mark
        if mark is None or mark.name in added.columns:
            return added, self._live.shape
        return added.with_columns(pl.lit(value=False).alias(mark.name)), self._live.shape

    def _change(self, changes: ChangeSet) -> None:
        if changes.before.is_empty():
            return
        shape = tuple(column for column in self._live.shape if column.name in changes.before.columns)
        changed = [column for column in shape if changes.changed_cells(column.name).any()]
        if not changed:
            return
        both, staged = _side_by_side(changes, shape)
        stage(self._link, _CHANGED, both, staged)
        dialect, columns = self._link.dialect, self.standing.columns
        sets = ", ".join(
            f"{column.sql} = {dialect.cast(f's.{quoted(_AFTER + column.name)}', columns[column.name])}"
            for column in changed
        )
        written = self._link.write(
            f"update {self._live.place.sql} as t set {sets} from {_CHANGED.sql} as s where {self._as_planned(shape)}"
        )
        self._expect(both.height, written)

    def _remove(self, removed: pl.DataFrame) -> None:
        if removed.is_empty():
            return
        shape = tuple(column for column in self._live.shape if column.name in removed.columns)
        staged = tuple(_renamed(column, _BEFORE) for column in shape)
        stage(self._link, _REMOVED, removed.select(pl.all().name.prefix(_BEFORE)), staged)
        matches = self._as_planned(shape)
        sql = self._link.dialect.delete(self._live.place, _REMOVED, key=self._live.key, matches=matches)
        self._expect(removed.height, self._link.write(sql))

    def _as_planned(self, shape: Shape) -> str:
        """The condition that the held record is, in every field, the before-image of the plan."""
        same = [
            self._link.dialect.same(
                column, self.standing.columns[column.name], "t", f"s.{quoted(_BEFORE + column.name)}"
            )
            for column in shape
            if column.name not in {key.name for key in self._live.key}
        ]
        return " and ".join([self._live.same_key(self._link, self.standing, _BEFORE), *same])

    def _expect(self, planned: int, written: int) -> None:
        if planned != written:
            raise stale()


def stale() -> StaleChangeSet:
    """The held records changed since the plan."""
    return StaleChangeSet(
        "the held records were changed by somebody else since the plan was made", why=STALE_WHY, mend=STALE_MEND
    )


def _side_by_side(changes: ChangeSet, shape: Shape) -> tuple[pl.DataFrame, Shape]:
    names = [column.name for column in shape]
    if changes.before.select(changes.key).equals(changes.after.select(changes.key)):
        both = pl.concat(
            [
                changes.before.select(pl.col(names).name.prefix(_BEFORE)),
                changes.after.select(pl.col(names).name.prefix(_AFTER)),
            ],
            how="horizontal",
        )
        return both, tuple(_renamed(column, side) for side in (_BEFORE, _AFTER) for column in shape)
    raise StoreError("a change set pairs records of different clients", why=STALE_WHY, mend="Report this: it is a bug.")


def _renamed(column: Column, prefix: str) -> Column:
    return Column(prefix + column.name, column.dtype, column.is_json)
