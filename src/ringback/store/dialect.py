"""What differs between databases. `sqlite.py` and `postgresql.py` are the two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

import polars as pl

from ringback.store.fault import DatabaseRefused
from ringback.store.link import Link
from ringback.store.shape import Column, Shape, Table

if TYPE_CHECKING:
    from adbc_driver_manager import dbapi

    from ringback.store.standing import Standing


class Dialect(Protocol):
    """One database: how it is reached, and how it says things."""

    name: ClassVar[str]
    begin: ClassVar[str]  # opens a transaction for writing
    begin_run: ClassVar[str]  # opens one that sees the same records from its begin to its end, whoever else writes
    begin_reading: ClassVar[str]  # opens one that only reads, and sees one moment
    run_sees_newest: ClassVar[bool]  # whether one opened with `begin_run` sees what others committed since
    errors: ClassVar[tuple[type[Exception], ...]]  # what its driver raises
    written: ClassVar[str | None]  # a condition on a row t: this transaction wrote it; None where nothing tells
    keeps_idle: ClassVar[bool]  # whether connecting is dear, so that a connection is kept between operations
    lead_rows: ClassVar[int]  # rows that `query` puts before the real ones
    keys_on_creation: ClassVar[bool]  # whether a primary key can only be given when a table is created
    next_run_id: ClassVar[str]  # an SQL expression
    run_id_statements: ClassVar[tuple[str, ...]]  # what it needs
    run_index: ClassVar[str]  # how an index on history's `run` is made: rows come in the order of their run
    text: ClassVar[str]  # the type of any text, for a cast
    replace_view: ClassVar[tuple[str, ...]]  # the beginnings of the statements that make a view, or make it anew
    has_roles: ClassVar[bool]
    make_index: ClassVar[str]  # how an index is made on a table that others read meanwhile

    def connect(self) -> Link:
        """Open a connection. Raises: DatabaseRefused."""

    def exists(self) -> bool:
        """Whether there is a database at all (a file may be still to be made)."""

    def identity(self) -> object:
        """Tells this database from another one that took its place; equal as long as a connection stays good."""

    def before_making(self, link: Link) -> None:
        """What must be so before ringback's tables are created, and cannot be done in a transaction."""

    # -- types
    def declared(self, column: Column) -> str:
        """The type of a column in a table that ringback creates."""

    def refuses(self, column: Column, declared: str) -> str | None:
        """Why an adopted column of this type cannot hold the field exactly; None when it can."""

    def is_native(self, column: Column, declared: str) -> bool:
        """Whether rows may be ingested straight into a column of this type."""

    # -- rows
    def encoded(self, column: Column) -> pl.Expr:
        """A typed column -> what is ingested."""

    def decoded(self, column: Column) -> pl.Expr:
        """What a query returns -> a typed column; null where it cannot be one."""

    def selected(self, column: Column, alias: str = "", declared: str = "") -> str:
        """The SQL expression that reads a column (of an adopted table: of the type it has there)."""

    def query(self, shape: Shape, expressions: list[str], tail: str) -> str:
        """A SELECT whose columns arrive with types that the driver does not have to guess."""

    def prepare_stream(self, cursor: dbapi.Cursor) -> None:
        """Set the size of the pieces in which a large result comes."""

    # -- statements
    def same(self, column: Column, declared: str, live: str, planned: str) -> str:
        """A condition: `live`.column holds what `planned` (an expression of a native type) says, or both nothing."""

    def cast(self, expression: str, declared: str) -> str:
        """The expression as a value of a column of this type."""

    def delete(self, live: Table, planned: Table, *, key: Shape, matches: str) -> str:
        """A DELETE of the rows t of `live` for which a row s of `planned` fulfils `matches`."""

    def lock_feed(self, link: Link, feed: str) -> None:
        """Make this transaction the feed's only publisher; waits for a bounded time."""

    def lock_making(self, link: Link) -> None:
        """Make this transaction the only one that creates ringback's tables; waits for a bounded time."""

    def lock_chain(self, link: Link) -> None:
        """Make this transaction the only one that adds events; waits for a bounded time."""

    def standing(self, link: Link, table: Table) -> Standing | None:
        """A table as it stands; None when there is none. Raises: StoreError, when it is something else."""

    def indexed(self, link: Link, table: Table) -> frozenset[str]:
        """The columns with which an index begins that has no condition: those by which rows are found at once."""

    def kind(self, link: Link, name: str) -> str | None:
        """What there is of this name beside the tables with data: "table", "view" or something else."""

    def columns(self, link: Link, name: str) -> tuple[str, ...]:
        """The columns of a table or view, in order."""

    def as_shown(self, text: str) -> str:
        """The SQL of a name as phones can show it: what `phone.name.clean` makes of it, as far as SQL can."""

    def tables(self, link: Link, names: tuple[str, ...]) -> set[str]:
        """Which of ringback's own tables there are."""

    def refusal_of(self, error: Exception) -> DatabaseRefused:
        """What a driver's error means, without the values in its message."""
