"""integer: a whole number."""

from __future__ import annotations

import pytest

from ringback.steps.interpret.integer import IntegerField

PLAIN = IntegerField(column="n")
GROUPED = IntegerField(column="n", group=".")
SPACED = IntegerField(column="n", group="\u202f", sign="trailing")


@pytest.mark.parametrize("spec", [PLAIN, GROUPED, SPACED], ids=["plain", "grouped", "sign behind"])
def test_both_readers_read_every_text_alike(spec, readers_agree) -> None:
    mark = spec.group or ""
    edges = ["9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809"]
    grouped = ["1", "999", f"12{mark}345", f"1{mark}234{mark}567", f"+1{mark}000", f"7{mark}000-", "0" * 30 + "5"]

    readers_agree(spec, [*edges, *(edge[1:] + edge[:1] for edge in edges), *grouped, *grouped])


@pytest.mark.parametrize(
    ("text", "value"), [("0", 0), ("007", 7), ("-12", -12), ("+5", 5), ("-0", 0), ("9223372036854775807", 2**63 - 1)]
)
def test_a_whole_number_is_read(text: str, value: int, read) -> None:
    assert read(PLAIN, text) == value


@pytest.mark.parametrize(
    "text", ["", "1e5", "0x10", "--5", "5-", "1.0", "1,234", "1_000", " 5", "٣", "１２", "NaN", "9223372036854775808"]
)
def test_anything_else_is_not_readable(text: str, read) -> None:
    assert read(PLAIN, text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("1.234.567", 1_234_567), ("1234567", 1_234_567), ("12.34", None), (".123", None)]
)
def test_group_marks_stand_only_before_three_digits(text: str, value: int | None, read) -> None:
    assert read(GROUPED, text) == value


@pytest.mark.parametrize(("text", "value"), [("12-", -12), ("12+", 12), ("-12", None)])
def test_the_sign_stands_where_the_contract_has_it(text: str, value: int | None, read) -> None:
    assert read(IntegerField(column="n", sign="trailing"), text) == value


@pytest.mark.parametrize("mark", ["", "1", "-", "x", ".."])
def test_a_group_mark_is_one_character_that_is_part_of_no_number(mark: str) -> None:
    with pytest.raises(ValueError, match="groupChar"):
        IntegerField.model_validate({"from": "n", "groupChar": mark})
