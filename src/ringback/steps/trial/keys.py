"""Keys that merge or split: rows that come to share their key with another, or no longer do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from ringback.model.canonical import to_text
from ringback.model.finding import Example
from ringback.model.rows import LINE


def sharing(records: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """LINE and the key's text, as `key`, of records that share their key with another of the same partition."""
    shared = records.filter(pl.struct(list(key)).is_duplicated())
    text = pl.concat_str([to_text(pl.col(name), shared.schema[name]) for name in key], separator=",")
    return shared.select(LINE, text.alias("key"))


def only_in(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Of rows that share their key in one reading, those that do not in the other."""
    return one.join(other.select(LINE), on=LINE, how="anti", maintain_order="left")


def examples(merged: pl.DataFrame, split: pl.DataFrame, most: int) -> Iterator[Example]:
    """A few of both: `after` is the key that is shared now, `before` the one that was."""
    for line, key in merged.sort("key", LINE).head(most).iter_rows():
        yield Example(key=(), line=line, after=key)
    for line, key in split.sort("key", LINE).head(most).iter_rows():
        yield Example(key=(), line=line, before=key)
