"""Choose rows of deliveries so that every reject and every rare code is among them, and the same clients in each.

First come rows that show something of their own: a fault, a listed code, a missing value, each from the rows with the
lowest lots. The rest are the rows with the lowest lots of all. A lot is the hash of the key's text, so one client has
the same lot in every delivery.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from ringback.model.contract import Contract
from ringback.model.rows import LINE, cells_of
from ringback.steps.interpret import interpret

LOT = "ringback.lot"
_SEED, _MARK, _RANK = 43, "ringback.mark", "ringback.rank"
_EACH = 20  # rows that show one thing, of one delivery
_LISTING = ("code", "boolean")


def with_lots(rows: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """The rows and their lots."""
    texts = [cells_of(str(contract.fields[name].column)).str.strip_chars() for name in contract.key]
    return rows.with_columns(pl.struct(texts).hash(seed=_SEED).alias(LOT))


class Telling:
    """The lots of clients whose rows show something, over all chunks of one delivery."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._kept = pl.DataFrame(schema={_MARK: pl.String(), LOT: pl.UInt64()})

    def take(self, rows: pl.DataFrame) -> None:
        """Look at some rows (with their lots)."""
        marks = pl.concat([*self._listed(rows), self._faults(rows)])
        kept = pl.concat([self._kept, marks]).unique().sort(LOT)
        self._kept = kept.group_by(_MARK, maintain_order=True).head(_EACH).select(_MARK, LOT)

    def ranked(self) -> pl.DataFrame:
        """(LOT, rank): of each thing shown the first rows come before the second ones."""
        return self._kept.select(LOT, pl.col(LOT).rank("ordinal").over(_MARK).alias(_RANK))

    def _listed(self, rows: pl.DataFrame) -> Iterable[pl.DataFrame]:
        for name, spec in self._contract.fields.items():
            text = cells_of(str(spec.column)).str.strip_chars()
            missing = text.is_in(pl.Series(self._contract.missing_texts(name), dtype=pl.String).implode())
            is_listing = spec.type in _LISTING or spec.constraints.enum
            other = pl.concat_str(pl.lit(f"{name} is "), text) if is_listing else pl.lit(None, dtype=pl.String())
            mark = pl.when(missing).then(pl.lit(f"{name} missing")).otherwise(other)
            yield rows.select(mark.alias(_MARK), LOT).drop_nulls().unique().sort(LOT).group_by(_MARK).head(_EACH)

    def _faults(self, rows: pl.DataFrame) -> pl.DataFrame:
        rejects = interpret(rows.drop(LOT), self._contract).rejects
        mark = pl.concat_str("field", pl.lit(" "), "code").alias(_MARK)
        return rejects.rename({"line": LINE}).join(rows.select(LINE, LOT), on=LINE).select(mark, LOT).drop_nulls()


def lots_of(ranked: Iterable[pl.DataFrame], at_most: int) -> pl.Series:
    """The clients that show something in any of the deliveries, the first ranks first."""
    every = pl.concat(ranked).group_by(LOT).agg(pl.col(_RANK).min()).sort(_RANK, LOT)
    return every.head(at_most)[LOT]


class Lowest:
    """The rows of one delivery to be exported: those of the clients wanted, and the lowest lots up to `size` rows."""

    def __init__(self, wanted: pl.Series, schema: pl.Schema, *, size: int) -> None:
        self._wanted, self._size = wanted.implode(), size
        self._kept = pl.DataFrame(schema={**schema, LOT: pl.UInt64(), _RANK: pl.UInt64()})

    def take(self, rows: pl.DataFrame) -> None:
        """Choose among some rows (with their lots)."""
        own = pl.when(~pl.col(LOT).is_in(self._wanted)).then(pl.col(LOT)).otherwise(0)
        ranked = rows.with_columns(own.cast(pl.UInt64).alias(_RANK))
        self._kept = pl.concat([self._kept, ranked]).sort(_RANK, LOT, LINE).head(self._size)

    def rows(self) -> pl.DataFrame:
        """LINE and the delivered columns, in the order of the delivery."""
        return self._kept.sort(LINE).drop(LOT, _RANK)
