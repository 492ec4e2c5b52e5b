"""45 is 1945, or 2045."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec
from ringback.steps.interpret.date import DateField
from ringback.steps.interpret.datetime import DatetimeField
from ringback.steps.misreadings.days import moved_to, on_the_wall, read_local, same_time, written
from ringback.steps.misreadings.misreading import AFTER, BEFORE, Misreading, Specificity

_PIVOT_YEAR = 1969  # POSIX strptime: 69 to 99 are of the 1900s


class Century(Misreading):
    """The year put into another century."""

    code = "date.century"
    sentence = "the year in another century"
    specificity = Specificity.FEW
    types = ("date", "datetime")

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        before, after = on_the_wall(BEFORE, spec), on_the_wall(AFTER, spec)
        moved = (after.dt.year() - before.dt.year()).abs() == 100
        same_day = (after.dt.month() == before.dt.month()) & (after.dt.day() == before.dt.day())
        return moved & same_day & same_time(before, after, spec)

    def respecified(self, spec: FieldSpec, contract: Contract) -> Iterator[Mapping[str, object]]:
        if not isinstance(spec, DateField | DatetimeField):
            return
        if spec.pivot is not None:
            for pivot in (spec.pivot - 100, spec.pivot - 30, spec.pivot + 30, spec.pivot + 70):
                yield {"pivot": pivot}

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        local = read_local(text, spec)
        old = local.dt.year().is_between(1900, _PIVOT_YEAR - 1)
        year = local.dt.year() + pl.when(old).then(100).when(local.dt.year() >= 2000).then(-100).otherwise(0)
        later = moved_to(local, pl.when(old).then(year), local.dt.month(), local.dt.day())
        yield f"years before {_PIVOT_YEAR} put a hundred years later", written(later, spec)
        earlier = moved_to(local, pl.when(local.dt.year() >= 2000).then(year), local.dt.month(), local.dt.day())
        yield "years from 2000 put a hundred years earlier", written(earlier, spec)
