"""Recipes over whole columns mean what they mean one value at a time."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.steps.reformat.recipes import rows, rules

from ringback.model.recipe import Rules
from ringback.steps.reformat.reference import agreed
from ringback.steps.reformat.run import reformatted


@given(rules, st.lists(rows, min_size=1, max_size=12))
@settings(max_examples=120, deadline=None)
def test_a_recipe_makes_of_whole_columns_what_it_makes_of_each_row(recipe: Rules, table: list[tuple[str, str]]) -> None:
    frame = pl.DataFrame(table, schema={"one": pl.String, "other": pl.String}, orient="row")

    made = frame.select(made=reformatted(recipe, [pl.col("one"), pl.col("other")]))["made"].to_list()

    assert made == [agreed(recipe, row) for row in table]
