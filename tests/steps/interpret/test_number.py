"""number: a standard number, by python-stdnum."""

from __future__ import annotations

import pytest

from ringback.steps.interpret.number import NumberField

SAMPLES = {
    "de.vat": ["DE 136,695 976", "DE136695976", "136695978"],
    "isbn": ["978-9024538270", "1-85798-218-5", "9780471117094"],
    "luhn": ["7894", "4111111111111111"],
    "nl.bsn": ["1112.22.333", "111222333"],
}


@pytest.mark.parametrize("standard", SAMPLES)
def test_both_readers_read_every_text_alike(standard: str, readers_agree) -> None:
    readers_agree(NumberField(column="n", standard=standard), SAMPLES[standard])


@pytest.mark.parametrize(
    ("standard", "text", "value"),
    [
        ("de.vat", "DE 136,695 976", "136695976"),
        ("de.vat", "136695978", None),
        ("isbn", "978-9024538270", "9789024538270"),
        ("isbn", "978-9024538271", None),
    ],
)
def test_a_valid_number_is_stored_compact(standard: str, text: str, value: str | None, read) -> None:
    assert read(NumberField(column="n", standard=standard), text) == value


@pytest.mark.parametrize("standard", ["de.nothing", "os", "../os", "util", "de", "", "de.vat.validate"])
def test_a_standard_is_one_that_python_stdnum_has(standard: str) -> None:
    with pytest.raises(ValueError, match="no such standard"):
        NumberField(column="n", standard=standard)
