"""A column sorted by itself, or pasted one row too low: every client has somebody else's value."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec
from ringback.steps.misreadings.misreading import AFTER, DeliveryMutant, Misreading, Specificity

_MOVED = 0.8  # of the old values that are new ones too: people who take over a number are fewer
_DIFFERENT = 0.5  # of the values, at least: where many clients share one, anybody's is somebody else's
_FEWEST = 20  # changed values


class Misaligned(Misreading):
    """Values moved to other clients."""

    code = "column.misaligned"
    sentence = "the value of another client"
    specificity = Specificity.ANY
    is_told_by_column = True
    types = (
        *("string", "email", "iban", "number", "phone", "json"),
        *("integer", "decimal", "date", "time", "datetime"),
    )

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        old, new = pairs["before"], pairs["after"]
        if old.len() < _FEWEST or old.n_unique() < _DIFFERENT * old.len():
            return pl.lit(value=False)
        kept = old.value_counts(name="old").join(new.alias("before").value_counts(name="new"), on="before")
        if kept.select(pl.min_horizontal("old", "new").sum()).item() < _MOVED * old.len():
            return pl.lit(value=False)
        return AFTER.is_in(old.implode())

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, field: str, *, where: pl.Series | None, seed: int
    ) -> Iterator[DeliveryMutant]:
        column = str(contract.fields[field].column)
        texts = rows[column].alias("text")
        hit = np.arange(rows.height) if where is None else where.arg_true().to_numpy()
        for line, order in (
            ("one row too low", np.roll(hit, 1)),
            ("shuffled", np.random.default_rng(seed).permutation(hit)),
        ):
            values = texts.scatter(hit, texts.gather(order)).alias(column)
            yield DeliveryMutant(rows=rows.with_columns(values), code=self.code, fields=(field,), line=line)
