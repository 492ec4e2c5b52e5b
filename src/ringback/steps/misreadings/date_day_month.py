"""03/04/1980 is the 3rd of April, or the 4th of March."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec
from ringback.steps.misreadings.days import format_of, moved_to, on_the_wall, read_local, same_time, written
from ringback.steps.misreadings.misreading import AFTER, BEFORE, Misreading, Specificity

_EXCHANGED = {"%d": "%m", "%-d": "%-m", "%m": "%d", "%-m": "%-d"}


class DayMonth(Misreading):
    """Day and month exchanged."""

    code = "date.day_month"
    sentence = "day and month exchanged"
    specificity = Specificity.ONE
    types = ("date", "datetime")

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        before, after = on_the_wall(BEFORE, spec), on_the_wall(AFTER, spec)
        crossed = (after.dt.day() == before.dt.month()) & (after.dt.month() == before.dt.day())
        return crossed & (after.dt.year() == before.dt.year()) & same_time(before, after, spec)

    def respecified(self, spec: FieldSpec, contract: Contract) -> Iterator[Mapping[str, object]]:
        letters = [letter for letter in _EXCHANGED if letter in format_of(spec)]
        if len(letters) == 2:
            yield {"format": _letters_exchanged(format_of(spec))}

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        yield self.sentence, written(_exchanged(read_local(text, spec)), spec)


def _exchanged(local: pl.Expr) -> pl.Expr:
    """Null where the day is no month."""
    return moved_to(local, local.dt.year(), local.dt.day(), local.dt.month())


def _letters_exchanged(format_: str) -> str:
    for letter, other in _EXCHANGED.items():
        format_ = format_.replace(letter, other.replace("%", "\0"))
    return format_.replace("\0", "%")
