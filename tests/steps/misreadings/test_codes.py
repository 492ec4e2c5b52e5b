"""Codes, yes and no, and words for missing values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from ringback.model.field import FieldSpec
from ringback.steps.misreadings import Misreading

Explained = Callable[..., list[bool]]
Field = Callable[..., FieldSpec]


@pytest.fixture
def status(field: Field) -> FieldSpec:
    return field("code", codes={"A": "active", "S": "suspended", "C": "closed"})


def test_codes_that_are_all_read_by_another_table_are_told(explained: Explained, status: FieldSpec) -> None:
    exchanged = [("active", "suspended")] * 60 + [("suspended", "active")] * 20 + [("closed", "closed")] * 10
    untouched = [("active", "active")] * 5  # their balance changed

    assert explained("code.table", status, exchanged + untouched) == [True] * 80 + [False] * 15


def test_clients_who_are_suspended_while_others_stay_active_are_no_table(
    explained: Explained, status: FieldSpec
) -> None:
    honest = [("active", "suspended")] * 30 + [("suspended", "active")] * 15 + [("active", "active")] * 300
    honest += [("suspended", "suspended")] * 20

    assert not any(explained("code.table", status, honest))


def test_closing_all_suspended_clients_is_a_decision_and_no_table(explained: Explained, status: FieldSpec) -> None:
    assert not any(explained("code.table", status, [("suspended", "closed")] * 50 + [("active", "active")] * 50))


def test_yes_and_no_exchanged_is_told_and_a_changed_mind_is_not(explained: Explained, field: Field) -> None:
    exchanged = [(True, False)] * 30 + [(False, True)] * 30
    honest = [(True, False)] * 20 + [(False, True)] * 15 + [(True, True)] * 50 + [(False, False)] * 40

    assert explained("boolean.polarity", field("boolean"), exchanged) == [True] * 60
    assert not any(explained("boolean.polarity", field("boolean"), honest))


@pytest.mark.parametrize(
    ("type_", "keys", "word", "value"),
    [
        ("string", {}, "N/A", "Elm Grove"),
        ("string", {}, "", "Elm Grove"),
        ("date", {"format": "%Y-%m-%d"}, date(1900, 1, 1), date(1980, 4, 3)),
        ("date", {"format": "%Y-%m-%d"}, date(9999, 12, 31), date(1980, 4, 3)),
        ("integer", {}, 0, 12),
        ("decimal", {"scale": 2}, Decimal("0.00"), Decimal("12.50")),
    ],
)
def test_words_for_missing_values_are_told_both_ways(
    explained: Explained, field: Field, type_: str, keys: dict[str, object], word: object, value: object
) -> None:
    spec = field(type_, **keys)

    assert explained("missing.as_value", spec, [(None, word), (None, value), (value, word)]) == [True, False, False]
    assert explained("missing.as_missing", spec, [(word, None), (value, None), (word, value)]) == [True, False, False]


def test_one_value_for_all_who_had_none_is_told(explained: Explained, field: Field) -> None:
    alike = [(None, "unbekannt verzogen")] * 30 + [(None, "Elm Grove 7")]
    honest = [(None, f"{number} Elm Grove") for number in range(40)]

    assert explained("missing.filled_alike", field("string"), alike) == [True] * 30 + [False]
    assert not any(explained("missing.filled_alike", field("string"), honest))


def test_a_column_left_empty_is_told_and_some_numbers_given_up_are_not(explained: Explained, field: Field) -> None:
    emptied = [(f"+4420794601{number}", None) for number in range(10, 60)] + [(None, None)] * 10
    honest = [(f"+4420794601{number}", None) for number in range(10, 30)]
    honest += [(f"+4420794602{number}", f"+4420794602{number}") for number in range(10, 60)]

    assert explained("missing.left_out", field("phone", region="GB"), emptied) == [True] * 50 + [False] * 10
    assert not any(explained("missing.left_out", field("phone", region="GB"), honest))


def test_values_shuffled_among_clients_are_told_and_numbers_taken_over_are_not(
    explained: Explained, field: Field
) -> None:
    numbers = [f"+1202555{number:04}" for number in range(1000, 1060)]
    shuffled = list(zip(numbers, [*numbers[1:], numbers[0]], strict=True))
    taken_over = list(zip(numbers, [*numbers[30:], *(f"+1202444{number:04}" for number in range(30))], strict=True))

    assert all(explained("column.misaligned", field("phone"), shuffled))
    assert not any(explained("column.misaligned", field("phone"), taken_over))


def test_a_column_that_many_share_is_never_called_shuffled(explained: Explained, field: Field) -> None:
    towns = ["Leeds", "Bristol", "London"] * 30

    assert not any(explained("column.misaligned", field("string"), list(zip(towns, towns[::-1], strict=True))))


def test_no_sentence_has_a_stop_and_every_code_is_its_own() -> None:
    from ringback.steps.misreadings import FEED_MISREADINGS, MISREADINGS

    all_of_them: list[Misreading] = [*MISREADINGS]
    codes = [each.code for each in all_of_them] + [each.code for each in FEED_MISREADINGS if each.code != "text.offset"]

    assert len(set(codes)) == len(codes)
    assert [each.sentence for each in all_of_them if each.sentence.endswith(".")] == []
    assert [each.specificity for each in all_of_them] == sorted(each.specificity for each in all_of_them)
