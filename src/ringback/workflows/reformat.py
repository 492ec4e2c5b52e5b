"""Recipes over files: learned from pairs in a CSV file or from answers, saved, and run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ringback.contracts.recipe import RecipeFile, load_recipe
from ringback.contracts.recipe_text import recipe_text
from ringback.errors import ContractError, UsageError
from ringback.model.recipe import Rules
from ringback.model.reformat import Learned, Reformatted
from ringback.model.rows import cells_of
from ringback.workflows.recipe import Recipe, learn_recipe

ASKED = 8  # questions at most: who still has to answer then should show other examples
SHOWN = 5  # rows or lines without an answer that are told
Row = tuple[str, ...]
Answer = Callable[[Row, str | None], str | None]  # the row, what it would become -> what it should; None: enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to learn for: the columns of a file, and what the recipe is called."""

    name: str
    columns: tuple[str, ...]
    delimiter: str = ","


def learn_from_pairs(pairs: Path, rows: Path, wanted: Wanted, *, folder: Path) -> Learned:
    """A recipe from a CSV file of examples: the columns of `wanted`, then what each row becomes. It is saved.

    Raises: UsageError, where a file or a column is not there, or no recipe makes all examples.
    """
    shown = _texts(pairs, wanted.delimiter)
    lacking = [name for name in wanted.columns if name not in shown.columns]
    if lacking or len(shown.columns) != len(wanted.columns) + 1:
        raise UsageError(
            "the examples do not fit the columns",
            where=str(pairs),
            why=f"its header must be {wanted.delimiter.join((*wanted.columns, 'becomes'))}",
            mend="Write the columns that the recipe reads, then one with what the row becomes.",
        )
    (becomes,) = (name for name in shown.columns if name not in wanted.columns)
    given = zip(shown.select(map(cells_of, wanted.columns)).rows(), shown[becomes].to_list(), strict=True)
    return _learned(list(given), _rows(rows, wanted), wanted, folder)


def learn_by_asking(rows: Path, wanted: Wanted, answer: Answer, *, folder: Path) -> Learned:
    """A recipe from answers: the first row, then only rows on which what was learned so far is open or may be wrong.

    Raises: UsageError, where nothing was answered, or no recipe makes all answers.
    """
    inputs = _rows(rows, wanted)
    examples: list[tuple[Row, str]] = []
    for _ in range(ASKED):
        recipe = learn_recipe(examples, inputs) if examples else None
        row = _undecided(recipe, inputs, [shown for shown, _ in examples])
        if row is None:
            break
        wished = answer(row, recipe.run([row])[0] if recipe else None)
        if wished is None:
            break
        examples.append((row, wished))
    return _learned(examples, inputs, wanted, folder)


def _undecided(recipe: Recipe | None, inputs: Sequence[Row], shown: Sequence[Row]) -> Row | None:
    """The row to ask for: one without an answer."""
    open_rows = [row for row in inputs if row not in shown]
    if recipe is None:
        return open_rows[0] if open_rows else None
    made = recipe.run(open_rows)
    return next((row for row, text in zip(open_rows, made, strict=True) if text is None), None)


def _learned(examples: Sequence[tuple[Row, str]], inputs: Sequence[Row], wanted: Wanted, folder: Path) -> Learned:
    if not examples:
        raise UsageError("there is no example to learn from", mend="Answer for at least one row, or give --examples.")
    recipe = learn_recipe(examples, inputs)
    if recipe is None:
        raise UsageError(
            "no recipe makes all of these examples",
            why="either an example has a slip, or what they need is beyond recipes: a table, a checksum, an algorithm",
            mend="Look the examples over; what a table decides, write as a lookup step.",
        )
    path = folder / "recipes" / f"{wanted.name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(recipe_text(wanted.name, wanted.columns, recipe.rules), encoding="utf-8")
    made = recipe.run(inputs)
    return Learned(
        name=wanted.name,
        file=str(Path("recipes") / path.name),
        columns=wanted.columns,
        rules=recipe.rules,
        words=recipe.explain(),
        row_count=len(inputs),
        answered_count=sum(text is not None for text in made),
        open_rows=tuple(row for row, text in zip(inputs, made, strict=True) if text is None)[:SHOWN],
    )


def run_file(recipe: Path, file: Path, written: Path, *, delimiter: str = ",") -> Reformatted:
    """A CSV file through a recipe: all of its columns and one more, named as the recipe; no answer is an empty field.

    Raises: ContractError, for a recipe with faults or one that no longer makes its own examples; UsageError, where the
    file lacks a column.
    """
    saved = load_recipe(recipe)
    _require_examples(saved, recipe)
    frame = _texts(file, delimiter)
    lacking = [name for name in saved.columns if name not in frame.columns]
    if lacking:
        raise UsageError(
            f'there is no column "{lacking[0]}"',
            where=str(file),
            why=f"the recipe reads {', '.join(saved.columns)}",
            mend="Name the column so, or change `columns` in the recipe.",
        )
    made = Recipe(saved.rules).run_frame(frame.select(map(cells_of, saved.columns))).alias(saved.name)
    frame.with_columns(made).write_csv(written, separator=delimiter)
    unanswered = made.is_null().arg_true()
    return Reformatted(
        recipe=saved.name,
        file=str(file),
        written=str(written),
        column=saved.name,
        row_count=frame.height,
        answered_count=frame.height - len(unanswered),
        unanswered_lines=tuple(row + 2 for row in unanswered.head(SHOWN)),
    )


def _require_examples(saved: RecipeFile, path: Path) -> None:
    rules: Rules = saved.rules
    made = Recipe(rules).run([example.inputs for example in rules.examples])
    for number, (example, text) in enumerate(zip(rules.examples, made, strict=True), 1):
        if (text or "") != example.output:
            fault = f"{path}: example {number} does not come out as it says"
            raise ContractError(
                f"{path} does not make its own examples", why="the recipe was changed since", faults=(fault,)
            )


def _rows(file: Path, wanted: Wanted) -> list[Row]:
    frame = _texts(file, wanted.delimiter)
    lacking = next((name for name in wanted.columns if name not in frame.columns), None)
    if lacking is not None:
        raise UsageError(
            f'there is no column "{lacking}"', where=str(file), mend=f"Choose from: {', '.join(frame.columns)}."
        )
    return frame.select(map(cells_of, wanted.columns)).unique(maintain_order=True).rows()


def _texts(file: Path, delimiter: str) -> pl.DataFrame:
    """A CSV file with every field as text; an empty field is an empty text."""
    try:
        return pl.read_csv(file, separator=delimiter, infer_schema=False).fill_null("")
    except (OSError, pl.exceptions.PolarsError) as fault:
        why = fault.strerror if isinstance(fault, OSError) else "it is no CSV file that can be read as UTF-8"
        raise UsageError("the file cannot be read", where=str(file), why=why or "") from None
