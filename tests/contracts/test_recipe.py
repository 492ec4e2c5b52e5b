"""Recipes as files: written and read back, and each fault told at its place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from tests.steps.reformat.recipes import rules

from ringback.contracts.recipe import parse_recipe
from ringback.contracts.recipe_text import recipe_text
from ringback.errors import ContractError
from ringback.model.recipe import Rules

SHORT_NAME = """recipe: short_name
columns: [name]
cases:
  - join:
      - column: name
        steps:
          - upto: {characters: 1}
      - text: ". "
      - column: name
        steps:
          - from: {side: after, number: -1, literal: " "}
examples:
  - {row: ["Ada Lovelace"], gives: "A. Lovelace"}
"""


@given(rules)
@settings(max_examples=100, deadline=None)
def test_a_recipe_that_is_written_reads_back_as_the_same(recipe: Rules) -> None:
    text = recipe_text("drawn", ("one", "other"), recipe)

    assert parse_recipe(text, name="recipes/drawn.yaml").rules == recipe


@pytest.mark.parametrize(
    ("was", "became", "line", "said"),
    [
        ("upto:", "up_to:", 7, "did you mean"),
        ("{characters: 1}", "{characters: one}", 7, "write a whole number"),
        (
            "column: name\n        steps:\n          - from",
            "column: nam\n        steps:\n          - from",
            9,
            '"name"',
        ),
        ("side: after", "side: behind", 11, "before, after"),
        ('literal: " "', 'liberal: " "', 11, "liberal"),
        ("cases:", "case:", 3, "cases"),
        ('literal: " "', 'literal: ""', 3, "cannot be empty"),
        ("number: -1", "number: 0", 3, "0 is none"),
        ('["Ada Lovelace"]', '["Ada", "Lovelace"]', 12, "2 texts, not 1"),
    ],
)
def test_a_fault_is_told_at_its_line(was: str, became: str, line: int, said: str) -> None:
    assert was in SHORT_NAME
    text = SHORT_NAME.replace(was, became, 1)

    with pytest.raises(ContractError) as refused:
        parse_recipe(text, name="recipes/short_name.yaml")

    told = "\n".join(refused.value.faults)
    assert f"line {line}," in told
    assert said in told
