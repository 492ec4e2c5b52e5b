"""iban: a bank account number."""

from __future__ import annotations

import random

import pytest
from stdnum import iban

from ringback.steps.interpret.iban import IbanField

IBAN = IbanField(column="n")
SAMPLES = [
    *("GB33 BUKB 2020 1555 5555 55", "DE89370400440532013000", "FR1420041010050500013M02606", "NO9386011117947"),
    *("BE71 0961 2345 6769", "ES9121000418450200051332", "ME25505000012345678951", "MT84MALT011000012345MTLCAST001S"),
    *("gb33bukb20201555555555", "DE88370400440532013000", "XX8937040044", "NL91ABNA0417164300", "CH93-0076-2011"),
]


def _made(count: int) -> list[str]:
    dice = random.Random(1)
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    made = []
    for _ in range(count):
        sample = dice.choice(SAMPLES).replace(" ", "").replace("-", "").upper()
        bban = "".join(dice.choice("0123456789") if letter.isdigit() else dice.choice(letters) for letter in sample[4:])
        made.append(sample[:2] + iban.calc_check_digits(sample[:2] + "00" + bban) + bban)
    return made


def test_both_readers_read_every_text_alike(readers_agree) -> None:
    readers_agree(IBAN, [*SAMPLES, *_made(500)])


@pytest.mark.parametrize("text", ["GB33 BUKB 2020 1555 5555 55", "gb33bukb20201555555555", "GB33BUKB20201555555555"])
def test_one_account_has_one_text(text: str, read) -> None:
    assert read(IBAN, text) == "GB33BUKB20201555555555"


@pytest.mark.parametrize(
    "text",
    [
        "GB34BUKB20201555555555",  # check digits
        "GB33BUKB2020155555555",  # too short
        "XX33BUKB20201555555555",  # no such country
        "ES9121000418450200051333",
        "GB33-BUKB-2020-1555-5555-55",
        "GB33  BUKB20201555555555",
        "GB３3BUKB20201555555555",
        "",
        "GB",
    ],
)
def test_anything_else_is_not_readable(text: str, read) -> None:
    assert read(IBAN, text) is None
