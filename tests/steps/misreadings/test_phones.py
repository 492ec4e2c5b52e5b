"""Telephone numbers that ring somebody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ringback.model.field import FieldSpec

Explained = Callable[..., list[bool]]
Field = Callable[..., FieldSpec]


@pytest.fixture
def phone(field: Field) -> FieldSpec:
    return field("phone", region="GB")


def test_a_national_number_taken_for_another_country_is_told(explained: Explained, phone: FieldSpec) -> None:
    pairs = [
        ("+442079460123", "+492079460123"),
        ("+442079460123", "+3902079460123"),  # Italy keeps the zero
        ("+493023125123", "+13023125123"),
        ("+442079460123", "+442079460124"),
        ("+442079460123", "+493023125123"),
    ]

    assert explained("phone.region", phone, pairs) == [True, True, True, False, False]


def test_a_lost_plus_or_zero_is_told(explained: Explained, phone: FieldSpec, field: Field) -> None:
    texts = [
        ("+49 30 23125123", "49 30 23125123"),
        ("020 7946 0123", "20 7946 0123"),
        ("0049 30 23125123", "30 23125123"),
        ("020 7946 0123", "020 7946 0124"),
        ("12 Mill Lane", "2 Mill Lane"),
    ]

    assert explained("phone.prefix", field("string"), texts) == [True, True, True, False, False]
    assert explained("phone.prefix", phone, [("+493023125123", "+44493023125123")]) == [True]


def test_a_dropped_extension_is_told(explained: Explained, phone: FieldSpec, field: Field) -> None:
    texts = [
        ("020 7946 0123 x12", "020 7946 0123"),
        ("020 7946 0123 ext. 12", "020 7946 012312"),
        ("020 7946 0123", "020 7946 0123 x12"),
        ("202-225-4876", "(202) 225-4876"),
        ("235 Cannon HOB, Washington DC 20515-0104", "235 Cannon Building, Washington DC 20515-0104"),
    ]

    assert explained("phone.extension", field("string"), texts) == [True, True, True, False, False]
    assert explained("phone.extension", phone, [("+4930231251", "+493023125112"), ("+4930231251", "+4930231252")]) == [
        True,
        False,
    ]
