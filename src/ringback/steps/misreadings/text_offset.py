"""A fixed-width column read one place too late, or too early."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ringback.model.field import FieldSpec
from ringback.steps.misreadings.misreading import AFTER, BEFORE, TEXTS, Misreading, Specificity

_SHORTEST = 3  # characters; of fewer, what is left would be alike by chance


class Offset(Misreading):
    """All characters moved by one place; what falls out at one end is replaced at the other, or not."""

    code = "text.offset"
    sentence = "its characters moved by one place, as fixed-width columns read one place off"
    specificity = Specificity.SOME
    types = TEXTS
    is_common = True

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        old, new = BEFORE.str.len_chars().cast(pl.Int64), AFTER.str.len_chars().cast(pl.Int64)
        rest = BEFORE.str.slice(1)
        late = AFTER.str.starts_with(rest) & (new - old >= -1) | (
            AFTER.str.contains(r"\s\S$") & (AFTER.str.replace(r"\s+\S$", "") == rest)
        )
        body = AFTER.str.slice(1).str.strip_chars_start()
        early = (body == BEFORE) | (AFTER.str.slice(1) == BEFORE.str.head(old - 1))
        return (old >= _SHORTEST) & (late | early)

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        yield "read one character too late", text.str.slice(1)
