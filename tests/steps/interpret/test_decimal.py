"""decimal: an exact number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ringback.steps.interpret.decimal import DecimalField

EURO = DecimalField(column="n", decimal=",", group=".", scale=2)
PLAIN = DecimalField(column="n", scale=2)
SPECS = {
    "comma and dots": EURO,
    "plain": PLAIN,
    "swiss": DecimalField(column="n", group="'", scale=3),
    "apostrophe": DecimalField(column="n", group="’", scale=3),
    "whole": DecimalField(column="n", scale=0, group=" "),
    "finest": DecimalField(column="n", scale=38),
    "sign behind": DecimalField(column="n", decimal=",", scale=4, sign="trailing"),
    "implied": DecimalField(column="n", scale=2, implied=2),
    "implied, none": DecimalField(column="n", scale=2, implied=0),
    "implied, sign behind": DecimalField(column="n", scale=4, implied=3, sign="trailing"),
    "overpunched": DecimalField(column="n", scale=2, implied=2, sign="overpunched"),
    "overpunched, no fraction": DecimalField(column="n", scale=0, implied=0, sign="overpunched"),
}


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_both_readers_read_every_text_alike(spec: DecimalField, readers_agree) -> None:
    mark, group = spec.decimal, spec.group or ""
    most = "9" * (38 - spec.scale)
    fraction = mark + "5" * spec.scale if spec.scale else ""
    samples = [
        *(most, "1" + most, most + fraction, "1" + most + fraction, "-" + most, most + "-", "0" * 40 + most),
        *("0", "-0", f"0{mark}5", f"{mark}5", f"5{mark}", f"-0{mark}0", f"{mark}{'9' * spec.scale}"),
        *(f"0{fraction}", f"-0{fraction}", f"0{fraction}-", "+0" + fraction, f"00{fraction}", fraction),
        *(
            "5",
            "05",
            "005",
            "0012345",
            "12345-",
            "-1",
            "1-",
            "0000}",
            "}",
            "{",
            "1J",
            "J1",
            "12A",
            "12a",
            "R",
            "S",
            "1{2",
        ),
        *(f"12{fraction}", f"1{group}234{fraction}", f"-1{group}234{group}567{mark}1", f"1{group}23{mark}00", "1.005"),
    ]

    readers_agree(spec, samples)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,50", "1234.50"),
        ("1234,5", "1234.50"),
        ("-0,01", "-0.01"),
        ("-0,00", "0.00"),
        (",5", "0.50"),
        ("+7", "7.00"),
        ("007", "7.00"),
        ("9" * 36 + ",99", "9" * 36 + ".99"),
        ("0" * 60 + "1", "1.00"),
    ],
)
def test_an_amount_is_read_exactly(text: str, value: str, read) -> None:
    found = read(EURO, text)

    assert str(found) == value


@pytest.mark.parametrize(
    "text",
    [
        *("1,234.5", "1.23,00", "1.2.3", ".123,00", "1..234,00", "12345.678,00", "1.234.56"),
        *("1,005", "1,", ",", "", "-", "--5", "5-", "1e5", "NaN", "inf", "٣,5", "１２", "1 234,00", "€5", "5 %"),
        *("1" + "0" * 36, "1" * 36 + ",999"),
    ],
)
def test_anything_else_is_not_readable_and_nothing_is_rounded(text: str, read) -> None:
    assert read(EURO, text) is None


def test_without_a_scale_a_contract_is_not_complete() -> None:
    with pytest.raises(ValueError, match="scale"):
        DecimalField.model_validate({"from": "n"})


def test_one_mark_cannot_mean_two_things() -> None:
    with pytest.raises(ValueError, match="same mark"):
        DecimalField(column="n", decimal=",", group=",", scale=2)


def test_a_negative_sign_behind_the_number_counts(read) -> None:
    assert read(SPECS["sign behind"], "12,5-") == Decimal("-12.5000")


@pytest.mark.parametrize(
    ("text", "value"),
    [("0012345", "123.45"), ("5", "0.05"), ("-5", "-0.05"), ("12", "0.12"), ("1.50", None), ("1,50", None), ("", None)],
)
def test_the_last_digits_are_the_fraction_where_the_contract_implies_it(text: str, value: str | None, read) -> None:
    found = read(SPECS["implied"], text)

    assert found == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("1234E", "123.45"), ("1234N", "-123.45"), ("0000{", "0.00"), ("1000}", "-100.00"), ("12345", "123.45")),
        *(("1234-", None), ("N1234", None), ("1234a", None), ("1234S", None)),
    ],
)
def test_the_last_digit_has_the_sign_where_it_is_overpunched(text: str, value: str | None, read) -> None:
    found = read(SPECS["overpunched"], text)

    assert found == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ({"scale": 2, "sign": "overpunched"}, "impliedDecimals"),
        ({"scale": 1, "implied": 2}, "scale"),
        ({"scale": 2, "implied": 2, "group": ".", "decimal": ",", "sign": "overpunched"}, "groupChar"),
    ],
)
def test_a_number_that_could_not_be_written_so_is_no_contract(keys: dict[str, object], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        DecimalField(column="n", **keys)  # type: ignore[arg-type]
