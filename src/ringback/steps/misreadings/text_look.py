"""The same letters, looking otherwise: capitals, spaces, quotes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec
from ringback.steps.misreadings.misreading import AFTER, BEFORE, TEXTS, Misreading, Specificity


class Case(Misreading):
    """Small and capital letters changed."""

    code = "text.case"
    sentence = "small and capital letters changed"
    specificity = Specificity.FEW
    types = TEXTS
    is_common = True

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        return _folded(BEFORE) == _folded(AFTER)

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        yield "all in capitals", text.str.to_uppercase()
        yield "all in small letters", text.str.to_lowercase()


class Spaces(Misreading):
    """White space lost or added."""

    code = "text.spaces"
    sentence = "spaces lost or added"
    specificity = Specificity.FEW
    types = (*TEXTS, "json")
    is_common = True

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        return BEFORE.str.replace_all(r"\s+", "") == AFTER.str.replace_all(r"\s+", "")

    def respecified(self, spec: FieldSpec, contract: Contract) -> Iterator[Mapping[str, object]]:
        yield {"trim": not spec.trim}

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        yield "padded to 30 characters with spaces", text.str.pad_end(30)
        yield "spaces lost", text.str.replace_all(" ", "", literal=True)


class Punctuation(Misreading):
    """Punctuation lost, added or changed."""

    code = "text.punctuation"
    sentence = "its punctuation changed"
    specificity = Specificity.SOME
    types = TEXTS
    is_common = True

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        bare = [text.str.replace_all(r"[^\p{L}\p{M}\p{N}]+", "") for text in (BEFORE, AFTER)]
        return (bare[0] == bare[1]) & (bare[0] != "")

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        yield "punctuation lost", text.str.replace_all(r"[,.;'\-]", "")


class Quotes(Misreading):
    """Quotes kept as if they were text, or taken away."""

    code = "text.quotes"
    sentence = "quotes around it kept or lost"
    specificity = Specificity.ONE
    types = (*TEXTS, "json")
    is_common = True

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        return pl.any_horizontal(
            _quoted(old, mark) == new for mark in ('"', "'") for old, new in ((BEFORE, AFTER), (AFTER, BEFORE))
        )

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        yield "quotes kept as text", _quoted(text, '"')


def _folded(text: pl.Expr) -> pl.Expr:
    """Both ways, so that ß and SS, σ and ς are one."""
    return text.str.to_uppercase().str.to_lowercase()


def _quoted(text: pl.Expr, mark: str) -> pl.Expr:
    return mark + text.str.replace_all(mark, mark * 2, literal=True) + mark
