"""Delimited text: what becomes of each line that a supplier sends."""

from __future__ import annotations

import io
import json
import os
import tracemalloc
from collections.abc import Iterator

import pytest

from ringback.errors import DeliveryRefused, UsageError
from ringback.model.contract import Skip, Source
from ringback.model.rows import LINE
from ringback.steps.read import read
from ringback.steps.read.dialect import Limits

from .reading import read_all

SOURCE = Source(delimiter=";")
SMALL = Limits(block_bytes=64, record_bytes=256)


def test_a_clean_file_is_read_with_every_zero_and_space_it_has() -> None:
    result = read_all("no;name;note\n00012; Zoë ;NA\n00013;;\n".encode(), SOURCE)

    assert result.reading.header == ("no", "name", "note")
    assert result.rows == [(2, ("00012", " Zoë ", "NA")), (3, ("00013", "", ""))]
    assert result.texts == ["00012; Zoë ;NA", "00013;;"]
    assert result.reading.parts == {"header": 13, "rows": 24}


def test_a_row_with_quoted_line_breaks_is_known_by_its_first_line() -> None:
    result = read_all(b'no;note\n1;"one\ntwo\r\nthree"\n2;x\n', SOURCE)

    assert result.rows == [(2, ("1", "one\ntwo\r\nthree")), (5, ("2", "x"))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_separates_rows(end: str) -> None:
    result = read_all(end.join(["no;name", "1;Anna", "2;Otto", ""]).encode(), SOURCE)

    assert result.rows == [(2, ("1", "Anna")), (3, ("2", "Otto"))]


def test_a_ragged_row_goes_to_quarantine_and_shifts_nothing() -> None:
    result = read_all(b"no;name;city\n1;Anna;Ulm\n2;Otto\n3;Eva;Bonn;x\n4;Max;Kiel\n", SOURCE)

    assert result.cells == [("1", "Anna", "Ulm"), ("4", "Max", "Kiel")]
    assert result.rejects == [(3, "row.ragged"), (4, "row.ragged")]
    assert result.reasons == ["has 2 values where the header has 3", "has 4 values where the header has 3"]
    assert result.raws == ["2;Otto", "3;Eva;Bonn;x"]
    assert [json.loads(row) for row in result.chunks[0].rejects["row"]] == result.raws


def test_one_value_too_many_and_one_too_few_do_not_make_up_for_each_other() -> None:
    result = read_all(b"a;b;c\n1;2\n1;2;3;4\n", SOURCE)

    assert result.rejects == [(2, "row.ragged"), (3, "row.ragged")]


def test_an_empty_value_too_many_is_not_left_out_in_silence() -> None:
    result = read_all(b"a;b\n1;2\n\n3;4;\n", SOURCE)

    assert result.cells == [("1", "2")]
    assert result.rejects == [(4, "row.ragged")]


@pytest.mark.parametrize("stray", ['2;Ot"to;x', '2;"Otto" junior;x', '2;"Otto;x', '"', '2;"";"'])
def test_a_stray_quote_costs_its_own_line_only(stray: str) -> None:
    text = f'no;name;note\n1;"Anna";x\n{stray}\n3;"Eva";"y"\n4;Max;z\n'

    result = read_all(text.encode(), SOURCE)

    assert result.cells == [("1", "Anna", "x"), ("3", "Eva", "y"), ("4", "Max", "z")]
    assert result.rejects == [(3, "row.quote")]
    assert result.raws == [stray]


@pytest.mark.parametrize("limits", [Limits(), SMALL])
def test_a_quote_that_nothing_closes_does_not_swallow_the_file(limits: Limits) -> None:
    rows = [f"{number};name;note" for number in range(2000)]
    rows[7] = '7;"name;note'

    result = read_all("\n".join(["no;name;note", *rows]).encode(), SOURCE, limits=limits)

    assert len(result.rows) == 1999
    assert result.rejects == [(9, "row.quote")]
    assert result.reasons == ["opens a quoted value that is not closed"]


def test_rows_swallowed_by_two_stray_quotes_are_not_published_as_one_value() -> None:
    text = 'no;name;note\n1;"Anna;x\n2;Otto;y\n3;Eva;z\n4;Max";w\n5;Ida;v\n'

    result = read_all(text.encode(), SOURCE)

    assert result.cells == [("5", "Ida", "v")]
    assert result.rejects == [(2, "row.quote")]
    assert "2;Otto;y" in result.raws[0]


def test_where_quotes_mean_nothing_they_are_text() -> None:
    result = read_all(b'no;name\n1;5" pipe\n2;"\n', Source(delimiter=";", quoteChar=None))

    assert result.cells == [("1", '5" pipe'), ("2", '"')]


def test_bad_bytes_cost_their_row_and_stay_visible() -> None:
    result = read_all(b"no;name\n1;Zo\xeb\n2;Zo\xc3\xab\n3;caf\xe9 \x00\n", SOURCE)

    assert result.cells == [("2", "Zoë")]
    assert result.rejects == [(2, "row.encoding"), (4, "row.encoding")]
    assert result.raws == ["1;Zo\\xeb", "3;caf\\xe9 \\x00"]
    assert result.reasons[0] == "has bytes that are not utf-8"


def test_bytes_that_an_8_bit_encoding_does_not_know_cost_their_row() -> None:
    result = read_all(b"no;name\n1;\x80 5\n2;\x81\n", Source(delimiter=";", encoding="cp1252"))

    assert result.cells == [("1", "€ 5")]
    assert result.rejects == [(3, "row.encoding")]
    assert result.raws == ["2;\\x81"]


def test_a_lone_half_of_a_letter_in_utf_16_costs_its_row() -> None:
    text = "no;name\n1;Zoë\n".encode("utf-16") + b"2\x00;\x00\x00\xd8\n\x00" + "3;Eva\n".encode("utf-16-le")

    result = read_all(text, Source(delimiter=";", encoding="utf-16"))

    assert result.cells == [("1", "Zoë"), ("3", "Eva")]
    assert result.rejects == [(3, "row.encoding")]


def test_a_nul_byte_costs_its_row() -> None:
    result = read_all(b"no;name\n1;A\x00nna\n2;Otto\n", SOURCE)

    assert result.cells == [("2", "Otto")]
    assert result.rejects == [(2, "row.nul")]
    assert result.raws == ["1;A\\x00nna"]


def test_a_row_longer_than_memory_allows_costs_itself_only() -> None:
    long = b"2;" + b"x" * 5000
    for end in (b"\n", b"\r\n", b"\r"):
        result = read_all(end.join([b"no;name", b"1;Anna", long, b"3;Eva", b""]), SOURCE, limits=SMALL)

        assert result.rows == [(2, ("1", "Anna")), (4, ("3", "Eva"))]
        assert result.rejects == [(3, "row.too_long")]
        assert len(result.raws[0]) <= 4096


class Endless(io.RawIOBase):
    """A header, then one line that goes on for very long."""

    def __init__(self, size: int) -> None:
        self.left, self.start = size, b"no;name\n1;Anna\n"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        part = self.start[: len(buffer)] or b"x" * min(len(buffer), self.left)
        self.left -= 0 if self.start else len(part)
        self.start = self.start[len(part) :]
        buffer[: len(part)] = part
        return len(part)


def test_a_line_of_half_a_gigabyte_takes_no_more_memory_than_a_block() -> None:
    tracemalloc.start()
    reading = read(io.BufferedReader(Endless(2**29)), SOURCE, file_name="endless.csv")

    codes = [code for chunk in reading.chunks() for code in chunk.rejects["code"]]
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert codes == ["row.too_long"]
    assert peak < 200 * 2**20


def test_blank_lines_and_comments_are_counted_under_their_names() -> None:
    text = b'# made by hand\n\nno;name\n1;Anna\n\n#2;Otto "\n3;Eva\n\r\n'

    result = read_all(text, Source(delimiter=";", commentChar="#"))

    assert result.rows == [(4, ("1", "Anna")), (7, ("3", "Eva"))]
    assert result.reading.skipped == {"comment": 2, "blank line": 3}
    assert result.reading.row_count == 7


def test_an_empty_line_in_a_file_of_one_column_is_an_empty_value() -> None:
    result = read_all(b'name\nAnna\n\n""\nEva\n', SOURCE)

    assert result.rows == [(2, ("Anna",)), (3, ("",)), (4, ("",)), (5, ("Eva",))]


def test_the_contracts_own_rules_leave_rows_out_before_they_are_judged() -> None:
    source = Source(delimiter=";", skip=(Skip(name="totals", pattern="^TOTAL"), Skip(name="notes", pattern=r"^\(\*")))

    result = read_all(b'no;name\n1;Anna\nTOTAL 1\n(*) a "quote"\n2;Otto\n', source)

    assert result.rows == [(2, ("1", "Anna")), (5, ("2", "Otto"))]
    assert result.rejects == []
    assert result.reading.skipped == {"totals": 1, "notes": 1}


def test_preamble_and_footer_lines_are_no_rows_but_accounted_for() -> None:
    source = Source(delimiter=";", preambleLines=2, footerLines=2)

    result = read_all(b'Report "A\n\nno;name\n1;Anna\nsum;1\nend', source)

    assert result.rows == [(4, ("1", "Anna"))]
    assert result.reading.row_count == 1
    assert result.reading.parts == {"preamble": 11, "header": 8, "rows": 7, "footer": 9}


def test_a_file_without_a_header_has_numbered_columns() -> None:
    result = read_all(b"1;Anna\n2;Otto\n3\n", Source(delimiter=";", header=False))

    assert result.reading.header == ("1", "2")
    assert result.rows == [(1, ("1", "Anna")), (2, ("2", "Otto"))]
    assert result.reasons == ["has 1 value where the first row has 2"]


def test_a_file_with_a_header_only_has_no_rows() -> None:
    result = read_all(b"no;name", SOURCE)

    assert (result.reading.header, result.rows, result.reading.row_count) == (("no", "name"), [], 0)


def test_a_quoted_header_is_read_and_its_byte_order_mark_is_no_part_of_a_name() -> None:
    result = read_all(b'\xef\xbb\xbf"no";"full\nname"\n1;Anna\n', SOURCE)

    assert result.reading.header == ("no", "full\nname")
    assert result.rows == [(3, ("1", "Anna"))]
    assert result.reading.parts["byte order mark"] == 3


def test_a_byte_order_mark_inside_the_file_is_text() -> None:
    result = read_all("no;name\n\ufeff1;Anna\n".encode(), SOURCE)

    assert result.cells == [("\ufeff1", "Anna")]


def test_columns_that_share_a_name_or_have_none_are_told_and_kept_apart() -> None:
    result = read_all(f"a;;a; ;3;{LINE};a#2\n1;2;3;4;5;6;7\n".encode(), SOURCE)

    assert result.reading.header == ("a", "", "a", " ", "3", LINE, "a#2")
    assert result.reading.columns == ("a", "2", "a#3", "4", "3", f"{LINE}#2", "a#2")
    assert [(problem.code, problem.column) for problem in result.reading.header_problems] == [
        ("header.unnamed", "2"),
        ("header.duplicate", "a#3"),
        ("header.unnamed", "4"),
        ("header.duplicate", f"{LINE}#2"),
    ]


@pytest.mark.parametrize(
    ("content", "source", "word"),
    [
        (b"\n\n", SOURCE, "no header"),
        (b"", SOURCE, "no header"),
        (b"one line\n", Source(preambleLines=3), "ends within its preamble"),
        (b'no;"name\n1;2\n', SOURCE, "header cannot be read"),
        (b"no;stra\xdfe\n1;2\n", SOURCE, "not utf-8"),
        ("no;name\n1;2\n".encode("utf-16-le"), SOURCE, "NUL bytes"),
        ("no;name\n1;2\n".encode("utf-16"), SOURCE, "byte order mark of utf-16-le"),
        (b"\xef\xbb\xbfno;name\n", Source(encoding="cp1252"), "byte order mark of utf-8"),
        (b"no;name\n", Source(encoding="utf-16"), "no byte order mark"),
        ("no;name\n1;2\n".encode("utf-16-le")[:-1], Source(encoding="utf-16-le"), "breaks off"),
        (os.urandom(4000).replace(b"\n", b"\0"), SOURCE, "not"),
        (bytes(range(1, 256)) * 20, Source(escapeChar="\\"), "not text"),
        (b";" * 20_000 + b"\n", SOURCE, "too many columns"),
        (b";" * 20_000 + b"\n", Source(delimiter=";", header=False), "too many columns"),
        (b"x" * 300, SOURCE, "header cannot be read"),
        (b"a;b\n" + b"x" * 300, Source(footerLines=1), "footer"),
    ],
)
def test_what_cannot_be_read_as_a_whole_is_refused_with_its_line(content: bytes, source: Source, word: str) -> None:
    with pytest.raises(DeliveryRefused) as refused:
        read_all(content, source, limits=SMALL if b";;" not in content else None)

    assert word in str(refused.value)
    assert "clients.csv" in refused.value.where or word == "not text"
    assert refused.value.mend


@pytest.mark.parametrize(
    "source",
    [
        Source(quoteChar="''"),
        Source(quoteChar="«"),
        Source(delimiter='"'),
        Source(delimiter="\n"),
        Source(escapeChar='"'),
        Source(commentChar='"x'),
        Source(encoding="klingon"),
        Source(encoding="base64"),
    ],
)
def test_a_dialect_that_can_be_read_in_two_ways_is_an_error_of_the_contract(source: Source) -> None:
    with pytest.raises(UsageError):
        read_all(b"a,b\n", source)


def test_no_client_value_is_in_an_error() -> None:
    with pytest.raises(DeliveryRefused) as refused:
        read_all(b'no;"Anna Secret\n', SOURCE)

    chain: list[BaseException] = list(_causes(refused.value))
    assert not any("Secret" in repr(error.args) + str(error) for error in chain)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def test_of_a_file_of_which_nearly_nothing_can_be_read_not_every_row_is_told() -> None:
    with pytest.raises(DeliveryRefused, match="most of its rows") as refused:
        read_all(b"a;b\n" + b"1\n" * 300_000, Source(delimiter=";"))

    assert refused.value.where == "clients.csv, line 2"


def test_ten_thousand_columns_of_one_name_are_named_at_once() -> None:
    result = read_all(b";".join([b"a"] * 10_000) + b"\n", Source(delimiter=";"))

    assert result.reading.columns[-1] == "a#10000"
