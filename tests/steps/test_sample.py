"""The sample that the reference reader judges: fair, bounded, the same for the same delivery, and large enough."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ringback.model.rows import LINE
from ringback.steps.sample import SAMPLE_SIZE, Sample


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), max_size=8), st.integers(0, 2**60))
def test_the_sample_does_not_depend_on_how_rows_come_and_each_text_is_its_rows(chunks: list[int], seed: int) -> None:
    lines = range(2, 2 + sum(chunks))

    parts, whole = _sampled(lines, chunks, seed), _sampled(lines, [len(lines)], seed)

    assert parts.equals(whole)
    assert parts.height == min(10, len(lines))
    assert parts["text"].to_list() == [f"row {line}" for line in parts[LINE]]


def test_another_delivery_has_another_sample() -> None:
    assert not _sampled(range(1000), [1000], 1).equals(_sampled(range(1000), [1000], 2))


def test_damage_to_one_record_in_a_thousand_is_seen_with_the_confidence_promised() -> None:
    assert (1 - 0.001) ** SAMPLE_SIZE <= 1 - 0.9999
    assert SAMPLE_SIZE < 10_000


def _sampled(lines: range, chunks: list[int], seed: int) -> pl.DataFrame:
    sample, start = Sample(seed=seed, size=10), 0
    for count in chunks:
        here = pl.Series(LINE, lines[start : start + count], dtype=pl.Int64)
        sample.offer(here, lambda places, here=here: [f"row {here[place]}" for place in places])  # type: ignore[misc]
        start += count
    return sample.rows()
