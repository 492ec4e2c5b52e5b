"""Draw a sample of a delivery's rows by a hash of their keys: one seed draws the same clients from every delivery."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ringback.model.contract import Contract
from ringback.model.rows import LINE, cells_of
from ringback.steps.read import Reading, RowChunk

_TEXT, _LOT = "ringback.text", "ringback.lot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Some rows of a delivery, in its order.

    rows    LINE and the delivered columns, all text.
    texts   the same rows as they were delivered, without their line ends.
    header  the names of the columns as delivered.
    """

    rows: pl.DataFrame
    texts: pl.Series
    header: tuple[str, ...]
    row_count: int  # that they were drawn from


class Draw:
    """The rows with the lowest lots of all chunks taken so far; a lot is the hash of the key's text."""

    def __init__(self, contract: Contract, reading: Reading, *, size: int, seed: int) -> None:
        self._key = [str(contract.fields[name].column) for name in contract.key]
        self._size, self._seed = size, seed
        texts = dict.fromkeys([*reading.columns, _TEXT], pl.String())
        self._kept = pl.DataFrame(schema={LINE: pl.Int64(), **texts, _LOT: pl.UInt64()})
        self._header, self._row_count = reading.header, 0

    def take(self, chunk: RowChunk) -> None:
        """Draw from one chunk."""
        self._row_count += chunk.rows.height
        lots = chunk.rows.select(pl.struct(map(cells_of, self._key)).hash(seed=self._seed).alias(_LOT))[_LOT]
        places = (lots <= self._highest()).arg_true()
        lowest = pl.DataFrame({"place": places, _LOT: lots[places]}).sort(_LOT, "place").head(self._size)
        near = lowest["place"].sort()
        texts = pl.Series(_TEXT, chunk.texts(near.to_list()), dtype=pl.String)
        drawn = chunk.rows[near].with_columns(texts, lots[near])
        self._kept = pl.concat([self._kept, drawn]).sort(_LOT, LINE).head(self._size)

    def drawn(self) -> Drawn:
        """The sample."""
        rows = self._kept.sort(LINE)
        plain = rows.drop(_LOT, _TEXT)
        return Drawn(rows=plain, texts=rows[_TEXT], header=self._header, row_count=self._row_count)

    def _highest(self) -> int:
        """The lot that a further row must not exceed."""
        return 2**64 - 1 if self._kept.height < self._size else int(self._kept[_LOT][-1])
