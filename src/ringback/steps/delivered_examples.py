"""Examples: a few telling texts of each field of a delivery, one or two of each shape.

Which text of a shape is taken depends on the texts alone, not on where they stand: while a delivery has it, the next
manual has it too. These are clients' texts: they leave a run only scrambled.
"""

from __future__ import annotations

import polars as pl

from ringback.model.contract import Contract
from ringback.model.rows import LINE, cells_of
from ringback.steps.measure import shape

SHAPES = 5  # shown of a field: the most frequent ones
_KEPT = 256  # shapes of a field that are counted at once
_OF_A_SHAPE = 2
_SEED = 53


class DeliveredExamples:
    """Texts of records, gathered chunk by chunk."""

    def __init__(self, contract: Contract) -> None:
        self._columns = {name: str(spec.column) for name, spec in contract.fields.items()}
        self._missing = {name: contract.missing_texts(name) for name in contract.fields}
        schema = {"shape": pl.String(), "lot": pl.UInt64(), "text": pl.String(), "count": pl.UInt64()}
        self._kept = {name: pl.DataFrame(schema=schema) for name in contract.fields}

    def take(self, rows: pl.DataFrame, records: pl.DataFrame) -> None:
        """Look at the rows of a chunk that became records.

        Shapes:
            rows: LINE and the delivered columns, all text. records: LINE and the contract's fields.
        """
        read = rows.join(records.select(LINE), on=LINE, how="semi")
        for name, column in self._columns.items():
            found = read.select(cells_of(column).alias("text")).filter(
                ~_is_missing(pl.col("text"), self._missing[name])
            )
            counted = found.group_by("text").agg(pl.len().cast(pl.UInt64).alias("count"))
            told = counted.select(
                shape(pl.col("text")).alias("shape"), pl.col("text").hash(seed=_SEED).alias("lot"), "text", "count"
            )
            self._kept[name] = _lowest(pl.concat([self._kept[name], told]))

    def texts(self, field: str) -> tuple[str, ...]:
        """Of the most frequent shapes, in the order of the shapes; one of each, and two where there are few shapes."""
        kept = self._kept[field]
        if kept.is_empty():
            return ()
        often = kept.group_by("shape").agg(pl.col("count").sum()).sort("count", "shape", descending=[True, False])
        chosen = often.head(SHAPES)["shape"].sort()
        each = 1 if len(chosen) > _OF_A_SHAPE else _OF_A_SHAPE
        few = kept.filter(pl.col("shape").is_in(chosen.implode())).sort("shape", "lot")
        return tuple(few.group_by("shape", maintain_order=True).head(each)["text"])


def _is_missing(text: pl.Expr, missing: tuple[str, ...]) -> pl.Expr:
    return text.str.strip_chars().is_in(pl.Series(missing, dtype=pl.String).implode())


def _lowest(told: pl.DataFrame) -> pl.DataFrame:
    """Of each shape the texts with the lowest lots; the first has the count of them all. Rare shapes make room."""
    total, place = pl.col("count").sum().over("shape"), pl.int_range(pl.len()).over("shape")
    counted = told.group_by("shape", "lot", "text").agg(pl.col("count").sum()).sort("shape", "lot", "text")
    few = (
        counted.with_columns(total)
        .filter(place < _OF_A_SHAPE)
        .sort("count", "shape", "lot", descending=[True, False, False])
    )
    return few.head(_KEPT * _OF_A_SHAPE).with_columns(pl.when(place == 0).then("count").otherwise(0))
