"""History: every value's story, one row a cell. See `protocol.py` for the cells."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ringback.errors import StoreError
from ringback.model.canonical import from_text, text_of, to_text
from ringback.model.change import ChangeSet
from ringback.model.contract import Contract
from ringback.model.rows import LINE
from ringback.store.link import Link
from ringback.store.own import RUN, columns_sql
from ringback.store.shape import Column, Shape, Table, history_place, key_shape, live_shape, quoted, short

_RUN, _LINE = Column("run", pl.Int64()), Column("line", pl.Int64())
_KIND, _FIELD, _BEFORE, _AFTER = (Column(name, pl.String()) for name in ("kind", "field", "before", "after"))
_RESERVED = {column.name for column in (_RUN, _KIND, _LINE, _FIELD, _BEFORE, _AFTER)}
_KEYS = Table("ringback_keys", temporary=True)
_EVERY_ROW = 2**62  # a LIMIT keeps the order of a query inside a query


class History:
    """One feed's history. Keys are kept as canonical text in key_1, key_2, ..., so that no type changes them."""

    def __init__(self, contract: Contract) -> None:
        self.place = history_place(contract.feed)
        self._key = key_shape(contract)
        self._values = live_shape(contract)
        self._stored_key = tuple(Column(f"key_{number}", pl.String()) for number in range(1, len(self._key) + 1))
        self._shape: Shape = (_RUN, _KIND, _LINE, *self._stored_key, _FIELD, _BEFORE, _AFTER)
        taken = _RESERVED & {column.name for column in self._key}
        if taken:
            raise StoreError(
                f"a key column cannot be called {min(taken)}",
                why="Each row of history has a column of that name. Nothing was read or written.",
                mend="Give the field another name in the contract.",
            )

    # -- the table
    def make(self, link: Link) -> bool:
        """Create the table where it is not there yet. Returns: whether it was created now, without indexes."""
        if self.is_there(link):
            return False
        link.run(f"create table {self.place.sql} ({columns_sql(self._shape, link.dialect)})")
        return True

    def make_indexes(self, link: Link) -> None:
        """By key, for a value's story; by run, for undo."""
        key = ", ".join(column.sql for column in self._stored_key)
        by_key, by_run = (quoted(short(f"{self.place.name}_{end}")) for end in ("key", "run"))
        link.run(f"create index {by_key} on {self.place.sql} ({key})")
        link.run(f"create index {by_run} on {self.place.sql} {link.dialect.run_index}")

    def is_there(self, link: Link) -> bool:
        """Whether the table is there. Raises: StoreError, when it was made for another key."""
        standing = link.dialect.standing(link, self.place)
        if standing is None:
            return False
        if [name for name in standing.columns if name.startswith("key_")] != [c.name for c in self._stored_key]:
            raise StoreError(
                "the feed's history was written under a key with another number of columns",
                where=self.place.name,
                why="Its records could not be told apart. Nothing was written.",
                mend="Keep the key, or give the contract with the new key another feed name.",
            )
        return True

    # -- writing
    def write(self, link: Link, run_id: int, changes: ChangeSet, *, added_whole: bool) -> None:
        """Write a change set's cells. `added_whole`: added records are one cell each, not one a field."""
        if added_whole:
            self._ingest(link, run_id, "added", changes.added)
        else:
            for column in self._columns_of(changes.added):
                self._ingest(link, run_id, "added", changes.added, after=column)
        self.write_changed(link, run_id, changes)

    def write_changed(self, link: Link, run_id: int, changes: ChangeSet) -> None:
        """Write the changed and removed cells only."""
        for column in self._columns_of(changes.before):
            mask = changes.changed_cells(column.name)
            if mask.any():
                both = changes.before.filter(mask).with_columns(
                    changes.after.filter(mask)[column.name].alias("ringback.after"),
                    changes.after.filter(mask)[LINE],
                )
                self._ingest(link, run_id, "changed", both, before=column, after=column)
        for column in self._columns_of(changes.removed):
            self._ingest(link, run_id, "removed", changes.removed, before=column)

    def clear(self, link: Link, run_id: int) -> None:
        """Take a run's cells out."""
        link.run(f"delete from {self.place.sql} where run = $1", run_id)

    def _columns_of(self, frame: pl.DataFrame) -> list[Column]:
        keys = {column.name for column in self._key}
        return [column for column in self._values if column.name in frame.columns and column.name not in keys]

    def _ingest(
        self,
        link: Link,
        run_id: int,
        kind: str,
        records: pl.DataFrame,
        *,
        before: Column | None = None,
        after: Column | None = None,
    ) -> None:
        line = pl.col(LINE) if LINE in records.columns else pl.lit(None)
        changed = "ringback.after" if before and after else None
        field = before or after
        cells = records.select(
            pl.lit(run_id, dtype=pl.Int64).alias("run"),
            pl.lit(kind).alias("kind"),
            line.cast(pl.Int64).alias("line"),
            *self._key_texts(),
            pl.lit(field.name if field else None, dtype=pl.String).alias("field"),
            _text(before, None).alias("before"),
            _text(after, changed).alias("after"),
        )
        link.ingest(self.place, cells, self._shape)

    def _key_texts(self) -> list[pl.Expr]:
        return [
            to_text(pl.col(column.name), column.dtype).alias(stored.name)
            for column, stored in zip(self._key, self._stored_key, strict=True)
        ]

    # -- reading
    def cells_of_run(self, link: Link, run_id: int) -> Iterator[pl.DataFrame]:
        """All cells of one run."""
        selected = [link.dialect.selected(column) for column in self._shape]
        for frame in link.stream(self._shape, selected, f"from {self.place.sql} where run = $1", run_id):
            yield self._typed(frame)

    def cells_of_key(self, link: Link, key: tuple[object, ...]) -> pl.DataFrame:
        """One client's cells of published runs, oldest first."""
        texts = [key_text(value) for value in key]
        same = " and ".join(f"h.{column.sql} = ${number}" for number, column in enumerate(self._stored_key, 1))
        tail = (
            f"from {self.place.sql} h join {RUN.sql} r on r.id = h.run and r.outcome = 'published'"
            f" where {same} order by r.position limit {_EVERY_ROW}"
        )
        return self._typed(link.fetch_as(self._shape, self._selected(link), tail, *texts))

    def cells_after(self, link: Link, run_id: int | None, keys: pl.DataFrame) -> pl.DataFrame:
        """Cells of runs published after this one (or of all), for these keys, oldest first.

        Inside a transaction that is rolled back.
        """
        link.run(f"create temp table {_KEYS.sql} ({columns_sql(self._stored_key, link.dialect)})")
        link.ingest(_KEYS, keys.select(self._key_texts()).unique(), self._stored_key)
        same = " and ".join(f"h.{column.sql} = k.{column.sql}" for column in self._stored_key)
        tail = (  # `cross join`: SQLite then begins with the keys, and does not go through all of history for a few
            f"from {_KEYS.sql} k cross join {self.place.sql} h cross join {RUN.sql} r"
            f" where {same} and r.id = h.run and r.outcome = 'published'"
            f" and r.position > coalesce((select position from {RUN.sql} where id = $1), 0)"
            f" order by r.position limit {_EVERY_ROW}"
        )
        return self._typed(link.fetch_as(self._shape, self._selected(link), tail, run_id or 0))

    def empty(self) -> pl.DataFrame:
        """No cells."""
        return self._typed(pl.DataFrame(schema={column.name: column.dtype for column in self._shape}))

    def _selected(self, link: Link) -> list[str]:
        return [link.dialect.selected(column, "h") for column in self._shape]

    def _typed(self, cells: pl.DataFrame) -> pl.DataFrame:
        keys = [
            from_text(pl.col(stored.name), column.dtype).alias(column.name)
            for column, stored in zip(self._key, self._stored_key, strict=True)
        ]
        typed = cells.select("run", "kind", "line", *keys, "field", "before", "after")
        if any(typed[column.name].null_count() for column in self._key):
            raise StoreError(
                "the feed's history has keys that are no values of the key's type in the contract",
                where=self.place.name,
                why="The key had another type when they were written. Nothing was written.",
                mend="Keep the key's type, or give the contract with the new key another feed name.",
            )
        return typed


def key_text(value: object) -> str | None:
    """A key value as history has it."""
    return text_of(value)  # type: ignore[arg-type]


def _text(column: Column | None, name: str | None) -> pl.Expr:
    if column is None:
        return pl.lit(None, dtype=pl.String)
    return to_text(pl.col(name or column.name), column.dtype)
