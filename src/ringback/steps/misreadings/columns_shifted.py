"""Values one column too far to the right, or to the left: a delimiter inside an unquoted value, a column put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from ringback.model.canonical import to_text
from ringback.model.contract import Contract
from ringback.model.rows import LINE, cells_of
from ringback.steps.misreadings.misreading import DeliveryMutant, FeedMisreading, Mutant, Specificity, respecify

_LOOKED_AT = 2_000  # changed values of a field, to find the column that they come from
_FEWEST, _SHARE = 5, 0.2  # of them, those that must come from there: from the column beside ...
_SHARE_OF_ANY = 0.5  # ... or from any one: sister columns take over some of each other's values
_MOST = 2 / 3  # of the fields that moved, those that moved to one side
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
        moves = _moves(before, after, contract)
        beside = _beside(moves, contract)
        if beside:
            yield {to: moves[to].mask for to in beside}


class Reordered(FeedMisreading):
    """Fields have the values of others: the columns came in another order than the contract or the header says."""

    code = "columns.reordered"
    sentence = "the value of another column"
    specificity = Specificity.FEW

    def explains_records(
        self, before: pl.DataFrame, after: pl.DataFrame, contract: Contract
    ) -> Iterator[dict[str, pl.Series]]:
        moves = _moves(before, after, contract)
        many = {to: move.mask for to, move in moves.items() if move.share >= _SHARE_OF_ANY}
        if len(many) > 1 and not _beside(moves, contract):
            yield many


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
            halves = cells_of(columns[place]).str.splitn(" ", 2).struct
            split = rows.with_columns(halves.field("field_0").alias("one"), halves.field("field_1").alias("two"))
            hit = split["two"].is_not_null() & (rows[LINE].hash(seed=seed) % 10_000 < 10_000 * _SOME)
            moved = moved_right(rows, columns[place:]).with_columns(split["one"].alias(columns[place]))
            moved = moved.with_columns(split["two"].alias(columns[place + 1]))
            fields = _fields_of(columns[place:], contract)
            line = f"a delimiter inside some values of {columns[place]}"
            yield DeliveryMutant(rows=_where(hit, moved, rows), code=self.code, fields=fields, line=line)


def moved_right(rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The first of the columns is empty, each other has what its neighbour had; the last value is lost."""
    moved = [cells_of(source).alias(to) for source, to in pairwise(columns)]
    return rows.with_columns(pl.lit("").alias(columns[0]), *moved)


def _where(mask: pl.Series, then: pl.DataFrame, otherwise: pl.DataFrame) -> pl.DataFrame:
    return otherwise.with_columns(then[name].zip_with(mask, otherwise[name]) for name in otherwise.columns)


def _fields_of(columns: list[str], contract: Contract) -> tuple[str, ...]:
    return tuple(name for name, spec in contract.fields.items() if str(spec.column) in columns)


@dataclass(frozen=True, slots=True)
class _Move:
    """Where a field has the old value of another, `source`."""

    source: str
    share: float  # of the changed values, less what would be so by chance
    mask: pl.Series


def _moves(before: pl.DataFrame, after: pl.DataFrame, contract: Contract) -> dict[str, _Move]:
    """The fields whose new values are old ones of another field of the same record."""
    found: dict[str, _Move] = {}
    for to in contract.fields:
        changed = before[to].ne_missing(after[to])
        places = changed.arg_true()
        if to in contract.key or places.len() < _FEWEST:
            continue
        looked_at = places.gather_every(1 + places.len() // _LOOKED_AT)
        old, new = _texts(before[looked_at], contract), _text(after[looked_at], contract, to)
        source = max((name for name in contract.fields if name != to), key=lambda name: _lift(old[name], new))
        share = _lift(old[source], new)
        if share >= _SHARE:
            same = _text(before, contract, source) == _text(after, contract, to)
            found[to] = _Move(source, share, changed & same.fill_null(value=False))
    return found


def _beside(moves: Mapping[str, _Move], contract: Contract) -> list[str]:
    """The fields that have a neighbour's value, all from one side, where these are most of all that moved."""
    names = list(contract.fields)
    for neighbour in (dict(pairwise(names)), dict(pairwise(names[::-1]))):
        fields = [to for to, move in moves.items() if neighbour.get(to) == move.source]
        if len(fields) > 1 and len(fields) >= _MOST * len(moves):
            return fields
    return []


def _lift(old: pl.Series, new: pl.Series) -> float:
    """The share of new values that are the old ones there, less the share of those that are another record's."""
    half = old.len() // 2
    others = pl.concat([old.slice(half), old.slice(0, half)])
    return float(int((new == old).sum()) - int((new == others).sum())) / max(old.len(), 1)


def _texts(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    return frame.select(to_text(pl.col(name), spec.dtype).alias(name) for name, spec in contract.fields.items())


def _text(frame: pl.DataFrame, contract: Contract, name: str) -> pl.Series:
    return frame.select(to_text(pl.col(name), contract.fields[name].dtype))[name]
