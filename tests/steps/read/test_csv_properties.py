"""The fast reader against the specification, on generated tables and on text that no table ever was."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ringback.model.contract import Source
from ringback.steps.read.dialect import Limits
from ringback.steps.read.reference import split

from .reading import read_all
from .slow import slow_rows

LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "gb18030", "utf-8-sig"])
DIALECTS = st.sampled_from(
    [
        Source(delimiter=";", header=False),
        Source(delimiter=",", header=False, quoteChar="'"),
        Source(delimiter="||", header=False),
        Source(delimiter="\t", header=False, escapeChar="\\"),
        Source(delimiter="§§", header=False, escapeChar="\\"),
        Source(delimiter="é", header=False),
    ]
)
LIMITS = st.builds(Limits, block_bytes=st.integers(1, 80), record_bytes=st.just(4000))


@st.composite
def tables(draw: st.DrawFn) -> tuple[Source, list[list[str]], str]:
    """A dialect, a table and one of the many texts that mean it."""
    source = draw(DIALECTS)
    width = draw(st.integers(1, 4))
    letters = st.sampled_from(["a", "0", " ", "ü", "\r", "\n", '"', "'", "#", source.delimiter, source.escape or "\\"])
    cell = st.one_of(st.just(""), st.lists(letters, max_size=6).map("".join))
    table = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=6))
    texts = [source.delimiter.join(draw(_written(cell, source)) for cell in row) + draw(LINE_ENDS) for row in table]
    if draw(st.booleans()) and texts[-1].rstrip("\r\n"):
        texts[-1] = texts[-1].rstrip("\r\n") if not table[-1][-1].endswith(("\r", "\n")) else texts[-1]
    assume(not any(one.endswith("\r") and next_one.startswith("\n") for one, next_one in pairwise(texts)))
    return source, table, "".join(texts)


@st.composite
def _written(draw: st.DrawFn, cell: str, source: Source) -> str:
    quote, escape = source.quote or "", source.escape
    special = any(mark in cell for mark in ("\r", "\n", quote, source.delimiter[0], escape or "\r"))
    if escape and draw(st.booleans()):
        for mark in (escape, quote, source.delimiter, "\r", "\n"):
            cell = cell.replace(mark, escape + mark)
        return cell
    if not special and draw(st.booleans()):
        return cell
    if escape:
        cell = cell.replace(escape, escape * 2)
    return quote + cell.replace(quote, draw(st.sampled_from([quote * 2, (escape or quote) + quote]))) + quote


def _is_doubtful(table: list[list[str]], text: str, source: Source) -> bool:
    """Whether a value of several lines looks as if it had a whole row inside: such rows are rejected on purpose."""
    multiline = any("\n" in cell or "\r" in cell for row in table for cell in row)
    return multiline and any(row.code == "row.quote" for row in slow_rows(text, source, len(table[0])))


@given(tables(), LIMITS, ENCODINGS)
@settings(max_examples=500, deadline=None)
def test_every_table_is_read_as_it_was_written_wherever_a_block_ends(
    written: tuple[Source, list[list[str]], str], limits: Limits, encoding: str
) -> None:
    source, table, text = written
    assume(not _is_doubtful(table, text, source))
    assume(len(table[0]) > 1 or text.strip("\r\n") != "")
    if len(table[0]) > 1:
        assume(not any(line == "" for line in text.splitlines()))  # may be a blank line before the width is known
    else:
        assume(text[0] not in "\r\n")

    result = read_all(text.encode(encoding), source.model_copy(update={"encoding": encoding}), limits=limits)

    assert result.rejects == []
    assert result.cells == [tuple(row) for row in table]
    assert [split(text, source) for text in result.texts] == table


SHAPELESS = st.lists(st.sampled_from(["a", "é", ";", ";", '"', '"', "\n", "\n", "\r", "\\", "#", "\0"]), max_size=60)


@given(
    SHAPELESS.map("".join),
    st.sampled_from([None, "\\"]),
    st.sampled_from([None, "#"]),
    st.sampled_from([";", "a;"]),
    st.integers(1, 4),
    st.integers(1, 50),
)
@settings(max_examples=1500, deadline=None)
def test_every_row_of_any_text_is_good_rejected_or_skipped_just_as_letter_by_letter(
    text: str, escape: str | None, comment: str | None, delimiter: str, width: int, block_bytes: int
) -> None:
    source = Source(delimiter=delimiter, escapeChar=escape, commentChar=comment)
    header = delimiter.join(f"c{number}" for number in range(width)) + "\n"
    limits = Limits(block_bytes=block_bytes, record_bytes=1000)

    result = read_all((header + text).encode(), source, limits=limits)

    expected = [row for row in slow_rows(header + text, source, width) if row.line > 1]
    assert result.rows == [(row.line, row.cells) for row in expected if row.cells]
    assert result.rejects == [(row.line, row.code) for row in expected if row.code]
    assert sum(result.reading.skipped.values()) == sum(1 for row in expected if row.skipped)
    assert result.texts == [row.text for row in expected if row.cells]


@given(SHAPELESS.map("".join), st.integers(0, 4), st.integers(0, 3), st.integers(1, 30))
@settings(max_examples=300, deadline=None)
def test_preamble_and_footer_are_lines_and_never_rows(
    text: str, footer_lines: int, preamble_lines: int, block_bytes: int
) -> None:
    limits = Limits(block_bytes=block_bytes, record_bytes=1000)
    source = Source(delimiter=";", footerLines=footer_lines, preambleLines=preamble_lines)
    plain = Source(delimiter=";")
    before, body, after = "about this file\n" * preamble_lines, "a;b\n" + text, "the end;\n" * footer_lines
    body += "" if body.endswith("\n") else "\n"

    framed = read_all((before + body + after).encode(), source, limits=limits)
    alone = read_all(body.encode(), plain, limits=limits)

    assert [(line - preamble_lines, cells) for line, cells in framed.rows] == alone.rows
    assert [(line - preamble_lines, code) for line, code in framed.rejects] == alone.rejects
    assert framed.reading.parts.get("preamble", 0) == len(before)
    assert framed.reading.parts.get("footer", 0) == len(after)


@given(
    st.binary(max_size=200),
    st.sampled_from(["utf-8", "ascii", "cp1252", "shift_jis", "big5"]),
    st.integers(1, 40),
)
@settings(max_examples=300, deadline=None)
def test_no_byte_of_any_content_is_lost_or_replaced(content: bytes, encoding: str, block_bytes: int) -> None:
    source = Source(delimiter=";", encoding=encoding)
    limits = Limits(block_bytes=block_bytes, record_bytes=1000)

    result = read_all(b"a;b\n1;2\n" + content, source, limits=limits)

    assert result.reading.header == ("a", "b")
    assert not any("\ufffd" in cell for cells in result.cells for cell in cells) or encoding == "utf-8"
