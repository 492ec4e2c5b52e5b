"""email: one address."""

from __future__ import annotations

import pytest

from ringback.steps.interpret.email import EmailField

EMAIL = EmailField(column="n")
LONG_LABEL = "a" * 63


def test_both_readers_read_every_text_alike(readers_agree) -> None:
    samples = [
        *("user0@example.org", "first.last+tag@sub.example.co.uk", "zoë@bücher.example", "a@b.c", "o'neil@x-y.example"),
        *(
            "a" * 64 + "@example.org",
            "é" * 64 + "@example.org",
            "é" * 65 + "@x.org",
            f"x@{LONG_LABEL}.{LONG_LABEL}.org",
        ),
        f"x@{LONG_LABEL}.{LONG_LABEL}.{LONG_LABEL}.{'b' * 60}",
        *("a@b@c.org", "@x.org", "x@", "K@ſ.org"),
    ]

    readers_agree(EMAIL, samples)


@pytest.mark.parametrize("text", ["a.b@example.org", "zoë@bücher.example", "A@EXAMPLE.ORG", "a" * 64 + "@example.org"])
def test_an_address_is_kept_as_delivered(text: str, read) -> None:
    assert read(EMAIL, text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("a", "a@b", "a@b.", "@b.c", ".a@b.c", "a.@b.c", "a..b@c.de", "a b@c.de", "a@b c.de", "a@-b.de", "a@b-.de"),
        *("a@b..de", "Zoe <a@b.de>", "a@b.de, c@d.de", '"a b"@c.de', "a@b.de\n", "a\u2009b@c.de", "a" * 65 + "@b.de"),
        *("a@" + "b" * 64 + ".de", "a@" + ".".join(["b" * 60] * 5)),
    ],
)
def test_anything_else_is_not_readable(text: str, read) -> None:
    assert read(EMAIL, text) is None
