"""A means active under one table, and away under another.

Told from the column as a whole: where a table is exchanged, nearly all who had a code get the same other one. When
clients change their codes themselves, the change set has others who keep theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec
from ringback.steps.interpret.boolean import BooleanField
from ringback.steps.interpret.code import CodeField
from ringback.steps.misreadings.misreading import AFTER, BEFORE, Misreading, Specificity

_MOST_VALUES = 200  # a field with more different values has no table
_MOVED = 0.5  # of the records with a value, those that must come to the same other one
_FEWEST = 10  # records, of one value: that fewer change alike is no sign


class _Exchange(Misreading):
    """Whole groups of records with one value come to have the same other one."""

    specificity = Specificity.ANY
    is_told_by_column = True

    def explains(self, before: pl.Series, after: pl.Series, spec: FieldSpec) -> pl.Series:
        pairs = pl.DataFrame({"before": before, "after": after})
        moves = _moves(pairs) if before.n_unique() <= _MOST_VALUES else pairs.clear()
        if not self.is_exchange(moves, spec):
            return pl.repeat(value=False, n=before.len(), dtype=pl.Boolean, eager=True)
        told = moves.select("before", "after", pl.lit(value=True).alias("told"))
        joined = pairs.join(told, on=["before", "after"], how="left", maintain_order="left")
        return joined["told"].fill_null(value=False)

    def is_exchange(self, moves: pl.DataFrame, spec: FieldSpec) -> bool:
        """One move alone may be a decision about these clients; two at once are a table."""
        closed = spec.type == "code" or bool(moves["after"].is_in(moves["before"].implode()).all())
        return moves.height > 1 and closed

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        return pl.lit(value=True)


class CodeTable(_Exchange):
    """Codes that came to stand for something else."""

    code = "code.table"
    sentence = "its codes read by another table"
    types = ("code", "string")

    def respecified(self, spec: FieldSpec, contract: Contract) -> Iterator[Mapping[str, object]]:
        if not isinstance(spec, CodeField) or len(spec.codes) < 2:
            return
        codes, meanings = list(spec.codes), list(spec.codes.values())
        yield {"codes": dict(zip(codes, [meanings[1], meanings[0], *meanings[2:]], strict=True))}
        if len(codes) > 2:
            yield {"codes": dict(zip(codes, [*meanings[1:], meanings[0]], strict=True))}

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        if isinstance(spec, CodeField) and len(spec.codes) > 1:
            codes = list(spec.codes)
            turned = np.roll(codes, 1 + seed % (len(codes) - 1)).tolist()
            yield "codes by another table", text.replace(codes, turned)


class Polarity(_Exchange):
    """Yes taken for no."""

    code = "boolean.polarity"
    sentence = "yes and no exchanged"
    types = ("boolean",)

    def respecified(self, spec: FieldSpec, contract: Contract) -> Iterator[Mapping[str, object]]:
        if not isinstance(spec, BooleanField):
            return
        yield {"true_values": spec.false_values, "false_values": spec.true_values}

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        if not isinstance(spec, BooleanField):
            return
        yes, no = spec.true_values, spec.false_values
        there = [*yes, *no]
        back = [no[min(place, len(no) - 1)] for place in range(len(yes))]
        back += [yes[min(place, len(yes) - 1)] for place in range(len(no))]
        yield "yes and no exchanged", text.replace(there, back)


def _moves(pairs: pl.DataFrame) -> pl.DataFrame:
    """before, after: the new value of most records that had the old one, where that is another."""
    counts = pairs.drop_nulls().group_by("before", "after").agg(pl.len().alias("count"))
    of = pl.col("count").sum().over("before")
    return counts.filter((pl.col("count") > _MOVED * of) & (BEFORE != AFTER) & (pl.col("count") >= _FEWEST))
