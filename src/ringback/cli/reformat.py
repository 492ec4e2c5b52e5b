"""reformat: recipes from examples, and files through recipes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ringback.cli.frame import JsonOption, guarded, remark, tell
from ringback.errors import UsageError
from ringback.report.reformat import learned_text, reformatted_text
from ringback.workflows.reformat import Row, Wanted, learn_by_asking, learn_from_pairs, run_file

reformat = typer.Typer(
    help="Reformat text by recipes: learned from examples, saved as YAML, run over files.\n\n"
    "Example: ringback reformat learn clients.csv --column Name --name short_name",
    no_args_is_help=True,
    rich_markup_mode=None,
)

DelimiterOption = Annotated[str, typer.Option("--delimiter", metavar="C", help="Of the CSV files.")]


def learn(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file with the rows to reformat.")],
    column: Annotated[list[str], typer.Option("--column", metavar="NAME", help="What it reads; may be repeated.")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="What the recipe is called.")],
    examples: Annotated[
        Path | None, typer.Option("--examples", metavar="CSV", help="The columns, then what a row becomes.")
    ] = None,
    delimiter: DelimiterOption = ",",
    project: Annotated[
        Path, typer.Option("--project", metavar="DIR", help="Where recipes/ is; default: here.")
    ] = Path(),
    json: JsonOption = False,
) -> None:
    """Learn a recipe from a few examples, and save it in recipes/NAME.yaml with them.

    Without --examples it asks: for the first row, then only for rows that what it learned so far leaves open.

    Example: ringback reformat learn clients.csv --column Name --name short_name --examples pairs.csv
    """
    wanted = Wanted(name=_checked(name), columns=tuple(column), delimiter=delimiter)
    if examples is not None:
        learned = learn_from_pairs(examples, file, wanted, folder=project)
    elif sys.stdin.isatty():
        learned = learn_by_asking(file, wanted, _ask, folder=project)
    else:
        raise UsageError("there are no examples, and nobody to ask", mend="Give --examples pairs.csv.")
    tell(learned, lambda: learned_text(learned), json=json)


def run(
    recipe: Annotated[Path, typer.Argument(metavar="RECIPE", help="The recipe's file: recipes/NAME.yaml.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file.")],
    out: Annotated[Path, typer.Option("--out", metavar="CSV", help="The file to write.")],
    delimiter: DelimiterOption = ",",
    json: JsonOption = False,
) -> None:
    """Run a file through a recipe: its columns and one more, named as the recipe.

    Rows that the recipe was not made for have no answer: the field stays empty, and their lines are told.

    Example: ringback reformat run recipes/short_name.yaml clients.csv --out statements.csv
    """
    made = run_file(recipe, file, out, delimiter=delimiter)
    tell(made, lambda: reformatted_text(made), json=json)


def _checked(name: str) -> str:
    if not name.isidentifier() or not name.isascii():
        raise UsageError(f'"{name}" is no name for a recipe', mend="Write letters, digits and _, a letter first.")
    return name


def _ask(row: Row, made: str | None) -> str | None:
    """At the terminal; an empty line takes what is shown, or ends the questions."""
    remark(f"  {' | '.join(row)}")
    answer = typer.prompt("  becomes", default=made or "", show_default=made is not None, err=True)
    return str(answer) or None


reformat.command("learn")(guarded(learn))
reformat.command("run")(guarded(run))
