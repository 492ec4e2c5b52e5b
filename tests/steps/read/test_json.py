"""JSON Lines, and JSON documents."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringback.errors import DeliveryRefused
from ringback.model.contract import Source

from .both import read_both

LINES = Source(format="jsonl")
DOCUMENT = Source(format="json")


def test_every_value_has_a_column_named_by_its_path() -> None:
    content = b'{"no": "01", "address": {"city": "Paris", "geo": {"lat": 48.850}}, "active": true}\n'

    told = read_both(content, LINES)

    assert told.rows == [{"no": "01", "address.city": "Paris", "address.geo.lat": "48.850", "active": "true"}]


def test_numbers_stay_as_they_are_written() -> None:
    numbers = ["1.10", "-0", "1E+400", "12345678901234567890123", "0.1000000000000000055"]

    told = read_both("".join(f'{{"n": {number}}}\n' for number in numbers).encode(), LINES)

    assert [row["n"] for row in told.rows] == numbers


def test_a_list_is_one_cell_unless_the_contract_unfolds_it() -> None:
    content = b'{"phones": [{"kind": "home", "no": 1.0}, {"no": "2"}], "tags": ["a", null]}\n'

    whole = read_both(content, LINES)
    unfolded = read_both(content, LINES.model_copy(update={"unfold": ("phones", "tags")}))

    assert whole.rows == [{"phones": '[{"kind": "home", "no": 1.0}, {"no": "2"}]', "tags": '["a", null]'}]
    assert unfolded.rows == [
        {"phones[0].kind": "home", "phones[0].no": "1.0", "phones[1].no": "2", "tags[0]": "a", "tags[1]": ""}
    ]


def test_the_header_has_every_name_that_some_record_has() -> None:
    told = read_both(b'{"a": 1}\n{"b": 2, "a": null}\n', LINES.model_copy(update={"optional": ("b", "c")}))

    assert told.reading.header == ("a", "b", "c")
    assert told.rows == [{"a": "1", "b": "", "c": ""}, {"a": "", "b": "2", "c": ""}]


def test_keys_that_look_like_paths_are_told_apart_from_paths() -> None:
    told = read_both(b'{"a.b": 1, "a": {"b": 2}, "": 3, "c[0]": 4, "ringback": {"line": 5}}\n', LINES)

    assert told.reading.header == ('["a.b"]', "a.b", '[""]', '["c[0]"]', 'ringback["line"]')
    assert sorted(told.rows[0].values()) == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('{"a": 1', "is not JSON"),
        ("{'a': 1}", "is not JSON"),
        ('{"a": 01}', "is not JSON"),
        ('{"a": 1} {"a": 2}', "behind its object"),
        ('{"a": 1, "a": 2}', "same key twice"),
        ('{"a": {"b": 1, "b": 2}}', "same key twice"),
        ('{"a": [{"b": 1, "b": 2}]}', "same key twice"),
        ('{"a": NaN}', "NaN"),
        ('[{"a": 1}]', "not an object"),
        ('"a"', "not an object"),
        ('{"a": "\\ud800"}', "half a character"),
        ('{"a": "\\u0000"}', "NUL"),
        ('{"a": "tab\there"}', "is not JSON"),
        ('{"a":' * 70 + "1" + "}" * 70, "inside one another"),
        ('{"a":' + "[" * 100_000 + "]" * 100_000 + "}", "too deeply"),
    ],
)
def test_a_line_that_is_no_record_is_rejected_and_the_others_are_read(line: str, word: str) -> None:
    told = read_both(f'{{"a": 1}}\n{line}\n\n{{"a": 3}}\n'.encode(), LINES)

    assert told.lines == [1, 4]
    assert [(found, code) for found, code, _reason in told.rejects] == [(2, "row.json")]
    assert word in told.rejects[0][2]
    assert told.reading.skipped == {"blank line": 1}


def test_records_are_found_where_the_contract_says() -> None:
    content = json.dumps({"count": 2, "out": {"meta": [1], "clients": [{"no": 1}, {"no": 2}], "end": {}}}, indent=2)

    told = read_both(content.encode(), Source(format="json", record="out.clients"))

    assert [row["no"] for row in told.rows] == ["1", "2"]
    assert told.lines == [1, 2]


@pytest.mark.parametrize(
    ("content", "record", "word"),
    [
        ('[{"a": 1},\n{"a": 2}', None, "cannot be read on"),
        ('[{"a": 1}\n{"a": 2}]', None, "comma"),
        ('[{"a": 1}]\nx', None, "follows its end"),
        ('{"a": [{"a": 1}]}', None, "no list"),
        ('{"a": [{"a": 1}]}', "b", 'no key "b"'),
        ('{"a": [{"a": 1}], "a": []}', "a", "twice"),
        ('{"a": [{"a": 1}]', "a", "not whole"),
        ("{}", "a", 'no key "a"'),
        ("", None, "no list"),
        ("[" * 100_000, None, "nested"),
        ('[{"a": "\xff"}]', None, "encoding"),
    ],
)
def test_a_document_that_is_not_whole_is_refused_with_its_line(content: str, record: str | None, word: str) -> None:
    with pytest.raises(DeliveryRefused, match=word) as refused:
        read_both(content.encode("latin-1"), Source(format="json", record=record))

    assert ", line " in refused.value.where
    assert refused.value.mend


def test_a_record_of_a_document_that_cannot_be_read_is_rejected_by_its_number_and_line() -> None:
    told = read_both(b'[\n{"a": 1},\n{"a": 1, "a": 2},\n5,\n{"a": 4}\n]\n', DOCUMENT)

    assert told.lines == [1, 4]
    assert told.rejects == [
        (2, "row.json", "has an object with the same key twice (it begins in line 3)"),
        (3, "row.json", "is not an object (it begins in line 4)"),
    ]


def test_ten_thousand_names_are_read_and_more_than_a_worksheet_has_are_refused() -> None:
    wide = json.dumps({f"c{number}": number for number in range(10_000)}) + "\n"
    other = json.dumps({f"d{number}": number for number in range(10_000)}) + "\n"

    assert len(read_both((wide * 3).encode(), LINES).reading.header) == 10_000
    with pytest.raises(DeliveryRefused, match="too many columns"):
        read_both((wide + other).encode(), LINES)


KEYS = st.sampled_from(["a", "b", "a.b", "", "[", '"', "ä", "ringback.line", "\0"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=4), max_size=5), st.sampled_from(["jsonl", "json"]))
@settings(max_examples=300, deadline=None)
def test_both_readers_read_every_record_alike(records: list[dict[str, Any]], kind: str) -> None:
    lines = "".join(json.dumps(each) + "\n" for each in records)

    told = read_both(
        (lines if kind == "jsonl" else json.dumps(records, indent=1)).encode(), Source(format=kind, unfold=("a",))
    )  # type: ignore[arg-type]

    assert len(told.rows) + len(told.rejects) == len(records)


@given(st.text('{}[]",:\\u0 1e-+.truefalsn\n\td8', max_size=80), st.sampled_from(["jsonl", "json"]))
@settings(max_examples=500, deadline=None)
def test_of_any_text_nothing_comes_but_rows_rejects_and_refusals(text: str, kind: str) -> None:
    with suppress(DeliveryRefused):
        read_both(text.encode(), Source(format=kind))  # type: ignore[arg-type]


@given(st.binary(max_size=80), st.sampled_from(["jsonl", "json"]), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
@settings(max_examples=200, deadline=None)
def test_of_any_bytes_nothing_comes_but_rows_rejects_and_refusals(content: bytes, kind: str, encoding: str) -> None:
    with suppress(DeliveryRefused):
        read_both(content, Source(format=kind, encoding=encoding))  # type: ignore[arg-type]


def test_names_that_mean_more_to_polars_are_names() -> None:
    told = read_both(b'{"*": 1, "^x.*$": 2, "x": 3}\n{"x": 4}\n', LINES)

    assert told.rows == [{"*": "1", '["^x.*$"]': "2", "x": "3"}, {"*": "", '["^x.*$"]': "", "x": "4"}]
