"""Only the plain part of YAML is taken; everything else is a fault at its place."""

from __future__ import annotations

import time

import pytest

from ringback.contracts.document import MAX_BYTES, Items, Mapping, Scalar, compose
from ringback.contracts.fault import Faults, Page
from ringback.errors import ContractError


def faults_of(text: str) -> list[str]:
    faults = Faults(Page("x.yaml", text))
    try:
        compose(faults)
    except ContractError as refused:
        return [fault.removeprefix("x.yaml, ") for fault in refused.faults]
    return [fault.removeprefix("x.yaml, ") for fault in faults.error().faults]


def test_mappings_lists_and_texts_keep_their_places() -> None:
    root = compose(Faults(Page("x.yaml", "a: no\nb: [1, '']\nc:\n  d: |\n    two\n    lines\n")))

    assert root.node("a") == Scalar("no", plain=True, at=3)
    assert root.node("b") == Items((Scalar("1", plain=True, at=10), Scalar("", plain=False, at=13)), at=9)
    assert isinstance(root.node("c"), Mapping)
    assert root.text("c", "d") == "two\nlines\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: &x b\n", "line 1, column 4: an anchor (&x) cannot be used here"),
        ("a: *x\n", "line 1, column 4: an alias (*x) cannot be used here"),
        ("a: !!int 1\n", "line 1, column 4: a tag (tag:yaml.org,2002:int) cannot be used here"),
        ("a: ! b\n", "line 1, column 4: a tag (!) cannot be used here"),
        ("a: 1\n<<: {b: c}\n", 'line 2, column 1: a merge key ("<<") cannot be used here'),
        ("a: 1\nb: 2\na: 3\n", 'line 3, column 1: "a" is written twice; the first is on line 1: keep one'),
        ("c: {a: 1, a: 3}\n", 'line 1, column 11: "a" is written twice; the first is on line 1: keep one'),
        ("a: b\n---\nc: d\n", "line 2, column 1: a second document begins here: a file has one"),
        ("%YAML 1.1\n---\na: b\n", "line 1, column 1: a % directive cannot be used here"),
        ("? [a]\n: b\n", "line 1, column 3: a key must be a text, not a list or mapping"),
        ("a:\n\tb: c\n", "line 2, column 1: a tab cannot indent YAML: write spaces"),
        ("a: b: c\n", "line 1, column 5: a second colon, or a line indented too far"),
        ('a: 1\nb: "c\nd: e\n', "line 2, column 4: this quote is never closed"),
        ("a: b\nc\n", "line 2, column 1: a key without a colon"),
        ("a: @b\n", "line 1, column 4: a text cannot begin with this character unless it is in quotes"),
        ("a: [b\n", "line 2, column 1: is not readable as YAML"),
        ("- a\n", "line 1, column 1: keys are expected here, each followed by a colon"),
        ("just a text\n", "line 1, column 1: keys are expected here, each followed by a colon"),
        ("", "line 1, column 1: the file is empty: ringback init FILE drafts it from a sample"),
        ("# only a remark\n", "line 1, column 1: the file is empty"),
        ('a: b\nc: "\\UFFFFFFFF"\n', "line 2, column 5: this \\U escape names no character"),
        ('a: "\\0"\n', "line 1, column 4: a NUL (\\0) or half a character"),
        ("a: b\n\x07", "line 2, column 1: a character U+0007 cannot stand in YAML: take it out"),
        ("[" * 21, "line 1, column 21: more than 20 mappings and lists are inside one another"),
        ("{a: " * 21, "line 1, column 81: more than 20 mappings and lists are inside one another"),
    ],
)
def test_yaml_beyond_plain_texts_is_refused_at_its_place(text: str, fault: str) -> None:
    (told,) = faults_of(text)

    assert told.startswith(fault)


def test_faults_before_a_break_in_the_syntax_are_told_with_it() -> None:
    told = faults_of("a: &x 1\na: 2\nb: 'c\n")

    assert [fault.split(":")[0] for fault in told] == ["line 1, column 4", "line 2, column 1", "line 3, column 4"]


def test_a_delivery_named_by_mistake_is_refused_before_it_is_scanned() -> None:
    begun = time.perf_counter()

    (told,) = faults_of("1;2;3\n" * (MAX_BYTES // 6 + 1))

    assert "larger than 1 MiB" in told
    assert time.perf_counter() - begun < 1


def test_text_nested_without_end_is_refused_quickly() -> None:
    begun = time.perf_counter()

    for opening in ("[", "{", "- ", "a: {", "? "):
        faults_of(opening * 100_000)

    assert time.perf_counter() - begun < 5


def test_a_file_with_more_faults_than_anybody_reads_is_told_up_to_a_thousand() -> None:
    told = faults_of("a: &x 1\n" * 3000)

    assert len(told) == 1001
    assert told[-1].startswith("line 3001, column 1: more than 999 faults")


def test_a_file_of_very_many_keys_is_refused_quickly() -> None:
    begun = time.perf_counter()

    (told,) = faults_of("a: [" + "x, " * 300_000 + "]")

    assert "more than 50,000 keys and values" in told
    assert time.perf_counter() - begun < 30
