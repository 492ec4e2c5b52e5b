"""A column that is one character too narrow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import polars as pl

from ringback.model.field import FieldSpec
from ringback.steps.misreadings.misreading import AFTER, BEFORE, Misreading, Specificity

_SHORTEST = 3  # characters left; of fewer, too many texts are the beginning
_ALIKE = 0.8  # of the texts that are a beginning of the old one, those that the length must explain
_DIFFERENT = 3  # texts that are left, at least: one alone is rather a new name for something


class Cut(Misreading):
    """Cut to one length, in characters or in bytes."""

    code = "text.cut"
    sentence = "its end cut off"
    specificity = Specificity.FEW
    types = ("string", "email", "number")

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        cut = pairs.filter(BEFORE.str.starts_with(AFTER) & (AFTER.str.len_chars() >= _SHORTEST))
        if cut.is_empty():
            return pl.lit(value=False)
        in_chars, in_bytes = (_cut_at(cut, length) for length in (AFTER.str.len_chars(), AFTER.str.len_bytes()))
        by_char = BEFORE.str.head(in_chars).str.strip_chars_end() == AFTER
        next_letter = BEFORE.str.slice(AFTER.str.len_chars(), 1).str.len_bytes()
        full = AFTER.str.len_bytes().is_between(in_bytes - 3, in_bytes) & (
            AFTER.str.len_bytes() + next_letter > in_bytes
        )
        rules = (by_char, BEFORE.str.starts_with(AFTER) & full)
        told = [rule & (AFTER.str.len_chars() >= _SHORTEST) for rule in rules if _is_one_cut(cut.filter(rule), cut)]
        return pl.any_horizontal(told) if told else pl.lit(value=False)

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        for length in (5, 10, 20):
            yield f"cut to {length} characters", text.str.head(length)


def _is_one_cut(explained: pl.DataFrame, cut: pl.DataFrame) -> bool:
    return explained.height >= _ALIKE * cut.height and explained["after"].n_unique() >= _DIFFERENT


def _cut_at(cut: pl.DataFrame, length: pl.Expr) -> int:
    """The length that most of them are cut to."""
    return cast("int", cut.select(length.alias("length"))["length"].value_counts(sort=True)["length"][0])
