"""The example of every format gives what stands beside it."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from ringback.model.contract import Format

from .formats import FOLDER, NAMES, told


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_a_format_gives_what_stands_beside_it(name: str) -> None:
    expected = json.loads((FOLDER / name / "expected.json").read_text(encoding="utf-8"))

    assert told(name) == expected


def test_every_format_but_csv_has_its_example() -> None:
    assert {*get_args(Format)} - {"csv"} <= set(NAMES)
