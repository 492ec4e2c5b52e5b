"""One meaning of a number, however it is asked for."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringback.phone.number import meanings

BERLIN = "+4930123456"


@pytest.mark.parametrize(
    "asked",
    [
        "+49 30 123456",
        "+4930123456",
        "004930123456",
        "0049 (30) 12 34-56",
        "030 123456",
        "030/123456",
        "030-12.34.56",
        " 4930123456",
        " 49 30 123456",
        "4930123456",
        "sip:+4930123456@pbx.example.com;user=phone",
        "tel:+49-30-123456",
        "+49\u00a030\u2011123456",
    ],
)
def test_a_german_number_is_the_same_in_every_spelling(asked: str) -> None:
    assert meanings(asked, "DE")[0] == BERLIN


@pytest.mark.parametrize(
    ("asked", "region", "meant"),
    [
        ("020 7946 0958", "GB", "+442079460958"),
        ("03-1234-5678", "JP", "+81312345678"),
        ("010 49 30 123456", "JP", BERLIN),  # Japan's way to dial abroad
        ("0049 30 123456", "US", BERLIN),
        (" 030 123456", "DE", BERLIN),  # a space that is just a space
        ("06 1234 5678", "IT", "+390612345678"),
    ],
)
def test_home_decides_what_is_not_said(asked: str, region: str, meant: str) -> None:
    assert meant in meanings(asked, region)


def test_digits_alone_are_a_number_at_home_first_and_then_one_with_its_country_code() -> None:
    assert meanings("4930123456", "GB") == ("+444930123456", BERLIN)


@pytest.mark.parametrize(
    "asked",
    [
        "",
        " ",
        "anonymous",
        "Anonymous <sip:anonymous@anonymous.invalid>",
        "unknown",
        "+",
        "110",
        "101",
        "0",
        "00",
        "0800",
        "1-800-FLOWERS",
        "030123456;drop table",
        "9" * 41,
        "+" + "9" * 4000,
        "٠٣٠١٢٣٤٥٦",
        "+49+30123456",
        "\x00",
        "030123456\n5",
    ],
)
def test_what_is_no_number_means_nothing(asked: str) -> None:
    assert meanings(asked, "DE") == ()


@given(st.text(max_size=60), st.sampled_from(["DE", "GB", "JP", "US"]))
def test_any_text_has_a_few_meanings_and_each_is_a_number(asked: str, region: str) -> None:
    found = meanings(asked, region)

    assert len(found) <= 3
    assert all(number == e164(phonenumbers.parse(number)) for number in found)


@given(st.sampled_from(["DE", "GB", "JP", "US", "FR", "IT"]), st.sampled_from(["DE", "GB", "JP"]))
def test_a_number_with_its_plus_means_itself_wherever_it_rings(country: str, home: str) -> None:
    number = e164(phonenumbers.example_number(country))

    assert meanings(number, home) == (number,)
    assert meanings(number.replace("+", "00"), home)[-1] == number
    assert meanings(number.replace("+", " "), home)[0] == number
    assert number in meanings(number[1:], home)


def e164(number: phonenumbers.PhoneNumber) -> str:
    """As it is stored."""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
