"""The texts of one column: each different one once, with how often it stands there."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

PEEK = 300  # different texts on which a reading must show itself before the whole column is tried

# Words that often stand for "no value". They stay text until the contract lists them under missingValues.
MISSING_WORDS = frozenset(
    {"na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "---", "?", ".", "\\n", "unknown", "(null)", "<na>"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnTexts:
    """One column over all samples.

    Shapes: texts: "text" (String, trimmed, never empty, all different), "count" (Int64); most frequent first.
    """

    column: str | int
    texts: pl.DataFrame
    row_count: int
    padded_count: int  # values with white space around them

    @property
    def value_count(self) -> int:
        """Rows with a text."""
        return int(self.texts["count"].sum())

    @property
    def missing_count(self) -> int:
        """Rows without a text."""
        return self.row_count - self.value_count

    @property
    def distinct_count(self) -> int:
        """Different texts."""
        return self.texts.height

    def peek(self) -> pl.DataFrame:
        """A few of the texts: frequent and rare ones."""
        if self.texts.height <= PEEK:
            return self.texts
        return pl.concat([self.texts.head(PEEK // 2), self.texts.tail(PEEK - PEEK // 2)])

    def count(self, test: pl.Expr) -> int:
        """How many values (not different texts) pass a test on `text`."""
        return int(self.texts.filter(test)["count"].sum())

    def without(self, test: pl.Expr) -> ColumnTexts:
        """The same column without the texts that pass a test; the row count stays."""
        left = self.texts.filter(~test)
        return ColumnTexts(column=self.column, texts=left, row_count=self.row_count, padded_count=self.padded_count)


def column_texts(rows: pl.Series, column: str | int) -> ColumnTexts:
    """Gather a column's texts, trimmed as the contract's `trim: true` does."""
    frame = pl.select(rows.rename("raw")).with_columns(text=pl.col("raw").str.strip_chars())
    padded = frame.select((pl.col("raw") != pl.col("text")).sum()).item()
    texts = (
        frame.lazy()
        .filter(pl.col("text") != "")
        .group_by("text")
        .agg(pl.len().cast(pl.Int64).alias("count"))
        .sort(["count", "text"], descending=[True, False])
        .collect()
    )
    return ColumnTexts(column=column, texts=texts, row_count=rows.len(), padded_count=int(padded))


MATCHES_MISSING = pl.col("text").str.to_lowercase().is_in(sorted(MISSING_WORDS))
