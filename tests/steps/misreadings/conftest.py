"""Short ways to ask a misreading about values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import polars as pl
import pytest

from ringback.model.field import FieldSpec
from ringback.steps.interpret import FIELD_TYPES
from ringback.steps.misreadings import MISREADINGS, Misreading

Explained: TypeAlias = Callable[..., list[bool]]


def misreading(code: str) -> Misreading:
    return next(each for each in MISREADINGS if each.code == code)


def field(type_: str, **keys: object) -> FieldSpec:
    return FIELD_TYPES[type_].model_validate({"from": "Value", **keys})


@pytest.fixture
def explained() -> Explained:
    """explained("date.day_month", field, [(before, after), ...]): where the misreading explains the change."""

    def ask(code: str, spec: FieldSpec, pairs: Sequence[tuple[object, object]]) -> list[bool]:
        before, after = (pl.Series(values, dtype=spec.dtype, strict=False) for values in zip(*pairs, strict=True))
        answers = misreading(code).explains(before, after, spec)
        assert answers.dtype == pl.Boolean
        assert answers.null_count() == 0
        return answers.to_list()

    return ask


@pytest.fixture(name="field")
def field_fixture() -> Callable[..., FieldSpec]:
    """field("date", format="%d/%m/%Y"): a field's spec."""
    return field


@pytest.fixture(name="misreading")
def misreading_fixture() -> Callable[[str], Misreading]:
    """misreading("date.day_month"): the catalogue's entry."""
    return misreading
