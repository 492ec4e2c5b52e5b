"""Patterns of contracts: in linear time, for whole texts."""

from __future__ import annotations

import random
import re
import time

import polars as pl
import pytest

from ringback.steps.interpret.patterns import fits, fits_each, fits_one


@pytest.mark.parametrize(
    ("pattern", "text", "fitting"),
    [("A|BC", "A", True), ("A|BC", "AC", False), ("a", "a\n", False), ("a", "xa", False), ("(?m)a$", "a\nb", False)],
)
def test_a_pattern_is_about_the_whole_text(pattern: str, text: str, fitting: bool) -> None:
    assert fits_one(text, pattern) is fitting
    assert pl.select(fits(pl.lit(text), pattern)).item() is fitting


def test_no_text_makes_a_pattern_slow() -> None:
    since = time.monotonic()

    assert not fits_one("a" * 50_000 + "!", "(a+)+")
    assert time.monotonic() - since < 5


def test_where_python_has_the_same_words_it_means_the_same_by_them() -> None:
    dice = random.Random(1)
    texts = ["".join(dice.choice("ab1-. \n") for _ in range(dice.randrange(6))) for _ in range(2_000)]

    for pattern in (r"[ab]+", r"\d*-?\d", "a|ab|b.", r"(?:ab?)+", r"[^a]{2,3}", r"a*?b", r"\.| +"):
        assert fits_each(texts, pattern) == {text: re.fullmatch(pattern, text) is not None for text in texts}
