"""Texts that came to look otherwise, beyond ASCII too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ringback.model.field import FieldSpec

Explained = Callable[..., list[bool]]
Field = Callable[..., FieldSpec]

NAMES = ("Müller", "Wiśniewski", "Núñez", "田中", "Παπαδόπουλος", "Béranger", "Cœur", "Łukasz", "Größmann")


@pytest.fixture
def text(field: Field) -> FieldSpec:
    return field("string")


def test_leading_zeros_lost_or_put_are_told(explained: Explained, text: FieldSpec) -> None:
    pairs = [("00012345", "12345"), ("01067", "0000001067"), ("01067", "1068"), ("10670", "1067"), ("SE1", "E1")]

    assert explained("text.leading_zeros", text, pairs) == [True, True, False, False, False]


def test_a_float_behind_a_postcode_is_told(explained: Explained, text: FieldSpec) -> None:
    pairs = [("01067", "1067.0"), ("10435", "10435.0"), ("10435.0", "10435"), ("10435", "10435.5")]

    assert explained("text.point_zero", text, pairs) == [True, True, True, False]


def test_texts_cut_to_one_length_are_told(explained: Explained, text: FieldSpec) -> None:
    pairs = [
        ("Featherstonehaugh", "Featherston"),
        ("Brzęczyszczykiewicz", "Brzęczyszcz"),
        ("Lüdenscheidt-Meyer", "Lüdenscheid"),
        ("17 Mill Lane, Leeds", "17 Mill Lan"),
        ("Straße des 17. Juni", "Straße des"),  # the eleventh is a space
        ("Victoria Road 7", "Victoria"),  # this one is shorter than the others' length
        ("Smith", "Jones"),
    ]

    assert explained("text.cut", text, pairs) == [True, True, True, True, True, False, False]


def test_texts_cut_to_a_count_of_bytes_are_told(explained: Explained, text: FieldSpec) -> None:
    names = ("Παπαδόπουλος", "Παπαδοπούλου", "Οικονόμου", "Featherstone", "Lüdenscheidt", "Größmannsdorf")
    pairs = [(name, name.encode()[:10].decode(errors="ignore")) for name in names]

    assert explained("text.cut", text, pairs) == [True] * 6


def test_a_change_of_address_is_no_cut(explained: Explained, text: FieldSpec) -> None:
    pairs = [
        ("12 Mill Lane, Leeds", "12 Mill Lane"),
        ("Flat 2, Harbour House", "Flat 2"),
        ("Hauptstraße 5a", "Hauptstraße 5"),
        ("3 rue de l'Église, Nice", "7 quai Saint-Étienne"),
        ("Elm Grove 12", "Elm"),
    ]

    assert explained("text.cut", text, pairs) == [False] * 5


def test_one_value_shortened_everywhere_is_a_new_name_and_no_cut(explained: Explained, text: FieldSpec) -> None:
    pairs = [("Federal Agency - Executive", "Federal Agency"), ("Federal Agency - Judicial", "Federal Agency")] * 20

    assert not any(explained("text.cut", text, pairs))


@pytest.mark.parametrize(
    ("true", "wrong"),
    [("utf-8", "cp1252"), ("utf-8", "latin-1"), ("utf-8", "cp437"), ("cp1252", "cp437"), ("cp850", "cp1252")],
)
def test_names_read_in_the_wrong_encoding_are_told_and_their_repair_too(
    explained: Explained, text: FieldSpec, true: str, wrong: str
) -> None:
    misread = [(name, name.encode(true, errors="ignore").decode(wrong, errors="replace")) for name in NAMES]
    pairs = [pair for pair in misread if pair[0].encode(true, errors="replace").decode(true) == pair[0]]

    assert all(explained("text.encoding", text, pairs))
    assert all(explained("text.encoding", text, [(after, before) for before, after in pairs]))
    assert len(pairs) >= 4


def test_double_encoding_is_told(explained: Explained, text: FieldSpec) -> None:
    once = [name.encode().decode("cp1252", errors="replace") for name in ("Müller", "Núñez", "Zoë")]
    twice = [name.encode().decode("cp1252", errors="replace") for name in once]

    assert explained("text.encoding", text, list(zip(("Müller", "Núñez", "Zoë"), twice, strict=True))) == [True] * 3


def test_a_married_name_is_no_encoding(explained: Explained, text: FieldSpec) -> None:
    pairs = [("Müller", "Møller"), ("Müller", "Meyer"), ("Smith", "Schröder"), ("Smith", "SMITH")]

    assert explained("text.encoding", text, pairs) == [False] * 4


def test_accents_lost_and_question_marks_are_told(explained: Explained, text: FieldSpec) -> None:
    pairs = [
        ("Béranger", "Beranger"),
        ("Núñez", "N??ez"),
        ("Świętosława", "witosawa"),
        ("Beranger", "Béranger"),
        ("Béranger", "Béranger-Petit"),
        ("Smith", "Smyth"),
    ]

    assert explained("text.ascii", text, pairs) == [True, True, True, True, False, False]


def test_capitals_are_told_beyond_ascii_too(explained: Explained, text: FieldSpec) -> None:
    pairs = [
        ("MacDonald", "MACDONALD"),
        ("Größmann", "GRÖSSMANN"),
        ("Παπαδόπουλος", "ΠΑΠΑΔΌΠΟΥΛΟΣ"),
        ("DE LA CRUZ", "de la Cruz"),
        ("Smith", "SMYTHE"),
    ]

    assert explained("text.case", text, pairs) == [True, True, True, True, False]


def test_spaces_and_punctuation_are_told_apart(explained: Explained, text: FieldSpec) -> None:
    pairs = [("Mary Ann", "MaryAnn"), ("SE1  7QF", " SE1 7QF"), ("O'Neill", "ONeill"), ("Mary Ann", "Marianne")]

    assert explained("text.spaces", text, pairs) == [True, True, False, False]
    assert explained("text.punctuation", text, pairs) == [True, True, True, False]


def test_quotes_kept_as_text_are_told(explained: Explained, text: FieldSpec) -> None:
    pairs = [
        ("Smith", '"Smith"'),
        ('Unit 3 "The Maltings"', '"Unit 3 ""The Maltings"""'),
        ("'Ng'", "Ng"),
        ("Ng", '"Li"'),
    ]

    assert explained("text.quotes", text, pairs) == [True, True, True, False]


def test_characters_one_place_off_are_told(explained: Explained, text: FieldSpec) -> None:
    pairs = [
        ("Smith", "mith"),
        ("Smith", "mithJ"),  # the next column's first letter is in
        ("Smith", "mith     J"),
        ("Smith", "7Smith"),
        ("Smithson", "7Smithso"),
        ("Smith", "Smythe"),
        ("Smith", "Jones"),
    ]

    assert explained("text.offset", text, pairs) == [True, True, True, True, True, False, False]
