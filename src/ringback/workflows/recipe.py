"""A recipe as people use it: learned from examples, run over rows, told in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ringback.errors import UsageError
from ringback.model.recipe import Example, Rules
from ringback.model.rows import cells_of
from ringback.steps.learn.choose import choose
from ringback.steps.reformat.reference import agreed
from ringback.steps.reformat.run import reformatted
from ringback.steps.reformat.wording import explained

FEW = 50  # rows that are made one at a time: setting up whole columns takes longer


@dataclass(frozen=True, slots=True)
class Recipe:
    """Saved steps that reformat text."""

    rules: Rules

    @property
    def columns(self) -> int:
        """How many texts a row has."""
        return self.rules.formula.columns

    def run(self, rows: Sequence[Sequence[str]]) -> list[str | None]:
        """What each row becomes; None: no answer, because the row is not as the recipe was made for.

        Raises: UsageError, where a row has not as many texts as the recipe has columns.
        """
        if any(len(row) != self.columns for row in rows):
            raise UsageError(
                "a row has another number of columns than the recipe",
                why=f"the recipe was made for {self.columns}",
                mend="Give each row as a list with one text a column.",
            )
        if len(rows) < FEW:
            return [agreed(self.rules, row) for row in rows]
        return self.run_frame(pl.DataFrame(list(rows), schema=self._schema(), orient="row")).to_list()

    def run_frame(self, frame: pl.DataFrame) -> pl.Series:
        """The same over a frame whose columns are texts, in the recipe's order."""
        return frame.select(made=reformatted(self.rules, [cells_of(name) for name in frame.columns]))["made"]

    def explain(self) -> str:
        """What it does, in plain words."""
        return explained(self.rules)

    def _schema(self) -> dict[str, type[pl.String]]:
        return {f"column_{number}": pl.String for number in range(1, self.columns + 1)}


def learn_recipe(examples: Sequence[tuple[Sequence[str], str]], inputs: Sequence[Sequence[str]] = ()) -> Recipe | None:
    """The simplest recipe that makes every example and does well on the other inputs; None where none is found.

    Raises: UsageError, where there is no example, or rows differ in their number of columns.
    """
    shown = [Example(inputs=tuple(row), output=output or "") for row, output in examples]
    if not shown:
        raise UsageError("there is no example to learn from", mend="Give at least one row and what it becomes.")
    widths = {len(example.inputs) for example in shown} | {len(row) for row in inputs}
    if len(widths) > 1:
        raise UsageError("rows have different numbers of columns", mend="Give each row one text a column.")
    rules = choose(shown, inputs)
    return None if rules is None else Recipe(rules)
