"""code: a short text that stands for a longer one."""

from __future__ import annotations

import pytest

from ringback.steps.interpret.code import CodeField

STATUS = CodeField(column="n", codes={"A": "active", "S": "suspended", "01": "new", "": "none", "é": "accent"})


def test_both_readers_read_every_text_alike(readers_agree) -> None:
    readers_agree(STATUS, list(STATUS.codes))


@pytest.mark.parametrize(
    ("text", "value"), [("A", "active"), ("01", "new"), ("a", None), ("1", None), ("active", None)]
)
def test_only_the_listed_codes_mean_something(text: str, value: str | None, read) -> None:
    assert read(STATUS, text) == value
