"""Types that a library reads one value at a time: each different text is read once."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from ringback.model.field import Unreadable


def each_unique(text: pl.Expr, read_one: Callable[[str], str]) -> pl.Expr:
    """Apply a one-value reader (text -> text) to each different text of a column; null where it says Unreadable."""
    return text.map_batches(lambda texts: read_each(texts, read_one), return_dtype=pl.String)


def read_each(texts: pl.Series, read_one: Callable[[str], str]) -> pl.Series:
    """The same for a column at hand."""
    different = texts.drop_nulls().unique()
    meanings = pl.Series([_or_none(text, read_one) for text in different], dtype=pl.String)
    return texts.replace_strict(different, meanings, default=None, return_dtype=pl.String)


def _or_none(text: str, read_one: Callable[[str], str]) -> str | None:
    try:
        return read_one(text)
    except Unreadable:
        return None
