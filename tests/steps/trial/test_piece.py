"""Two readings that cut a file differently are put side by side, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ringback.model.rows import LINE, REJECT_SCHEMA
from ringback.steps.trial.piece import Piece, aligned

_LINES = st.lists(st.integers(2, 60), unique=True, max_size=25).map(sorted)
_CUTS = st.lists(st.integers(0, 25), max_size=4).map(sorted)


def _piece(lines: list[int]) -> Piece:
    """Every third line is a reject."""
    good, bad = [line for line in lines if line % 3], [line for line in lines if not line % 3]
    rows = pl.DataFrame({LINE: pl.Series(lines, dtype=pl.Int64)})
    rejects = pl.DataFrame([{**dict.fromkeys(REJECT_SCHEMA), "line": line} for line in bad], schema=REJECT_SCHEMA)
    return Piece(rows=rows, records=pl.DataFrame({LINE: pl.Series(good, dtype=pl.Int64)}), rejects=rejects)


def _pieces(lines: list[int], cuts: list[int]) -> Iterator[Piece]:
    for start, end in zip([0, *cuts], [*cuts, len(lines)], strict=True):
        yield _piece(lines[start:end])


def _lines(pieces: list[Piece]) -> list[tuple[list[int], list[int], list[int]]]:
    return [
        (each.rows[LINE].to_list(), each.records[LINE].to_list(), each.rejects["line"].to_list()) for each in pieces
    ]


@settings(deadline=None)
@given(_LINES, _CUTS, _LINES, _CUTS)
def test_both_sides_of_every_pair_cover_the_same_lines_and_no_row_is_lost(
    one: list[int], one_cuts: list[int], other: list[int], other_cuts: list[int]
) -> None:
    pairs = list(aligned(_pieces(one, one_cuts), _pieces(other, other_cuts), (_piece([]), _piece([]))))

    for side, lines in ((0, one), (1, other)):
        taken = _lines([pair[side] for pair in pairs])
        whole = _lines([_piece(lines)])[0]
        assert tuple(list(chain(*(each[part] for each in taken))) for part in range(3)) == whole
    shared = set(one) & set(other)
    assert shared == {line for old, new in pairs for line in set(old.rows[LINE]) & set(new.rows[LINE])}


def test_a_reading_that_is_far_ahead_waits_for_the_other() -> None:
    pairs = aligned(iter([_piece(list(range(2, 50)))]), _pieces([2, 10, 40], [1, 2]), (_piece([]), _piece([])))

    assert [(old.rows.height, new.rows.height) for old, new in pairs if old.rows.height or new.rows.height] == [
        (1, 1),
        (8, 1),
        (30, 1),
        (9, 0),
    ]
