"""Names as phones can show them."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringback.phone.directory import shared_name
from ringback.phone.name import ascii_of, clean


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        ('Robert "Bob" Smith', "Robert Bob Smith"),
        ("back\\slash", "back slash"),
        ("two\r\nlines\ttab", "two lines tab"),
        ("<sip:evil@example.com>", "sip:evil@example.com"),
        ("${EXTEN} $${{x}}", "EXTEN} $ {x}}"),
        ("\u202eevil\u200b\ufeff", "evil"),
        ("Mu\u0308ller", "Müller"),
        ("山田 太郎", "山田 太郎"),
        ("O'Neil & Söhne", "O'Neil & Söhne"),
        ("  \n ", ""),
    ],
)
def test_a_name_loses_what_makes_phones_not_ring_and_nothing_else(held: str, shown: str) -> None:
    assert clean(held) == shown


@given(st.text(max_size=300))
def test_a_cleaned_name_is_short_in_one_line_and_stays_as_it_is(held: str) -> None:
    shown = clean(held)

    assert len(shown) <= 60
    assert not set(shown) & set('"\\<>')
    assert "${" not in shown
    assert not any(unicodedata.category(mark) in {"Cc", "Zl", "Zp"} for mark in shown)
    assert shown == shown.strip(" ")
    assert clean(shown) == shown or unicodedata.normalize("NFC", shown) != shown  # a cut between a letter and its mark


def test_five_thousand_characters_become_sixty() -> None:
    assert clean("x" * 5000) == "x" * 60


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Jörg Müller", "Jorg Muller"), ("Straße", "Strasse"), ("Łukasz Ørsted", "Lukasz Orsted"), ("山田", "")],
)
def test_in_ascii_letters_lose_their_marks_and_half_a_name_is_never_shown(name: str, shown: str) -> None:
    assert ascii_of(name) == shown


def test_a_shared_number_has_the_first_name_and_how_many_more_there_are() -> None:
    assert shared_name(("Ana",)) == "Ana"
    assert shared_name(("Ana", "Ben")) == "Ana or 1 other"
    assert shared_name(("A" * 60, "B", "C")) == "A" * 48 + " or 2 others"
    assert len(shared_name(("A" * 60, "B", "C"))) == 60


def test_polars_and_the_lookup_agree_on_which_names_have_to_be_cleaned() -> None:
    from ringback.steps.callers import _cannot_be_shown

    names = [
        "Ana",
        'O"Neil',
        "a\\b",
        "a\nb",
        "\u2028",
        "${x",
        "$x",
        "é",
        "e\u0301",
        "x" * 60,
        "x" * 61,
        "<",
        "\u200b",
        "日本",
    ]
    told = pl.DataFrame({"name": names}).select(_cannot_be_shown(pl.col("name"))).to_series().to_list()

    assert told == [clean(name) != name for name in names]
