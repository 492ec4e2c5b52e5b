"""Bytes of any kind are a table or a clean refusal: no other error, no hang, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ringback.errors import RingbackError
from ringback.workflows.read_table import TextTable, read_table

QUICK = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])

# What tables are made of, so that chance makes many nearly good ones.
MARKS = [b",", b";", b"\t", b"|", b'"', b"'", b"\\", b"\n", b"\r\n", b"\r", b" ", b"#", b'""', b"\0"]
TEXTS = [b"a", b"Ada", b"1", b"2024-01-31", b"12.50", "ö".encode(), b"Total", b"id,name\n", b"1,Ada\n"]
ODD = [b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\xff\xfe"]
PIECES = st.sampled_from([*MARKS, *TEXTS, *ODD])
BYTES = st.one_of(st.binary(max_size=400), st.lists(PIECES, max_size=120).map(b"".join))


def table_of(tmp_path: Path, content: bytes) -> TextTable | None:
    """The table; None, where the file is refused."""
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        table = read_table(path, environ={})
        list(table.frames())
    except RingbackError:
        return None
    return table


@QUICK
@given(content=BYTES)
@example(content=b"")
@example(content=b"\0")
@example(content=b"\xff\xfe\xff")
@example(content=b"\x1f\x8b\x08")
@example(content=b'"')
@example(content=b",\n,")
@example(content=b"\xff\xfe" + "a,b\n\ud9e9,2\n1,2\n".encode("utf-16-le", "surrogatepass"))
@example(content=b"a\n" + b'"' * 301)
def test_any_bytes_are_a_table_or_refused(tmp_path: Path, content: bytes) -> None:
    table = table_of(tmp_path, content)

    if table is not None:
        rows = list(table.rows())
        width = {len(row) for row in rows}
        assert len(width) <= 1
        assert len(table.origins) == len(rows)
        assert table.origins == sorted(set(table.origins))


@QUICK
@given(content=BYTES)
def test_reading_twice_says_the_same(tmp_path: Path, content: bytes) -> None:
    table = table_of(tmp_path, content)
    again = table_of(tmp_path, content)

    if table is not None and again is not None:
        assert (list(table.rows()), table.doubts, table.header) == (list(again.rows()), again.doubts, again.header)


@pytest.mark.parametrize(
    "content",
    [
        b'a,b\n"' + b"x,y\n" * 20_000,
        b"a,b\n" + b'1,"' * 5_000,
        b"a,b,c\n" + b'"x"y"z' * 10_000,
        b"a" + b",a" * 20_000 + b"\n" + b"1" + b",1" * 20_000,
        b'"' * 100_000,
        b"a;b\n" + b"1;2;3\n2;3\n" * 3_000,
        b"\n" * 100_000,
        b"x" * 3_000_000,
    ],
    ids=[
        "open quote",
        "open quotes",
        "quotes in quotes",
        "20,000 columns",
        "quotes",
        "ragged",
        "blank lines",
        "a long line",
    ],
)
@pytest.mark.timeout(60)
def test_a_hostile_file_is_over_in_seconds(tmp_path: Path, content: bytes) -> None:
    table_of(tmp_path, content)
