"""Recipes from Python, and by questions."""

from __future__ import annotations

from pathlib import Path

import pytest

import ringback
from ringback.errors import UsageError
from ringback.workflows.reformat import Wanted, learn_by_asking


def test_a_recipe_learned_from_python_runs_and_explains_itself() -> None:
    recipe = ringback.learn([(["Ana", "Brook"], "A. Brook"), (["Ben", "Cole"], "B. Cole")], [["Zoe", "Dane"]])

    assert recipe is not None
    assert recipe.run([["Zoe", "Dane"], ["", "Fox"]]) == ["Z. Dane", None]
    assert recipe.run([["Zoe", "Dane"]] * 60) == ["Z. Dane"] * 60
    assert recipe.explain() == 'Column 1: its first character, then ". ", then column 2.'


def test_rows_of_another_width_are_refused() -> None:
    recipe = ringback.learn([(["a-1"], "1"), (["b-2"], "2")])

    assert recipe is not None
    with pytest.raises(UsageError):
        recipe.run([["a-1", "b"]])
    with pytest.raises(UsageError):
        ringback.learn([(["a"], "a")], [["a", "b"]])


def test_only_rows_that_are_open_are_asked_for(tmp_path: Path) -> None:
    names = ["Ana Brook", "Ben Cole", "Eva Fox", "Zoe Mary Dane", "Ida Hill"]
    (tmp_path / "names.csv").write_text("\n".join(["Name", *names]), encoding="utf-8")
    asked: list[str] = []

    def answer(row: tuple[str, ...], made: str | None) -> str | None:
        asked.append(row[0])
        return row[0].split()[-1]

    learned = learn_by_asking(tmp_path / "names.csv", Wanted(name="last", columns=("Name",)), answer, folder=tmp_path)

    assert learned.answered_count == 5
    assert "Zoe Mary Dane" in asked
    assert len(asked) < 4
