"""Values one column too far to the right, or to the left: a delimiter inside an unquoted value, a column put in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import polars as pl

from ringback.model.canonical import to_text
from ringback.model.contract import Contract
from ringback.model.rows import LINE
from ringback.steps.misreadings.misreading import DeliveryMutant, FeedMisreading, Mutant, respecify

_SOME = 0.03  # of the rows have a delimiter inside a value


class Shifted(FeedMisreading):
    """Fields have the values of their neighbours."""

    code = "columns.shifted"
    sentence = "its columns moved by one"

    def contract_mutants(self, contract: Contract) -> Iterator[Mutant]:
        names = [name for name in contract.fields if name not in contract.key]
        columns = [contract.fields[name].column for name in names]
        for line, moved in (
            ("to the right", [*columns[1:], columns[0]]),
            ("to the left", [columns[-1], *columns[:-1]]),
        ):
            changes = {name: {"column": column} for name, column in zip(names, moved, strict=True)}
            mutated = respecify(contract, changes)
            if mutated is not None and len(names) > 2:
                told = f"from: each field reads the next column {line}"
                yield Mutant(contract=mutated, code=self.code, fields=tuple(names), line=told)

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, *, seed: int, earlier: pl.DataFrame | None = None
    ) -> Iterator[DeliveryMutant]:
        columns = [name for name in rows.columns if name != LINE]
        for first in range(1, len(columns) - 1):
            fields = _fields_of(columns[first:], contract)
            if fields:
                line = f"values from {columns[first]} on moved one column to the right"
                yield DeliveryMutant(rows=moved_right(rows, columns[first:]), code=self.code, fields=fields, line=line)

    def explains_records(
        self, before: pl.DataFrame, after: pl.DataFrame, contract: Contract
    ) -> Iterator[dict[str, pl.Series]]:
        names = list(contract.fields)
        old, new = (_texts(frame, contract) for frame in (before, after))
        for pairs in (list(pairwise(names)), [(right, left) for left, right in pairwise(names)]):
            found = {to: _came_from(old, new, source, to) for source, to in pairs if to not in contract.key}
            told = {name: mask for name, mask in found.items() if mask.any()}
            if len(told) > 1:
                yield told


class DelimiterInside(FeedMisreading):
    """A delimiter inside an unquoted value: the row's values behind it are one column too far."""

    code = "columns.delimiter_inside"
    sentence = "a delimiter inside an unquoted value"

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, *, seed: int, earlier: pl.DataFrame | None = None
    ) -> Iterator[DeliveryMutant]:
        columns = [name for name in rows.columns if name != LINE]
        for field, spec in contract.fields.items():
            place = columns.index(str(spec.column))
            if spec.type != "string" or field in contract.key or place == len(columns) - 1:
                continue
            halves = pl.col(columns[place]).str.splitn(" ", 2).struct
            split = rows.with_columns(halves.field("field_0").alias("one"), halves.field("field_1").alias("two"))
            hit = split["two"].is_not_null() & (rows[LINE].hash(seed=seed) % 10_000 < 10_000 * _SOME)
            moved = moved_right(rows, columns[place:]).with_columns(split["one"].alias(columns[place]))
            moved = moved.with_columns(split["two"].alias(columns[place + 1]))
            fields = _fields_of(columns[place:], contract)
            line = f"a delimiter inside some values of {columns[place]}"
            yield DeliveryMutant(rows=_where(hit, moved, rows), code=self.code, fields=fields, line=line)


def moved_right(rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The first of the columns is empty, each other has what its neighbour had; the last value is lost."""
    moved = [pl.col(source).alias(to) for source, to in pairwise(columns)]
    return rows.with_columns(pl.lit("").alias(columns[0]), *moved)


def _where(mask: pl.Series, then: pl.DataFrame, otherwise: pl.DataFrame) -> pl.DataFrame:
    return otherwise.with_columns(then[name].zip_with(mask, otherwise[name]) for name in otherwise.columns)


def _fields_of(columns: list[str], contract: Contract) -> tuple[str, ...]:
    return tuple(name for name, spec in contract.fields.items() if str(spec.column) in columns)


def _texts(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    return frame.select(to_text(pl.col(name), spec.dtype).alias(name) for name, spec in contract.fields.items())


def _came_from(old: pl.DataFrame, new: pl.DataFrame, source: str, to: str) -> pl.Series:
    return (new[to] == old[source]).fill_null(value=False) & new[to].ne_missing(old[to])
