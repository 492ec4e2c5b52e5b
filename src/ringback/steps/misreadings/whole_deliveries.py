"""Deliveries that are not what they should be: a part, an old one, one of somebody else, all of it twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import polars as pl

from ringback.model.contract import Contract, Delivers
from ringback.model.rows import LINE, cells_of
from ringback.steps.misreadings.misreading import DeliveryMutant, FeedMisreading, Mutant

_CHANGED = 0.01  # of the clients are in a delivery of changes
_SLICES = 50  # a column with more different values is none that rows are filtered by


class KindConfused(FeedMisreading):
    """A snapshot taken for changes, or changes for a snapshot: all others would be missing."""

    code = "delivery.kind"
    sentence = "a snapshot taken for changes, or changes for a snapshot"

    def contract_mutants(self, contract: Contract) -> Iterator[Mutant]:
        old = contract.delivers
        new = Delivers.CHANGES if old is Delivers.SNAPSHOT else Delivers.SNAPSHOT
        mutated = contract.model_copy(update={"delivers": new})
        yield Mutant(contract=mutated, code=self.code, fields=(), line=f"delivers: {old} -> {new}")

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, *, seed: int, earlier: pl.DataFrame | None = None
    ) -> Iterator[DeliveryMutant]:
        if contract.delivers is Delivers.SNAPSHOT:
            few = rows.sample(fraction=_CHANGED, seed=seed)
            yield DeliveryMutant(rows=few, code=self.code, fields=(), line="only some clients, as in changes")


class RowsDropped(FeedMisreading):
    """A filter, or a transfer that broke off, left a share of the rows out."""

    code = "delivery.rows_dropped"
    sentence = "a share of the rows left out"

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, *, seed: int, earlier: pl.DataFrame | None = None
    ) -> Iterator[DeliveryMutant]:
        kept = np.random.default_rng(seed).random(rows.height)
        for share in (0.3, 0.05):
            line = f"{share:.0%} of the rows left out"
            yield DeliveryMutant(rows=rows.filter(kept >= share), code=self.code, fields=(), line=line)
        half = rows.head(rows.height // 2)
        yield DeliveryMutant(rows=half, code=self.code, fields=(), line="the second half of the file left out")
        for field, spec in contract.fields.items():
            column = rows[str(spec.column)].alias("text")
            counts = column.value_counts().sort("count", "text", descending=[True, False])
            if 1 < counts.height <= _SLICES:
                without = rows.filter(column != counts["text"][1])
                line = f"the rows with one value of {spec.column} left out"
                yield DeliveryMutant(rows=without, code=self.code, fields=(field,), line=line)


class Stale(FeedMisreading):
    """An old delivery comes again under a new name."""

    code = "delivery.stale"
    sentence = "the value that an earlier delivery had"

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, *, seed: int, earlier: pl.DataFrame | None = None
    ) -> Iterator[DeliveryMutant]:
        if earlier is not None:
            yield DeliveryMutant(rows=earlier, code=self.code, fields=(), line="an earlier delivery again")


class OtherFeed(FeedMisreading):
    """The file of another feed: other columns under the same names, or other names."""

    code = "delivery.other_feed"
    sentence = "the values of another feed's file"

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, *, seed: int, earlier: pl.DataFrame | None = None
    ) -> Iterator[DeliveryMutant]:
        columns = [name for name in rows.columns if name != LINE]
        if contract.source.header:
            renamed = rows.rename({name: f"{name} (other)" for name in columns})
            yield DeliveryMutant(rows=renamed, code=self.code, fields=(), line="a file with other columns")
        turned = rows.with_columns(
            cells_of(source).alias(to) for to, source in zip(columns, columns[::-1], strict=True)
        )
        yield DeliveryMutant(rows=turned, code=self.code, fields=(), line="a file with its columns the other way round")


class Twice(FeedMisreading):
    """All rows are there twice."""

    code = "delivery.twice"
    sentence = "the same rows twice"

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, *, seed: int, earlier: pl.DataFrame | None = None
    ) -> Iterator[DeliveryMutant]:
        again = rows.with_columns(pl.col(LINE) + rows[LINE].max())
        yield DeliveryMutant(rows=pl.concat([rows, again]), code=self.code, fields=(), line="all rows twice")


class FixedWidthOffset(FeedMisreading):
    """A file of fixed widths read one place off: of every column the first character is lost, the next one's is in."""

    code = "text.offset"  # as the fields tell it
    sentence = "fixed-width columns read one place off"

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, *, seed: int, earlier: pl.DataFrame | None = None
    ) -> Iterator[DeliveryMutant]:
        columns = [name for name in rows.columns if name != LINE]
        for first in (0, 1):
            concerned = columns[first:]
            moved = rows.with_columns(_one_off(concerned))
            fields = tuple(name for name, spec in contract.fields.items() if str(spec.column) in concerned)
            line = f"read one place too late from {concerned[0]} on"
            yield DeliveryMutant(rows=moved, code=self.code, fields=fields, line=line)


def _one_off(columns: list[str]) -> Iterator[pl.Expr]:
    for name, behind in pairwise([*columns, ""]):
        width = cells_of(name).str.len_chars().max()
        line = cells_of(name).str.pad_end(width)
        if behind:
            line = line + cells_of(behind).str.slice(0, 1)
        yield line.str.slice(1).str.strip_chars().alias(name)
