"""string: the text as it is."""

from __future__ import annotations

import pytest

from ringback.steps.interpret.string import StringField


def test_both_readers_read_every_text_alike(readers_agree) -> None:
    readers_agree(StringField(column="n"), ["Zoë", "a\x00b", "", "\ufeff", "😀 x", "NA"])


@pytest.mark.parametrize("text", ["00123", "NA", "No", "1e5", "Zoë 😀", " kept ", "line\nbreak"])
def test_text_stays_as_it_is(text: str, read) -> None:
    assert read(StringField(column="n"), text) == text


def test_a_nul_character_is_no_text(read) -> None:
    assert read(StringField(column="n"), "a\x00b") is None
