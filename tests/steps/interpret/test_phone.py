"""phone: a telephone number, stored as E.164."""

from __future__ import annotations

import random

import phonenumbers
import polars as pl
import pytest
from phonenumbers import PhoneNumberFormat

from ringback.model.field import Unreadable
from ringback.steps.interpret.phone import PhoneField
from ringback.steps.interpret.phone_columns import read_phones

BRITISH = PhoneField(column="n", region="GB")
SAMPLES = [
    *("020 7946 0958", "+44 20 7946 0958", "(020) 7946-0958", "00 44 20 7946 0958", "07700 900123", "+49 30 901820"),
    *("0800 1111", "tel:+44-20-7946-0958", "020 7946 0958 ext. 12", "0900-FLOWERS", "+1 (212) 555-2368", "030/901820"),
    *("+39 06 6982", "+1 876 555 0100", "01481 200000", "+54 9 11 2345-6789", "44 20 7946 0958", "+800 1234 5678"),
]


@pytest.mark.parametrize("region", ["GB", "DE", "US", "IT", "AR", None])
def test_both_readers_read_every_text_alike(region: str | None, readers_agree) -> None:
    readers_agree(PhoneField(column="n", region=region), SAMPLES)


@pytest.mark.parametrize(
    "text", ["020 7946 0958", "(020) 7946-0958", "+44 20 7946 0958", "0044 20 79460958", "tel:+44-20-7946-0958"]
)
def test_one_line_has_one_text(text: str, read) -> None:
    assert read(BRITISH, text) == "+442079460958"


@pytest.mark.parametrize(
    "text", ["", "x", "020 7946", "020 7946 0958 ext. 12", "999", "+44 20 7946 095", "+999 123456789", "0" * 300]
)
def test_anything_else_is_not_readable(text: str, read) -> None:
    assert read(BRITISH, text) is None


def test_without_a_region_only_international_numbers_are_read(read) -> None:
    anywhere = PhoneField(column="n")

    assert read(anywhere, "+49 30 901820") == "+4930901820"
    assert read(anywhere, "030 901820") is None


@pytest.mark.parametrize("region", ["UK", "gb", "001", ""])
def test_a_region_is_one_that_has_telephone_numbers(region: str) -> None:
    with pytest.raises(ValueError, match="no region"):
        PhoneField(column="n", region=region)


REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
SOME_REGIONS = ["GB", "DE", "US", "IT", "AR", "BR", "RU", "KZ", "FR", "AU", "GG", "MX", "FI", "SG", "CW", "JP", None]


def _numbers(region: str | None, count: int) -> list[str]:
    """Numbers of this and other regions as people write them, some with a digit or mark gone wrong."""
    dice = random.Random(f"{region}{count}")
    return [_slipped(_written(dice, region), dice) for _ in range(count)]


def _written(dice: random.Random, region: str | None) -> str:
    whose = region if region is not None and dice.random() < 0.5 else dice.choice(REGIONS)
    number = phonenumbers.example_number_for_type(whose, dice.randrange(11)) or phonenumbers.example_number(whose)
    assert number is not None
    national = phonenumbers.national_significant_number(number)
    ways = [
        *(phonenumbers.format_number(number, form) for form in (PhoneNumberFormat.NATIONAL,) * 2),
        *(
            phonenumbers.format_number(number, form)
            for form in (PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164)
        ),
        *(national, f"{number.country_code}{national}"),
    ]
    if region is not None:
        ways.append(phonenumbers.format_out_of_country_calling_number(number, region))
    return dice.choice(ways)


def _asked(spec: PhoneField, text: str) -> str | None:
    try:
        return spec.read_one(text)
    except Unreadable:
        return None


def _slipped(text: str, dice: random.Random) -> str:
    for _ in range(dice.choice((0, 0, 1, 1, 2, 4))):
        at, digit, mark = dice.randrange(len(text) + 1), dice.choice("0123456789"), dice.choice(" -()./+")
        text = dice.choice(
            (
                text[:at] + digit + text[at + 1 :],
                text[:at] + digit + text[at:],
                text[:at] + text[at + 1 :],
                text[:at] + mark + text[at:],
                "0" + text,
                "+" + text,
                text[:at],
            )
        )
    return text


@pytest.mark.parametrize(
    ("region", "count"),
    [
        *((region, 60) for region in SOME_REGIONS),
        *(pytest.param(region, 500, marks=pytest.mark.slow) for region in [*REGIONS, None]),
    ],
)
def test_numbers_of_all_the_world_are_read_as_the_library_reads_them(region: str | None, count: int) -> None:
    texts = _numbers(region, count)
    spec = PhoneField(column="n", region=region)

    told = read_phones(pl.Series(texts), region)

    settled = told.with_columns(pl.Series("text", texts)).filter(~pl.col("open"))
    assert settled.height > count / 3
    assert settled["number"].is_not_null().any()
    assert [_asked(spec, text) for text in settled["text"]] == settled["number"].to_list()


def test_plain_numbers_of_the_usual_countries_never_wait_for_the_library() -> None:
    texts = ["020 7946 0958", "+44 (20) 7946-0958", "0044 30 901820", "+49 30 901820", "020 7946", "+1 212 555 2368"]

    told = read_phones(pl.Series(texts), "GB")

    assert not told["open"].any()
    assert told["number"].to_list() == ["+442079460958"] * 2 + [None, "+4930901820", None, "+12125552368"]


def test_a_column_without_numbers_is_read_too() -> None:
    nothing = pl.Series([None, None], dtype=pl.String)

    told = read_phones(nothing, "GB")

    assert told["number"].to_list() == [None, None]
    assert not told["open"].any()
