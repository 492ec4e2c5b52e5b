"""json: one JSON text, in its canonical form."""

from __future__ import annotations

import pytest

from ringback.steps.interpret.json import JsonField

JSON = JsonField(column="n")


def test_both_readers_read_every_text_alike(readers_agree) -> None:
    samples = [
        '{"b": [1, 2.50], "a": null}',
        '"é\\u00e9"',
        "[true,false]",
        "-1.5e10",
        '{"a":{"a":"x"}}',
        '"\\ud83d\\ude00"',
    ]

    readers_agree(JSON, samples)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ('{ "b" : [1, 2.50, 1e400], "a": null }', '{"a":null,"b":[1,2.50,1e400]}'),
        ('"\\u00e9 \\/ \\ud83d\\ude00"', '"é / 😀"'),
        ("123456789012345678901234567890.10", "123456789012345678901234567890.10"),
        (" true\n", "true"),
        ("{}", "{}"),
        ('"\\\\u0000"', '"\\\\u0000"'),
        ("[" * 64 + "]" * 64, "[" * 64 + "]" * 64),
    ],
)
def test_one_meaning_has_one_text_and_no_digit_is_lost(text: str, canonical: str, read) -> None:
    assert read(JSON, text) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "NaN",
        "[Infinity]",
        '{"a":1,"a":2}',
        "'a'",
        '"\\u0000"',
        '"\\ud800"',
        "01",
        "[" * 65 + "]" * 65,
        "[" * 99_999,
    ],
)
def test_anything_else_is_not_readable(text: str, read) -> None:
    assert read(JSON, text) is None
