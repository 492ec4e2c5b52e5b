"""Names and columns: what the store's tables look like, whatever the database."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ringback.errors import StoreError
from ringback.model.contract import Contract, Missing

_LONGEST = {"phone": 16, "iban": 34}  # characters that a value of the type can have
LONGEST_NAME = 63  # bytes that PostgreSQL keeps of an identifier; it cuts the rest off in silence


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, the type of its values, and whether these are JSON text."""

    name: str
    dtype: pl.DataType
    is_json: bool = False
    longest: int | None = None  # characters that a text can have, where that is known

    @property
    def sql(self) -> str:
        """The quoted name."""
        return quoted(self.name)


Shape = tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table's place."""

    name: str
    schema: str | None = None
    temporary: bool = False

    @property
    def sql(self) -> str:
        """The quoted name, with its schema."""
        if self.temporary:
            return quoted(self.name)
        return f"{quoted(self.schema)}.{quoted(self.name)}" if self.schema else quoted(self.name)

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


def quoted(name: str) -> str:
    """An identifier for SQL."""
    return '"' + name.replace('"', '""') + '"'


def listed(columns: Shape, alias: str = "") -> str:
    """Quoted names, separated by commas, each after `alias.` if given."""
    return ", ".join(f"{alias}.{column.sql}" if alias else column.sql for column in columns)


def frame(shape: Shape, *rows: Mapping[str, object]) -> pl.DataFrame:
    """Rows, column -> value, as a frame of the shape; what they say beyond its columns is left out."""
    return pl.DataFrame(
        [pl.Series(column.name, [row[column.name] for row in rows], dtype=column.dtype) for column in shape]
    )


def short(name: str) -> str:
    """The name itself, or its beginning and a hash of the whole where it is too long for PostgreSQL."""
    if len(name.encode()) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 9]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def live_shape(contract: Contract) -> Shape:
    """The columns of the live table that are ringback's to write: the fields, and the closed mark when in use."""
    fields = tuple(
        Column(name, spec.dtype, spec.type == "json", _LONGEST.get(spec.type, spec.constraints.max_length))
        for name, spec in contract.fields.items()
    )
    if contract.missing is not Missing.CLOSE:
        return fields
    return (*fields, Column(contract.target.closed, pl.Boolean()))


def key_shape(contract: Contract) -> Shape:
    """The key's columns, in the contract's order."""
    return tuple(Column(name, contract.fields[name].dtype) for name in contract.key)


def live_place(contract: Contract) -> Table:
    """Where the live table is. Raises: StoreError, when its name cannot be one."""
    name = contract.target.table
    if not name or len(name.encode()) > LONGEST_NAME or "\0" in name or name.startswith("ringback_"):
        raise StoreError(
            f"{name[:80]!r} cannot be the name of a live table",
            why="A table name has 1 to 63 bytes, and names that begin with ringback_ are kept for ringback itself.",
            mend="Give the contract another target.table.",
        )
    return Table(name, contract.target.schema_name)


def history_place(feed: str) -> Table:
    """Where a feed's history is."""
    return Table(short(f"ringback_history_{feed}"))
