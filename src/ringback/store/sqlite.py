"""SQLite: the embedded default. Types are text and integers; every other value is its canonical text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import adbc_driver_sqlite.dbapi as adbc
import polars as pl
from adbc_driver_manager import dbapi

from ringback.errors import StoreError
from ringback.model.canonical import from_text, to_text
from ringback.store.caller_view import shown_by_letter
from ringback.store.fault import Cause, DatabaseRefused
from ringback.store.link import Link
from ringback.store.shape import Column, Shape, Table, listed
from ringback.store.standing import Standing

_PRAGMAS = ("synchronous = full", "foreign_keys = on")
_READER_PRAGMAS = ("query_only = on", "cache_size = -16384")
_STREAM_OPTION = {"adbc.sqlite.query.batch_rows": "65536"}
_NAME, _NUMBER = Column("name", pl.String()), Column("number", pl.Int64())
_TYPE, _HIDDEN = Column("type", pl.String()), Column("hidden", pl.Int64())

# Source: https://www.sqlite.org/datatype3.html#determination_of_column_affinity; the first that fits decides
_AFFINITIES = (
    ("INT", "integer"),
    ("CHAR", "text"),
    ("CLOB", "text"),
    ("TEXT", "text"),
    ("BLOB", "none"),
    ("REAL", "real"),
    ("FLOA", "real"),
    ("DOUB", "real"),
)
_CAUSES = (
    ("UNIQUE constraint failed: ", Cause.UNIQUE),
    ("NOT NULL constraint failed: ", Cause.REQUIRED),
    ("CHECK constraint failed: ", Cause.CONSTRAINT),
    ("FOREIGN KEY constraint failed", Cause.CONSTRAINT),
    ("is locked", Cause.LOCKED),
    ("or disk is full", Cause.FULL),
    ("readonly database", Cause.READ_ONLY),
    ("disk I/O error", Cause.GONE),
    ("unable to open", Cause.AWAY),
    ("failed to open", Cause.AWAY),
    ("malformed", Cause.DAMAGED),
    ("not a database", Cause.DAMAGED),
    ("no such ", Cause.ABSENT),
    ("cannot store ", Cause.UNSTORABLE),
)
_NAMES_FOLLOW = {Cause.UNIQUE, Cause.REQUIRED, Cause.CONSTRAINT}  # names of columns or constraints, never values


@dataclass(frozen=True, slots=True)
class Sqlite:
    """A dialect: one file."""

    path: Path
    patience_seconds: float
    is_reader: bool = False  # its connections only read

    name: ClassVar[str] = "SQLite"
    begin: ClassVar[str] = "begin immediate"
    begin_run: ClassVar[str] = begin
    begin_reading: ClassVar[str] = "begin"
    run_sees_newest: ClassVar[bool] = True  # nobody else writes meanwhile
    written: ClassVar[str | None] = None
    errors: ClassVar[tuple[type[Exception], ...]] = (dbapi.Error,)
    keeps_idle: ClassVar[bool] = False  # the file may be another one by then
    lead_rows: ClassVar[int] = 1
    keys_on_creation: ClassVar[bool] = True
    next_run_id: ClassVar[str] = "(select coalesce(max(id), 0) + 1 from ringback_run)"
    run_id_statements: ClassVar[tuple[str, ...]] = ()
    run_index: ClassVar[str] = '("run")'
    text: ClassVar[str] = "text"
    replace_view: ClassVar[tuple[str, ...]] = ("drop view if exists", "create view")
    has_roles: ClassVar[bool] = False
    make_index: ClassVar[str] = "create index if not exists"

    def connect(self) -> Link:
        try:
            link = Link(adbc.connect(str(self.path), autocommit=True), self)
        except self.errors as error:
            raise self.refusal_of(error) from None
        try:
            for pragma in (
                f"busy_timeout = {int(self.patience_seconds * 1000)}",
                *(_READER_PRAGMAS if self.is_reader else _PRAGMAS),
            ):
                link.settle(f"pragma {pragma}")
        except DatabaseRefused:
            link.close()
            raise
        return link

    def exists(self) -> bool:
        return self.path.exists()

    def identity(self) -> object:
        return file_identity(self.path)

    def before_making(self, link: Link) -> None:
        """Readers and a writer side by side: a property of the file, and not to be changed in a transaction."""
        link.settle("pragma journal_mode = wal")

    # -- types
    def declared(self, column: Column) -> str:
        return "INTEGER" if isinstance(column.dtype, (pl.Int64, pl.Boolean)) else "TEXT"

    def refuses(self, column: Column, declared: str) -> str | None:
        affinity = _affinity(declared)
        if isinstance(column.dtype, (pl.Int64, pl.Boolean)):
            return None if affinity in {"integer", "numeric", "none"} else "does not keep whole numbers as they are"
        if isinstance(column.dtype, (pl.Date, pl.Time, pl.Datetime)):
            return None if affinity in {"text", "numeric", "none"} else "does not keep text as it is"
        return None if affinity in {"text", "none"} else "turns text that looks like a number into a number"

    def is_native(self, column: Column, declared: str) -> bool:
        return True

    # -- rows
    def encoded(self, column: Column) -> pl.Expr:
        value = pl.col(column.name)
        if isinstance(column.dtype, (pl.Int64, pl.Boolean)):
            return value.cast(pl.Int64)
        return to_text(value, column.dtype).alias(column.name)

    def decoded(self, column: Column) -> pl.Expr:
        text = pl.col(column.name)
        if isinstance(column.dtype, pl.Int64):
            return text.cast(pl.Int64, strict=False)
        if isinstance(column.dtype, pl.Boolean):
            return text.replace_strict(["0", "1"], [False, True], default=None, return_dtype=pl.Boolean)
        return from_text(text, column.dtype).alias(column.name)

    def selected(self, column: Column, alias: str = "", declared: str = "") -> str:
        return listed((column,), alias)

    def query(self, shape: Shape, expressions: list[str], tail: str) -> str:
        """The driver takes a column's type from the first rows: a first row of texts settles it."""
        first = ", ".join(f"'' as {column.sql}" for column in shape)
        rest = ", ".join(f"{said} as {column.sql}" for said, column in zip(expressions, shape, strict=True))
        return f"select {first} union all select * from (select {rest} {tail})"

    def prepare_stream(self, cursor: dbapi.Cursor) -> None:
        cursor.adbc_statement.set_options(**_STREAM_OPTION)

    # -- statements
    def same(self, column: Column, declared: str, live: str, planned: str) -> str:
        return f"{live}.{column.sql} collate binary is {planned}"

    def cast(self, expression: str, declared: str) -> str:
        return expression

    def delete(self, live: Table, planned: Table, *, key: Shape, matches: str) -> str:
        """Not `where exists`: that would go through the whole table."""
        found = f"select {listed(key, 't')} from {planned.sql} s cross join {live.sql} t where {matches}"
        return f"delete from {live.sql} where ({listed(key)}) in ({found})"

    def lock_feed(self, link: Link, feed: str) -> None:
        """`begin immediate` has locked the whole file."""

    def lock_making(self, link: Link) -> None:
        """`begin immediate` has locked the whole file."""

    def lock_chain(self, link: Link) -> None:
        """`begin immediate` has locked the whole file."""

    def standing(self, link: Link, table: Table) -> Standing | None:
        if table.schema is not None:
            raise StoreError(
                "SQLite has no schemas", why="Nothing was read or written.", mend="Leave out target.schema."
            )
        kinds = link.fetch((_TYPE,), "from sqlite_master where lower(name) = lower($1)", table.name)[_TYPE.name]
        if kinds.is_empty():
            return None
        if kinds.to_list() != ["table"]:
            raise StoreError(
                f"{table} is no table", why=f"It is a {kinds[0]}.", mend="Give the contract another target.table."
            )
        rows = link.fetch((_NAME, _TYPE, _HIDDEN, _NUMBER), _XINFO, table.name)
        keys = _indexes(link, table)
        primary = tuple(rows.filter(pl.col("number") > 0).sort("number")["name"])
        return Standing(
            table=table,
            columns={name: declared for name, declared, _, _ in rows.rows()},
            computed=frozenset(rows.filter(pl.col("hidden") > 0)["name"]),
            unique={_as_in_errors(table, columns): columns for columns in dict.fromkeys([primary, *keys]) if columns},
        )

    def indexed(self, link: Link, table: Table) -> frozenset[str]:
        return frozenset(link.fetch((_NAME,), _FIRST_COLUMNS, table.name)[_NAME.name].drop_nulls())

    def kind(self, link: Link, name: str) -> str | None:
        found = link.fetch((_TYPE,), "from sqlite_master where lower(name) = lower($1)", name)[_TYPE.name]
        return None if found.is_empty() else str(found[0])

    def columns(self, link: Link, name: str) -> tuple[str, ...]:
        return tuple(link.fetch((_NAME,), "from (select name from pragma_table_xinfo($1))", name)[_NAME.name])

    def as_shown(self, text: str) -> str:
        return shown_by_letter(text)

    def tables(self, link: Link, names: tuple[str, ...]) -> set[str]:
        found = link.fetch((_NAME,), "from sqlite_master where type = 'table' and name like 'ringback%'")
        return set(found[_NAME.name]) & set(names)

    def refusal_of(self, error: Exception) -> DatabaseRefused:
        said = str(error).split("\n")[0]
        for words, cause in _CAUSES:
            if words in said:
                names = said.split(words)[1].strip() if cause in _NAMES_FOLLOW else ""
                return DatabaseRefused(cause, names or "foreign key" * (cause is Cause.CONSTRAINT))
        return DatabaseRefused(Cause.OTHER, type(error).__name__)


_XINFO = "from (select lower(name) as name, type, hidden in (2, 3) as hidden, pk as number from pragma_table_xinfo($1))"
_INDEXES = (
    "from (select i.name as type, i.seq as hidden, c.seqno as number, lower(c.name) as name"
    ' from pragma_index_list($1) i, pragma_index_info(i.name) c where i."unique" and not i.partial)'
)

_FIRST_COLUMNS = (
    "from (select lower(c.name) as name from pragma_index_list($1) i, pragma_index_info(i.name) c"
    " where c.seqno = 0 and not i.partial)"
)


def _indexes(link: Link, table: Table) -> list[tuple[str, ...]]:
    """The columns of each unique index without a condition; those on expressions have none."""
    rows = link.fetch((_TYPE, _NUMBER, _NAME), _INDEXES, table.name).sort("type", "number")
    grouped = rows.group_by("type", maintain_order=True).agg("name")
    return [tuple(names) for names in grouped["name"].to_list() if None not in names]


def _as_in_errors(table: Table, columns: tuple[str, ...]) -> str:
    return ", ".join(f"{table.name}.{name}" for name in columns)


def _affinity(declared: str) -> str:
    if not declared:
        return "none"
    return next((affinity for words, affinity in _AFFINITIES if words in declared.upper()), "numeric")


def file_identity(path: Path) -> tuple[int, int] | None:
    """Tells a file from another one of the same name; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def place_of(target: str) -> Path:
    """sqlite:///relative.db, sqlite:////absolute.db -> the path. Raises: StoreError."""
    found = re.fullmatch(r"sqlite:///(?P<path>.+)", target)
    if found is None:
        raise StoreError("the target has no path", mend="Write sqlite:///clients.db, or sqlite:////var/lib/clients.db.")
    return Path(found["path"]).absolute()
