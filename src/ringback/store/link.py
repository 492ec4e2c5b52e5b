"""One connection to a database, through ADBC: whole frames in and out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from ringback.errors import StoreError
from ringback.store.fault import Cause, DatabaseRefused
from ringback.store.shape import Shape, Table

if TYPE_CHECKING:
    from adbc_driver_manager import dbapi

    from ringback.store.dialect import Dialect

FRAME_ROWS = 100_000  # rows in memory at once, in either direction

Parameter: TypeAlias = str | int | None


class Link:
    """One connection in autocommit mode; `transaction` opens a transaction. Errors: DatabaseRefused, value-free."""

    def __init__(self, connection: dbapi.Connection, dialect: Dialect) -> None:
        self._connection = connection
        self.dialect = dialect
        self._asking: dbapi.Cursor | None = None  # of `texts`

    def close(self) -> None:
        """Close the connection; what was not committed is rolled back."""
        with suppress(Exception):  # a connection that is gone cannot be closed better
            if self._asking is not None:
                self._asking.close()
        with suppress(Exception):
            self._connection.close()

    def is_alive(self) -> bool:
        """Whether the connection still answers; one that does not is closed."""
        try:
            self.settle("select 1 as alive")
        except DatabaseRefused:
            self.close()
            return False
        return True

    def script(self, sql: str) -> None:
        """Execute several statements that return no rows, in one round trip."""
        with self._refusals(), closing(self._connection.cursor()) as cursor:
            cursor.executescript(sql)

    def run(self, sql: str, *parameters: Parameter) -> None:
        """Execute a statement that returns no rows."""
        with self._refusals(), closing(self._connection.cursor()) as cursor:
            cursor.execute(sql, _bound(parameters))

    def settle(self, sql: str) -> None:
        """Execute a statement that returns rows which nobody needs."""
        with self._refusals(), closing(self._connection.cursor()) as cursor:
            cursor.execute(sql)
            cursor.fetch_polars()

    def write(self, sql: str) -> int:
        """Execute an UPDATE, DELETE or INSERT. Returns: the number of rows written."""
        with self._refusals(), closing(self._connection.cursor()) as cursor:
            cursor.execute(sql)
            if cursor.rowcount >= 0:
                return int(cursor.rowcount)
            cursor.execute("select changes() as rows")  # SQLite's driver does not tell
            return int(cursor.fetch_polars().item())

    def fetch(self, shape: Shape, tail: str, *parameters: Parameter) -> pl.DataFrame:
        """All rows of a small result, typed. `tail`: the query from its FROM onward; it has every column of `shape`."""
        return self.fetch_as(shape, [self.dialect.selected(column) for column in shape], tail, *parameters)

    def fetch_as(self, shape: Shape, expressions: list[str], tail: str, *parameters: Parameter) -> pl.DataFrame:
        """The same, each column from an SQL expression of its own."""
        sql = self.dialect.query(shape, expressions, tail)
        with self._refusals(), closing(self._connection.cursor()) as cursor:
            cursor.execute(sql, _bound(parameters))
            raw = cursor.fetch_polars()
        return self._typed(raw.slice(self.dialect.lead_rows), shape)

    def texts(self, sql: str, *parameters: Parameter) -> list[tuple[str | None, ...]]:
        """All rows of a small result whose columns are texts: as quick as can be, for somebody waits for it."""
        with self._refusals():
            if self._asking is None:
                self._asking = self._connection.cursor()  # kept: the same query again is not prepared again
            self._asking.execute(sql, _bound(parameters))
            return self._asking.fetch_polars().rows()[self.dialect.lead_rows :]

    def stream(self, shape: Shape, expressions: list[str], tail: str, *parameters: Parameter) -> Iterator[pl.DataFrame]:
        """The rows of a large result in frames of about FRAME_ROWS. The link is busy until the last one is taken."""
        sql = self.dialect.query(shape, expressions, tail)
        skip = self.dialect.lead_rows
        with self._refusals(), closing(self._connection.cursor()) as cursor:
            self.dialect.prepare_stream(cursor)
            cursor.execute(sql, _bound(parameters))
            batches = pl.scan_arrow_c_stream(cursor.fetch_arrow()).collect_batches(chunk_size=FRAME_ROWS)
            try:
                for raw in batches:
                    if raw.height > skip:
                        yield self._typed(raw.slice(skip), shape)
                    skip = 0
            except GeneratorExit:
                with suppress(Exception):  # not every driver can
                    cursor.adbc_cancel()
                raise
            finally:
                _drain(batches)

    def ingest(self, table: Table, frame: pl.DataFrame, shape: Shape) -> None:
        """Append rows: the columns of `shape`, which are in `frame` by name. Rows go over in bounded pieces."""
        _refuse_nul(frame, shape)
        encoded = [self.dialect.encoded(column) for column in shape]
        with self._refusals(), closing(self._connection.cursor()) as cursor:
            for piece in frame.iter_slices(FRAME_ROWS):
                cursor.adbc_ingest(
                    table.name,
                    piece.select(encoded),
                    mode="append",
                    db_schema_name=table.schema,
                    temporary=table.temporary,
                )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction for writing: committed at the end of the block, rolled back when an exception leaves it."""
        self.run(self.dialect.begin)
        try:
            yield
        except BaseException:
            self.rollback()
            raise
        self.run("commit")

    def rollback(self) -> None:
        """Take everything back since the transaction began; the database may have done so already."""
        with suppress(DatabaseRefused):
            self.run("rollback")

    def _typed(self, raw: pl.DataFrame, shape: Shape) -> pl.DataFrame:
        frame = raw.select(self.dialect.decoded(column) for column in shape)
        unsaid = [column.name for column in shape if raw[column.name].null_count() != frame[column.name].null_count()]
        if unsaid:
            raise StoreError(
                f"column {unsaid[0]} holds values that its type in the contract cannot say",
                why="Somebody else wrote them: ringback writes only what it can read back.",
                mend=f"Correct the values of {unsaid[0]} in the database, or the field's type in the contract.",
            )
        return frame

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except self.dialect.errors as error:
            raise self.dialect.refusal_of(error) from None
        except pl.exceptions.ComputeError:  # the stream broke off; its message may hold values
            raise DatabaseRefused(Cause.OTHER, "while rows were read") from None


def _bound(parameters: tuple[Parameter, ...]) -> pl.DataFrame | None:
    """One row of parameters, each of a known type: a null must have one too."""
    if not parameters:
        return None
    return pl.DataFrame(
        [
            pl.Series(str(number), [value], dtype=pl.Int64() if isinstance(value, int) else pl.String())
            for number, value in enumerate(parameters)
        ]
    )


def _drain(batches: Iterator[pl.DataFrame]) -> None:
    """Take what is left: the stream must have ended before its cursor is closed."""
    with suppress(Exception):
        for _ in batches:
            pass


def _refuse_nul(frame: pl.DataFrame, shape: Shape) -> None:
    texts = [column for column in shape if isinstance(column.dtype, pl.String)]
    found = frame.select(pl.col(column.name).str.contains("\0", literal=True).any() for column in texts)
    for column in texts:
        if frame.height and found[column.name].item():
            raise StoreError(
                f"field {column.name} holds a NUL character, which databases cannot keep in a text",
                why="Nothing of this run is in the database.",
                mend="Reject such rows: give the field a pattern, or correct the delivery.",
            )
