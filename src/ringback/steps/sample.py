"""A sample of a delivery's rows, as delivered, for the reference reader to judge the fast one by."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import polars as pl

from ringback.model.rows import LINE

DAMAGED_SHARE = 0.001  # issue 2, point 9: damage to 0.1 % of the records ...
CONFIDENCE = 0.9999  # ... is seen with 99.99 % confidence
SAMPLE_SIZE = math.ceil(math.log(1 - CONFIDENCE) / math.log(1 - DAMAGED_SHARE))  # 9,206

_SCHEMA = pl.Schema({LINE: pl.Int64(), "weight": pl.UInt64(), "text": pl.String()})


class Sample:
    """The rows with the smallest hashes of their lines: a fair sample of any number of rows, in bounded memory.

    `seed` comes from the delivery's content: the same delivery has the same sample, and nobody can aim beside it.
    """

    def __init__(self, *, seed: int, size: int = SAMPLE_SIZE) -> None:
        self._seed, self._size = seed, size
        self._rows = pl.DataFrame(schema=_SCHEMA)

    def offer(self, lines: pl.Series, texts: Callable[[Sequence[int]], list[str]]) -> None:
        """Offer some rows.

        Shapes:
            lines: the line of each row.
            texts: positions in `lines` -> the rows' text as delivered.
        """
        weights = lines.hash(seed=self._seed)
        offered = pl.DataFrame({LINE: lines, "weight": weights}).with_row_index("position")
        if self._rows.height == self._size:
            offered = offered.filter(pl.col("weight") < self._rows["weight"][-1])
        best = offered.sort("weight").head(self._size)
        if best.is_empty():
            return
        text = pl.Series("text", texts(best["position"].to_list()), dtype=pl.String)
        taken = best.drop("position").with_columns(text)
        self._rows = pl.concat([self._rows, taken]).sort("weight").head(self._size)

    def rows(self) -> pl.DataFrame:
        """The sample: LINE and `text`."""
        return self._rows.drop("weight")
