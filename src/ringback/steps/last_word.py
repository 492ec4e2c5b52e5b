"""The last word: what ringback itself last made of a value, as history tells it.

Cells are those of `store/protocol.py`, `in_order` and `settled`: what was taken back is not among them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from ringback.model.canonical import from_text
from ringback.model.rows import LINE
from ringback.steps.since import NAMED, ORDER, records_of

_WORD, _IS_WORD = "ringback.word", "ringback.is_word"


def known(name: str) -> str:
    """The column that says whether anything is known of a field; field names have no dot."""
    return f"known.{name}"


def added_by(cells: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """(key columns, run): the imports that brought these records as they were delivered, the newest of each key.

    Their values are not in history but in the archive.
    """
    whole = cells.filter((pl.col("kind") == "added") & pl.col(NAMED).is_null())
    return whole.sort(ORDER).group_by(key).agg(pl.col("run").last())


def last_words(cells: pl.DataFrame, delivered: pl.DataFrame, key: Sequence[str], schema: pl.Schema) -> pl.DataFrame:
    """What ringback last made of records; no row for those that it removed or never wrote to.

    Shapes:
        cells: of published runs, for some keys.
        delivered: run and the columns of `schema`: what imports brought, for `added_by`.
    Returns: the key columns; for every other column of `schema` the value and `known`.
    """
    ordered = cells.sort(ORDER)
    last_kind = ordered.group_by(key).agg(pl.col("kind").filter(pl.col("kind") != "changed").last())
    words = last_kind.filter(pl.col("kind").ne_missing("removed")).select(key)
    brought = delivered.with_columns(pl.lit(value=True).alias(_IS_WORD))
    for name in schema:
        if name not in key:
            words = words.join(_words_of(ordered, brought, name, key, schema), on=key, how="left")
            words = words.with_columns(pl.col(known(name)).fill_null(value=False))
    return words


def _words_of(
    ordered: pl.DataFrame, brought: pl.DataFrame, name: str, key: Sequence[str], schema: pl.Schema
) -> pl.DataFrame:
    """One field's last words: (key columns, the field, `known`)."""
    is_whole = (pl.col("kind") == "added") & pl.col(NAMED).is_null()
    saying = ordered.filter(is_whole | (pl.col("kind").is_in(["added", "changed"]) & (pl.col(NAMED) == name)))
    last = saying.group_by(key).agg(pl.col("run").last(), pl.col(NAMED).last(), pl.col("after").last())
    in_file = brought.select("run", *key, pl.col(name).alias(_WORD), _IS_WORD)
    joined = last.join(in_file, on=["run", *key], how="left")
    told = pl.col(NAMED).is_not_null()
    return joined.select(
        *key,
        pl.when(told).then(from_text(pl.col("after"), schema[name])).otherwise(pl.col(_WORD)).alias(name),
        (told | pl.col(_IS_WORD).fill_null(value=False)).alias(known(name)),
    )


def with_repairs(then: pl.DataFrame, cells: pl.DataFrame, own: Collection[int], key: Sequence[str]) -> pl.DataFrame:
    """What a run's rows came to, with what repairs made of them since.

    Shapes:
        then: LINE and fields: the run's rows as they were read.
        cells: of repairs of this run and of earlier ones, for these keys and those that `own` brought.
        own: ids of the repairs of this very run: only they bring clients or take them out.
    """
    ordered = cells.sort(ORDER)
    own_cells = ordered.filter(pl.col("run").is_in(list(own)) & (pl.col("kind") != "changed"))
    last = own_cells.group_by(key).agg(pl.col("kind").last(), pl.col("run").last())
    brought = own_cells.join(last.filter(pl.col("kind") == "added"), on=[*key, "run", "kind"], how="semi")
    schema = pl.Schema({name: dtype for name, dtype in then.schema.items() if name != LINE})
    records = records_of(brought.with_columns(pl.col(NAMED).alias("field")), "after", key, schema).join(
        brought.group_by(key).agg(pl.col("line").first().alias(LINE)), on=key, how="left"
    )
    then = pl.concat([then.join(last, on=key, how="anti"), records.select(then.columns)])
    for name in schema:
        if name not in key:
            then = _with_changes(then, ordered, name, key)
    return then


def _with_changes(then: pl.DataFrame, ordered: pl.DataFrame, name: str, key: Sequence[str]) -> pl.DataFrame:
    changed = ordered.filter((pl.col("kind") == "changed") & (pl.col(NAMED) == name))
    if changed.is_empty():
        return then
    word = from_text(pl.col("after").last(), then.schema[name]).alias(_WORD)
    last = changed.group_by(key).agg(word, pl.lit(value=True).alias(_IS_WORD))
    joined = then.join(last, on=key, how="left", maintain_order="left")
    value = pl.when(pl.col(_IS_WORD)).then(pl.col(_WORD)).otherwise(pl.col(name)).alias(name)
    return joined.with_columns(value).select(then.columns)
