"""boolean: the listed texts, letter for letter."""

from __future__ import annotations

import pytest

from ringback.steps.interpret.boolean import BooleanField

GERMAN = BooleanField(column="n", true_values=("ja", "J"), false_values=("nein", "N", ""))


@pytest.mark.parametrize("spec", [BooleanField(column="n"), GERMAN], ids=["default", "german"])
def test_both_readers_read_every_text_alike(spec: BooleanField, readers_agree) -> None:
    readers_agree(spec, [*spec.true_values, *spec.false_values, "yes", "true "])


@pytest.mark.parametrize(("text", "value"), [("ja", True), ("J", True), ("nein", False), ("JA", None), ("ja ", None)])
def test_only_the_listed_texts_mean_something(text: str, value: bool | None, read) -> None:
    assert read(GERMAN, text) is value


def test_one_text_cannot_be_true_and_false() -> None:
    with pytest.raises(ValueError, match="'1' cannot be true and false"):
        BooleanField(column="n", true_values=("1",), false_values=("1", "0"))
