"""Masks of 64 bytes a word, against plain numpy."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ringback.steps.read import bits

MASKS = st.lists(st.booleans(), min_size=1, max_size=300).map(lambda flags: np.array(flags, dtype=bool))


@given(MASKS)
def test_a_mask_comes_back_as_it_was(mask: np.ndarray) -> None:
    words = bits.packed(mask)

    assert bits.unpacked(words, len(mask)).tolist() == mask.tolist()
    assert bits.count(words) == mask.sum()
    assert bits.end_of_last(words) == (np.flatnonzero(mask)[-1] + 1 if mask.any() else 0)


@given(MASKS)
def test_inside_is_where_an_odd_number_of_quotes_has_come(mask: np.ndarray) -> None:
    inside = bits.unpacked(bits.inside(bits.packed(mask)), len(mask))

    assert inside.tolist() == (np.cumsum(mask) % 2 == 1).tolist()


@given(MASKS)
def test_neighbours_are_found_across_words(mask: np.ndarray) -> None:
    words = bits.packed(mask)

    assert bits.unpacked(bits.after(words), len(mask)).tolist() == [False, *mask[:-1].tolist()]
    assert bits.unpacked(bits.before(words), len(mask)).tolist() == [*mask[1:].tolist(), False]


@given(MASKS, st.data())
def test_bits_behind_a_place_are_left_out(mask: np.ndarray, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(mask)))

    assert bits.count(bits.up_to(bits.packed(mask), size)) == mask[:size].sum()


@given(MASKS)
def test_a_rank_counts_what_is_set_before_a_place(mask: np.ndarray) -> None:
    places = np.arange(len(mask) + 1)

    assert bits.rank(bits.packed(mask), places).tolist() == [int(mask[:place].sum()) for place in places]
