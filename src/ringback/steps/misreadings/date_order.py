"""05-04-03 is a day of 2005, or of 2003."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations

import polars as pl

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec
from ringback.steps.misreadings.days import format_of, moved_to, on_the_wall, read_local, same_time, written
from ringback.steps.misreadings.misreading import AFTER, BEFORE, Misreading, Specificity

_LETTERS = ("%y", "%m", "%d")


class DateOrder(Misreading):
    """The two digits of the year exchanged with those of the month or the day."""

    code = "date.order"
    sentence = "the two digits of the year taken for the day or the month"
    specificity = Specificity.FEW
    types = ("date", "datetime")

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        before, after = on_the_wall(BEFORE, spec), on_the_wall(AFTER, spec)
        old, new = _numbers(before), _numbers(after)
        orders = [order for order in permutations(range(3)) if order[0] != 0]
        return same_time(before, after, spec) & pl.any_horizontal(
            pl.all_horizontal(new[place] == old[source] for place, source in enumerate(order)) for order in orders
        )

    def respecified(self, spec: FieldSpec, contract: Contract) -> Iterator[Mapping[str, object]]:
        parts = {letter: place for letter in _LETTERS if (place := format_of(spec).find(letter)) >= 0}
        if len(parts) < len(_LETTERS):
            return
        places = sorted(parts.values())
        for order in permutations(_LETTERS):
            moved_year = order[places.index(parts["%y"])] != "%y"
            if moved_year:
                yield {"format": _with_letters(format_of(spec), places, order)}

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        local = read_local(text, spec)
        year, _, day = _numbers(local)
        exchanged = moved_to(local, local.dt.year() - year + day, local.dt.month(), year)
        yield "the year's two digits and the day exchanged", written(exchanged, spec)


def _numbers(local: pl.Expr) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    return local.dt.year() % 100, local.dt.month().cast(pl.Int32), local.dt.day().cast(pl.Int32)


def _with_letters(format_: str, places: list[int], letters: tuple[str, ...]) -> str:
    for place, letter in zip(places, letters, strict=True):
        format_ = format_[:place] + letter + format_[place + 2 :]
    return format_
