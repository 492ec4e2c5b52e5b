"""reformat at the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Call


@pytest.fixture
def files(folder: Path) -> Path:
    """A column of names and two examples."""
    (folder / "names.csv").write_text('Name\n"Brook, Ana"\n"Cole, Ben"\n"Dane, Zoe"\nProspect\n', encoding="utf-8")
    (folder / "pairs.csv").write_text('Name,becomes\n"Brook, Ana",Ana Brook\n"Cole, Ben",Ben Cole\n', encoding="utf-8")
    return folder


def learn(call: Call) -> dict[str, object]:
    told = call(
        "reformat", "learn", "names.csv", "--column", "Name", "--name", "full", "--examples", "pairs.csv", "--json"
    )
    assert told.code == 0
    answer = told.json
    assert isinstance(answer, dict)
    return answer


def test_a_recipe_is_learned_saved_and_run(files: Path, call: Call) -> None:
    learned = learn(call)
    ran = call("reformat", "run", "recipes/full.yaml", "names.csv", "--out", "out.csv", "--json")

    assert (learned["answered_count"], learned["row_count"]) == (3, 4)
    assert ran.code == 0
    assert ran.json["unanswered_lines"] == [5]
    assert (files / "out.csv").read_text(encoding="utf-8").splitlines()[3] == '"Dane, Zoe",Zoe Dane'


def test_a_recipe_that_no_longer_makes_its_examples_is_not_run(files: Path, call: Call) -> None:
    learn(call)
    path = files / "recipes" / "full.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('gives: "Ana Brook"', 'gives: "Ana"'), encoding="utf-8")

    ran = call("reformat", "run", "recipes/full.yaml", "names.csv", "--out", "out.csv")

    assert ran.code == 2
    assert "example 1 does not come out" in ran.err
    assert not (files / "out.csv").exists()


def test_a_column_that_is_not_there_is_named(files: Path, call: Call) -> None:
    told = call("reformat", "learn", "names.csv", "--column", "Nam", "--name", "full", "--examples", "pairs.csv")

    assert told.code == 2
    assert "pairs.csv" in told.err


def test_nobody_is_asked_where_nobody_sits(files: Path, call: Call) -> None:
    told = call("reformat", "learn", "names.csv", "--column", "Name", "--name", "full")

    assert told.code == 2
    assert "--examples" in told.err
