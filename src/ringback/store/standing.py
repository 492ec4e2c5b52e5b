"""The customer's table as it stands, and whether a feed can be kept in it."""

from __future__ import annotations

from dataclasses import dataclass

from ringback.errors import StoreError
from ringback.store.dialect import Dialect
from ringback.store.protocol import LiveTable
from ringback.store.shape import Shape, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A table's columns and unique keys."""

    table: Table
    columns: dict[str, str]  # name -> declared type
    computed: frozenset[str]  # columns that the database fills in itself, always
    unique: dict[str, tuple[str, ...]]  # as errors name the constraint -> its columns

    def public(self) -> LiveTable:
        """The same for other rooms."""
        return LiveTable(columns=dict(self.columns), unique_keys=tuple(dict.fromkeys(self.unique.values())))

    def is_key(self, constraint: str, key: Shape) -> bool:
        """Whether the named constraint is one on exactly the feed's key."""
        return set(self.unique.get(constraint, ())) == {column.name for column in key}


def require_fit(standing: Standing, shape: Shape, key: Shape, dialect: Dialect) -> None:
    """Whether a table can be adopted as it stands. Raises: StoreError, which has all reasons that it cannot."""
    faults = [*_missing(standing, shape, dialect), *_wrong(standing, shape, dialect), *_keyless(standing, key)]
    if faults:
        raise StoreError(
            f"table {standing.table} cannot hold this feed",
            where=str(standing.table),
            why="\n".join(why for why, _ in faults) + "\nNothing was written to it.",
            mend="\n".join(mend for _, mend in faults),
        )


def _missing(standing: Standing, shape: Shape, dialect: Dialect) -> list[tuple[str, str]]:
    return [
        (
            f"It has no column {column.name}.",
            f"alter table {standing.table.sql} add column {column.sql} {dialect.declared(column)};",
        )
        for column in shape
        if column.name not in standing.columns
    ]


def _wrong(standing: Standing, shape: Shape, dialect: Dialect) -> list[tuple[str, str]]:
    there = [column for column in shape if column.name in standing.columns]
    faults = []
    for column in there:
        declared = standing.columns[column.name]
        why = "is computed by the database" if column.name in standing.computed else dialect.refuses(column, declared)
        if why:
            faults.append(
                (
                    f"Column {column.name} ({declared or 'no type'}) {why}.",
                    f"Make {column.name} {dialect.declared(column)}, or take the field out of the contract.",
                )
            )
    return faults


def _keyless(standing: Standing, key: Shape) -> list[tuple[str, str]]:
    names = [column.name for column in key]
    if any(set(columns) == set(names) for columns in standing.unique.values()):
        return []
    columns = ", ".join(column.sql for column in key)
    return [
        (
            f"It has no unique index on the key ({', '.join(names)}).",
            f"create unique index on {standing.table.sql} ({columns});",
        )
    ]
