"""Rows whose quotes may be broken are split as a person would, and whether anything was unclear is said."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringback.steps.read.lenient import Marks, Record, records

COMMA = Marks(delimiter=",")


def only(text: str, marks: Marks = COMMA) -> Record:
    (record,) = records(text, marks)
    return record


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('a,"b ""x""",c', ("a", 'b "x"', "c")),
        ('"a\nb",2', ("a\nb", "2")),
        ('"","",', ("", "", "")),
        (' "a" ,b', ("a", "b")),
        ('"""q"""', ('"q"',)),
    ],
)
def test_what_is_well_formed_is_read_as_it_is_written(text: str, cells: tuple[str, ...]) -> None:
    record = only(text)

    assert (record.cells, record.clean, record.certain) == (cells, True, True)


@pytest.mark.parametrize(
    ("text", "cells", "certain"),
    [
        ('"Boots, 10" high",2', ('Boots, 10" high', "2"), True),  # closed by the quote before the delimiter
        ('a,""URL",b', ("a", '"URL', "b"), True),
        ('a,"b,"c, d",e', ("a", 'b,"c, d', "e"), False),  # the first quote may be a stray one
        ('a,"b', ("a", '"b'), False),
        ('a"b,c', ('a"b', "c"), True),
        ('a"b, c"', ('a"b', ' c"'), False),  # a delimiter may be missing before the quote
    ],
)
def test_broken_quotes_cost_no_text_and_what_may_be_otherwise_is_uncertain(
    text: str, cells: tuple[str, ...], certain: bool
) -> None:
    record = only(text)

    assert (record.cells, record.clean, record.certain) == (cells, False, certain)


def test_an_open_quote_does_not_swallow_the_lines_below() -> None:
    found = [record.cells for record in records('a,"b\n1,"x"\n2,y\n', COMMA)]

    assert found == [("a", '"b'), ("1", "x"), ("2", "y")]


def test_a_quoted_line_break_is_counted_and_blank_lines_are_records() -> None:
    found = [(record.line, record.text) for record in records('a,"1\n2"\r\n\r\nb,c\rd', COMMA)]

    assert found == [(1, 'a,"1\n2"'), (3, ""), (4, "b,c"), (5, "d")]


def test_an_escape_frees_a_quote_and_stays_before_anything_else() -> None:
    marks = Marks(delimiter=",", escape="\\")

    assert only(r'"10\" x",C:\temp,say \"hi\"', marks).cells == ('10" x', r"C:\temp", 'say "hi"')
    assert only(r'"10\" x"', marks).clean


def test_a_delimiter_of_several_characters_is_one() -> None:
    assert only('a||"b||c"||d|e', Marks(delimiter="||")).cells == ("a", "b||c", "d|e")


@given(st.lists(st.lists(st.text("ab,;\"' \n\r", max_size=5), min_size=2, max_size=4), min_size=1, max_size=5))
def test_it_reads_back_what_the_standard_library_writes(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)

    found = list(records(out.getvalue(), COMMA))

    assert [list(record.cells) for record in found] == rows
    assert all(record.clean for record in found)


@given(st.text('a,"\n\r', max_size=40))
def test_no_text_is_lost_whatever_the_quotes(text: str) -> None:
    joined = "".join(record.text for record in records(text, COMMA))

    assert joined.replace("\r", "").replace("\n", "") == text.replace("\r", "").replace("\n", "")
