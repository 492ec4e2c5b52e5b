"""Two columns of one type exchanged: each value is well formed, each distribution one that a column has."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import polars as pl

from ringback.model.contract import Contract
from ringback.model.rows import cells_of
from ringback.steps.misreadings.misreading import DeliveryMutant, FeedMisreading, Mutant, respecify


class Exchanged(FeedMisreading):
    """Two fields of one type have each other's values."""

    code = "columns.exchanged"
    sentence = "two columns exchanged"

    def named(self, fields: tuple[str, ...]) -> str:
        """As first_name and last_name exchanged."""
        return f"{' and '.join(fields)} exchanged"

    def contract_mutants(self, contract: Contract) -> Iterator[Mutant]:
        for one, other in _pairs(contract):
            columns = contract.fields[one].column, contract.fields[other].column
            mutated = respecify(contract, {one: {"column": columns[1]}, other: {"column": columns[0]}})
            if mutated is not None:
                line = f"from: {columns[0]} -> {columns[1]}, and the reverse"
                yield Mutant(contract=mutated, code=self.code, fields=(one, other), line=line)

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, *, seed: int, earlier: pl.DataFrame | None = None
    ) -> Iterator[DeliveryMutant]:
        for one, other in _pairs(contract):
            a, b = (str(contract.fields[name].column) for name in (one, other))
            exchanged = rows.with_columns(cells_of(b).alias(a), cells_of(a).alias(b))
            yield DeliveryMutant(rows=exchanged, code=self.code, fields=(one, other), line=f"{a} and {b} exchanged")

    def explains_records(
        self, before: pl.DataFrame, after: pl.DataFrame, contract: Contract
    ) -> Iterator[dict[str, pl.Series]]:
        changed = {name: before[name].ne_missing(after[name]) for name in contract.fields}
        for one, other in _pairs(contract):
            rows = (changed[one] & changed[other]).arg_true()
            if rows.is_empty() or before.schema[one] == pl.Boolean:  # two of them differ, or do not
                continue
            old, new = before[rows], after[rows]
            crossed = _crossed(old, new, one, other)
            if crossed.any():
                nowhere = pl.repeat(value=False, n=before.height, dtype=pl.Boolean, eager=True)
                mask = nowhere.scatter(rows.filter(crossed), True)
                yield {one: mask, other: mask}


def _crossed(old: pl.DataFrame, new: pl.DataFrame, one: str, other: str) -> pl.Series:
    """Where both values crossed. Where most did, a missing one may be a word to the other field: NA."""
    there, back = ((old[source], new[to]) for source, to in ((one, other), (other, one)))
    same = [(before == after).fill_null(value=False) for before, after in (there, back)]
    open_ = [before.is_null() | after.is_null() for before, after in (there, back)]
    both = old[one].eq_missing(new[other]) & old[other].eq_missing(new[one])
    either = (same[0] & open_[1]) | (same[1] & open_[0])
    return both | either if both.sum() > either.sum() else both


def _pairs(contract: Contract) -> Iterator[tuple[str, str]]:
    """Fields of one type, the key left out: exchanged with it, all clients are others."""
    fields = {name: spec for name, spec in contract.fields.items() if name not in contract.key}
    for one, other in combinations(fields, 2):
        if fields[one].dtype == fields[other].dtype and fields[one].column != fields[other].column:
            yield one, other
