"""Midnight in one zone is the day before in another."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ringback.model.field import FieldSpec
from ringback.steps.misreadings.days import read_local, written
from ringback.steps.misreadings.misreading import AFTER, BEFORE, Misreading, Specificity


class DayShift(Misreading):
    """All days moved by one, the same way."""

    code = "date.day_shift"
    sentence = "one day added or taken away"
    specificity = Specificity.FEW
    types = ("date",)

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        moved = pairs.select(moved=(AFTER - BEFORE).dt.total_days())["moved"]
        step = 1 if (moved == 1).sum() >= (moved == -1).sum() else -1
        return (AFTER - BEFORE).dt.total_days() == step

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        for step, word in ((-1, "earlier"), (1, "later")):
            yield f"one day {word}", written(read_local(text, spec).dt.offset_by(f"{step}d"), spec)
