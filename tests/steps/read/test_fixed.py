"""Fixed-width deliveries."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringback.errors import DeliveryRefused
from ringback.model.contract import Source

from .both import read_both

COLUMNS = (("no", 1, 4), ("name", 5, 6), ("town", 11, 5))


def fixed(columns: tuple[tuple[str, int, int], ...] = COLUMNS, **told: Any) -> Source:
    layout = [{"name": name, "start": start, "length": length} for name, start, length in columns]
    return Source.model_validate({"format": "fixed", "offsets": "characters", "layout": layout, **told})


def test_each_column_is_read_from_its_place() -> None:
    told = read_both("0001Ada   Paris\n0002Zoë   Köln \n".encode(), fixed())

    assert told.rows == [
        {"no": "0001", "name": "Ada   ", "town": "Paris"},
        {"no": "0002", "name": "Zoë   ", "town": "Köln "},
    ]
    assert told.lines == [1, 2]


def test_a_row_of_another_length_is_rejected_and_no_column_of_it_is_taken() -> None:
    content = b"0001Ada   Paris\n0002Ada  Paris\n\n0003Ada    Paris\r\n0004Ada   Paris"

    told = read_both(content, fixed())

    assert told.lines == [1, 5]
    assert told.codes == [(2, "row.ragged"), (4, "row.ragged")]
    assert [reason for _line, _code, reason in told.rejects] == [
        "has 14 characters where the layout has 15",
        "has 16 characters where the layout has 15",
    ]
    assert told.reading.skipped == {"blank line": 1}


def test_offsets_in_bytes_cut_a_file_whose_letters_have_several() -> None:
    content = "0001Zoë  Paris\n0002Ada   Köln\n0003Adamsöoslo\n".encode()

    told = read_both(content, fixed(offsets="bytes"))

    assert told.rows == [
        {"no": "0001", "name": "Zoë  ", "town": "Paris"},
        {"no": "0002", "name": "Ada   ", "town": "Köln"},
    ]
    assert told.codes == [(3, "row.cut")]


@pytest.mark.parametrize("encoding", ["shift_jis", "utf-16-le", "gb18030"])
def test_bytes_are_counted_in_the_encoding_of_the_file(encoding: str) -> None:
    columns = (("no", 1, 4), ("name", 5, 4))
    content = (
        "01".encode(encoding) * (2 if encoding != "utf-16-le" else 1) + "山田".encode(encoding) + "\n".encode(encoding)
    )

    told = read_both(content, fixed(columns, offsets="bytes", encoding=encoding))

    assert [row["name"] for row in told.rows] == ["山田"]


def test_what_no_column_covers_is_a_column_named_by_its_place() -> None:
    told = read_both(b"0001xxAda-\n", fixed((("no", 1, 4), ("name", 7, 3)), recordLength=10))

    assert told.reading.header == ("no", "name", "5-6", "10")
    assert told.rows == [{"no": "0001", "name": "Ada", "5-6": "xx", "10": "-"}]


def test_rows_without_line_ends_are_counted_off_in_the_mainframes_letters() -> None:
    source = fixed(offsets="bytes", encoding="cp273", lineEnds=False)
    content = "0001Ada   Paris0002Zoë   Köln ".encode("cp273")

    told = read_both(content, source)

    assert [row["town"] for row in told.rows] == ["Paris", "Köln "]
    assert told.lines == [1, 2]


def test_a_file_without_line_ends_that_is_cut_short_or_has_some_is_not_read_on_wrongly() -> None:
    source = fixed(offsets="bytes", encoding="latin-1", lineEnds=False)

    cut = read_both(b"0001Ada   Paris0002Ada", source)
    lines = read_both(b"0001Ada   Paris\n0002Zoe   Koeln\n", source)

    assert cut.codes == [(2, "row.ragged")]
    assert lines.codes == [(2, "row.line_end"), (3, "row.ragged")]
    assert lines.rows[0]["town"] == "Paris"


def test_packed_digits_are_read_with_their_sign() -> None:
    source = Source.model_validate(
        {
            "format": "fixed",
            "offsets": "bytes",
            "encoding": "cp037",
            "lineEnds": False,
            "layout": [
                {"name": "no", "start": 1, "length": 2},
                {"name": "sum", "start": 3, "length": 3, "packed": True},
            ],
        }
    )
    rows = [
        (b"01", "00123C"),
        (b"02", "00123D"),
        (b"03", "00123F"),
        (b"04", "000000"),
        (b"05", "404040"),
        (b"06", "15250D"),
    ]
    content = b"".join(no.decode().encode("cp037") + bytes.fromhex(packed) for no, packed in rows)

    told = read_both(content, source)

    assert [row["sum"] for row in told.rows] == ["00123+", "00123-", "00123", "x'000000'", "x'404040'", "15250-"]


def test_bytes_that_are_no_text_cost_their_row_only() -> None:
    source = fixed(offsets="bytes", encoding="cp1252", lineEnds=False)

    without = read_both(b"0001Ada   Paris0002A\x81a   Paris0003Ada\0  Paris", source)
    lines = read_both(b"0001Ada   Paris\n0002A\xffa   Paris\n0003Ada\0  Paris\n", fixed())

    assert without.codes == [(2, "row.encoding"), (3, "row.nul")]
    assert lines.codes == [(2, "row.encoding"), (3, "row.nul")]


def test_lines_that_are_no_records_are_left_out_by_their_rule() -> None:
    source = fixed(skip=[{"name": "total", "pattern": "^TOTAL"}], preambleLines=1)

    told = read_both(b"HEADER\n0001Ada   Paris\nTOTAL 0000001\n", source)

    assert told.lines == [2]
    assert told.reading.skipped == {"total": 1}


TEXT = st.text(st.sampled_from("aé0 Z"), min_size=15, max_size=15)


@given(st.lists(TEXT, min_size=1, max_size=5), st.sampled_from(["utf-8", "cp1252", "utf-16", "iso-8859-15"]))
@settings(max_examples=100, deadline=None)
def test_every_table_comes_back_as_it_was_laid_out(rows: list[str], encoding: str) -> None:
    told = read_both("".join(f"{row}\n" for row in rows).encode(encoding), fixed(encoding=encoding))

    assert ["".join(row.values()) for row in told.rows] == rows


@given(
    st.binary(max_size=120),
    st.sampled_from(["utf-8", "cp1252", "cp037", "shift_jis"]),
    st.sampled_from(["characters", "bytes"]),
    st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_of_any_bytes_every_row_is_good_or_rejected(
    content: bytes, encoding: str, offsets: str, line_ends: bool
) -> None:
    source = fixed(
        (("a", 1, 2), ("b", 4, 3)),
        encoding=encoding,
        offsets=offsets,
        lineEnds=line_ends or encoding in ("utf-8", "shift_jis"),
    )

    with suppress(DeliveryRefused):
        read_both(content, source)
