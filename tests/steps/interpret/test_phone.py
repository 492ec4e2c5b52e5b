"""phone: a telephone number, stored as E.164."""

from __future__ import annotations

import pytest

from ringback.steps.interpret.phone import PhoneField

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
