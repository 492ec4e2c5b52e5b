"""A sample that follows the same clients through all deliveries: rows are drawn by the text of their key."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ringback.model.contract import Contract
from ringback.model.rows import LINE, cells_of
from ringback.steps.read import RowChunk

_SEED = 31


def drawn(chunk: RowChunk, contract: Contract | None, share: float) -> RowChunk:
    """About `share` (0 to 1) of a chunk's rows.

    contract: whose key decides; without one, and for rows that were no rows, the line does.
    """
    below = min(2**64 - 1, int(2**64 * share))
    mask = chunk.rows.select((_lot(contract) <= below).alias("drawn"))["drawn"]
    rejects = chunk.rejects.filter(pl.col("line").hash(seed=_SEED) <= below)
    rows = chunk.rows.filter(mask)
    places = mask.arg_true().to_list()
    return replace(
        chunk,
        rows=rows,
        rejects=rejects,
        skipped={},
        row_count=rows.height + rejects["line"].n_unique(),
        texts=lambda positions: chunk.texts([places[position] for position in positions]),
    )


def _lot(contract: Contract | None) -> pl.Expr:
    if contract is None:
        return pl.col(LINE).hash(seed=_SEED)
    texts = [cells_of(str(contract.fields[name].column)).str.strip_chars() for name in contract.key]
    return pl.struct(texts).hash(seed=_SEED)
