"""One row's text into cells: the specification itself, by example."""

from __future__ import annotations

import csv

import pytest

from ringback.model.contract import Source
from ringback.steps.read.reference import split

SEMICOLON = Source(delimiter=";")
ESCAPED = Source(delimiter=";", escapeChar="\\")


@pytest.mark.parametrize(
    ("text", "source", "cells"),
    [
        ("", SEMICOLON, [""]),
        (";", SEMICOLON, ["", ""]),
        ("0123;Zoë", SEMICOLON, ["0123", "Zoë"]),
        (' a ;" b "', SEMICOLON, [" a ", " b "]),
        ('"a;b";"c""d";""', SEMICOLON, ["a;b", 'c"d', ""]),
        ('"one\r\ntwo";3', SEMICOLON, ["one\r\ntwo", "3"]),
        ("it's;'a;b'", Source(delimiter=";", quoteChar="'"), None),
        ("'a;b';c", Source(delimiter=";", quoteChar="'"), ["a;b", "c"]),
        ('5" pipe;"', Source(delimiter=";", quoteChar=None), ['5" pipe', '"']),
        ("a||b|c", Source(delimiter="||"), ["a", "b|c"]),
        ('"a||b"||c', Source(delimiter="||"), ["a||b", "c"]),
        (r"a\;b;c\\;\"", ESCAPED, ["a;b", "c\\", '"']),
        (r'"a\"b;";c\nd', ESCAPED, ['a"b;', "cnd"]),
        ("a;b\\", ESCAPED, ["a", "b\\"]),
        ("a\\\nb;c", ESCAPED, ["a\nb", "c"]),
        (r"a\||b||c", Source(delimiter="||", escapeChar="\\"), ["a||b", "c"]),
    ],
)
def test_a_row_is_split_as_its_sender_meant_it(text: str, source: Source, cells: list[str] | None) -> None:
    if cells is None:
        assert split(text, source)[0] == "it's"
    else:
        assert split(text, source) == cells


def test_a_value_longer_than_the_library_allows_by_default_is_read() -> None:
    long = "x" * 200_000

    assert split(f"{long};1", SEMICOLON) == [long, "1"]


def test_a_quote_without_an_end_is_an_error() -> None:
    with pytest.raises(csv.Error):
        split('"a;b', SEMICOLON)
