"""Amounts and counts that mean others."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from ringback.model.field import FieldSpec

Explained = Callable[..., list[bool]]
Field = Callable[..., FieldSpec]


def of(*amounts: tuple[str, str]) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(before), Decimal(after)) for before, after in amounts]


@pytest.fixture
def money(field: Field) -> FieldSpec:
    return field("decimal", decimalChar=",", groupChar=".", scale=2)


@pytest.mark.parametrize(
    ("code", "larger", "smaller"),
    [
        ("number.factor_10", "12345.60", "123.46"),
        ("number.factor_100", "123456.00", "12.35"),
        ("number.factor_1000", "1234560.00", "1.23"),
    ],
)
def test_a_moved_decimal_point_is_told_both_ways(
    explained: Explained, money: FieldSpec, code: str, larger: str, smaller: str
) -> None:
    pairs = of(("1234.56", larger), (larger, "1234.56"), ("1234.56", smaller), ("-1234.56", "-" + larger))

    assert explained(code, money, pairs) == [True, True, True, True]


def test_a_new_balance_is_no_moved_point_unless_it_is_so_exactly(explained: Explained, money: FieldSpec) -> None:
    pairs = of(
        ("12.34", "1234.01"),
        ("12.34", "1233.99"),
        ("12.34", "-1234.00"),
        ("1234.56", "12.99"),
        ("0.00", "12.34"),
        ("12.34", "0.00"),
        ("3.50", "0.04"),  # one digit is left: no sign of anything
    )

    assert explained("number.factor_100", money, pairs) == [False] * 7


def test_a_decimal_mark_taken_for_a_thousands_mark_is_told_by_the_size(explained: Explained, money: FieldSpec) -> None:
    pairs = of(
        ("234.56", "23456.00"),  # 234,56 -> the mark vanishes
        ("1234.56", "1.23"),  # 1.234,56 -> the fraction begins at the first point
        ("1234567.80", "1.23"),
        ("234.56", "234.57"),
        ("1234.56", "123456.00"),  # as implied decimals are read
    )

    assert explained("number.mark", money, pairs) == [True, True, True, False, False]


def test_the_mark_of_three_fraction_digits_is_told(explained: Explained, field: Field) -> None:
    weight = field("decimal", decimalChar=",", groupChar=".", scale=3)
    pairs = of(("1.234", "1234.000"), ("1234.000", "1.234"), ("1.234", "1.235"))

    assert explained("number.mark", weight, pairs) == [True, True, False]


def test_a_lost_sign_is_told(explained: Explained, money: FieldSpec, field: Field) -> None:
    assert explained("number.sign", money, of(("-12.50", "12.50"), ("12.50", "-12.50"), ("-12.50", "12.51"))) == [
        True,
        True,
        False,
    ]
    assert explained("number.sign", field("integer"), [(-7, 7), (0, 0), (-7, 8)]) == [True, False, False]


def test_a_lost_fraction_is_told(explained: Explained, money: FieldSpec) -> None:
    pairs = of(("12.34", "12.00"), ("12.99", "13.00"), ("-12.34", "-12.00"), ("12.34", "14.00"), ("12.34", "12.30"))

    assert explained("number.fraction_lost", money, pairs) == [True, True, True, False, False]


def test_digits_lost_to_a_float_are_told(explained: Explained, field: Field) -> None:
    numbers = [
        (9007199254740993, 9007199254740992),
        (123456789012345678, 123456789012346000),
        (491234567, 491235000),  # as a spreadsheet's cell shows it
        (9007199254740993, 9007199254740994),
        (1234, 1235),
    ]
    texts = [
        ("491234567890", "4.91235E+11"),
        ("0491234567890", "4,91235E+11"),
        ("1234567890123456789", "1234567890123460000"),
        ("491234567890", "4.81235E+11"),
        ("491234567890", "491234567891"),
        ("Flat 3", "3E+1"),
    ]

    assert explained("number.digits_lost", field("integer"), numbers) == [True, True, True, False, False]
    assert explained("number.digits_lost", field("string"), texts) == [True, True, True, False, False, False]
