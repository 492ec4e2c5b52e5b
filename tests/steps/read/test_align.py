"""A row that does not fit its columns is read so that it does, and what that supposes is said."""

from __future__ import annotations

import random

import pytest

from ringback.steps.read.align import MOST_CELLS, MOST_CHARACTERS, align
from ringback.steps.read.fit import ColumnFit, column_fits, is_like, kind_of
from ringback.steps.read.lenient import Marks

COMMA = Marks(delimiter=",")
CLIENTS = [
    [
        f"C-{number:04}",
        name,
        f"{number % 28 + 1:02}/03/1980",
        f"{name.lower()}.{number}@example.org",
        f"{number}.50",
        note,
    ]
    for number, (name, note) in enumerate(
        zip(["Ada", "Bob", "Cyd", "Dee"] * 10, ["", "moved house", "pays, late", ""] * 10, strict=True)
    )
]
QUOTED = [[False] * 5 + ["," in row[-1]] for row in CLIENTS]
FITS = column_fits(CLIENTS, 6, QUOTED)


ADA = ["C-0099", "Ada", "20/03/1980", "ada.9@example.org", "9.50", ""]


@pytest.mark.parametrize(
    ("text", "otherwise", "told"),
    [
        ("C-0099,Ada20/03/1980,ada.9@example.org,9.50,", {}, "missing"),
        ("C-0099,Ada,,20/03/1980,ada.9@example.org,9.50,", {}, "too many"),
        ('C-0099,"Ada,20/03/1980,ada.9@example.org,9.50,', {1: '"Ada'}, "quote"),
        ("C-0099,Smith, Ada,20/03/1980,ada.9@example.org,9.50,", {1: "Smith, Ada"}, "inside"),
        ("C-0099;Ada;20/03/1980;ada.9@example.org;9.50;x", {5: "x"}, "';'"),
        ("C-0099,Ada,20/03/1980,ada.9@example.org,9.50", {}, "ends"),
        ("C-0099,Ada,20/03/1980,ada.9@example.org,9.50,,", {}, ""),
    ],
    ids=["missing", "too many", "stray quote", "inside a value", "another delimiter", "short", "behind the last"],
)
def test_the_likeliest_reading_is_found_and_told(text: str, otherwise: dict[int, str], told: str) -> None:
    aligned = align(text, COMMA, FITS)

    assert aligned is not None
    assert list(aligned.cells) == [otherwise.get(place, cell) for place, cell in enumerate(ADA)]
    assert told in "; ".join(aligned.faults)
    assert aligned.faults


def test_a_row_that_fits_supposes_nothing() -> None:
    aligned = align('C-0003,Dee,04/03/1980,dee.3@example.org,3.50,"pays, late"', COMMA, FITS)

    assert aligned is not None
    assert (aligned.cells[-1], aligned.faults) == ("pays, late", ())


def test_of_rows_with_one_delimiter_less_nearly_all_are_read_right() -> None:
    draw, right = random.Random(7), 0
    for row in CLIENTS:
        place = draw.randrange(1, 5)
        broken = ",".join([*row[: place - 1], row[place - 1] + row[place], *row[place + 1 : 5], f'"{row[5]}"'])
        aligned = align(broken, COMMA, FITS)
        right += aligned is not None and list(aligned.cells) == row

    assert right >= 38  # of 40


def test_a_row_too_long_or_too_wide_is_not_looked_at() -> None:
    wide = [ColumnFit(("1",))] * (MOST_CELLS + 1)

    assert align("x" * (MOST_CHARACTERS + 1), COMMA, FITS) is None
    assert align("1,1", COMMA, wide) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, "number") for text in ("12", "-1,234.50", "2e-3", "12 345,6")),
        *((text, "none") for text in ("", "-", "n/a")),
        *(("£68,486.66", "money"), ("5.1 %", "percent"), ("31/01/2024", "date"), ("09-Mar-11", "date")),
        *(("10:15", "time"), ("2024-01-31T10:15:00Z", "datetime"), ("a@b.co", "email"), ("https://x.y", "url")),
        *(("+44 20 7946 0664", "phone"), ("MG-8769", "code"), ("Zürich", "word"), ("Den Haag", "phrase")),
        ("a, b", "text"),
    ],
)  # fmt: skip
def test_a_text_is_told_by_its_look(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_a_kind_is_said_only_of_columns_whose_values_agree() -> None:
    assert ColumnFit(("1", "2", "", "n/a", "3")).kind == "number"
    assert ColumnFit(("1", "2", "three")).kind is None
    assert ColumnFit(("", "", "", "", "", "", "", "", "", "1")).kind is None  # one value says little of a column


def test_a_row_with_a_cell_too_few_is_still_known_as_a_record() -> None:
    assert is_like(["C-0099", "20/03/1980", "ada.9@example.org", "9.50", ""], FITS)
    assert not is_like(["Client", "Name", "Born", "Email", "Balance", "Note"], FITS)
