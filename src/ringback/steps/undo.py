"""Undo: the cells of one run against the live table and what later runs did.

A value is restored when it still is what the run made it and no later run touched it; otherwise somebody's later word
stands. Cells are those of `store/protocol.py`: the key columns, kind, line, field, before, after (canonical text).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import polars as pl

from ringback.model.canonical import from_text, to_text
from ringback.model.change import ChangeSet
from ringback.model.rows import LINE
from ringback.model.undo import Answers
from ringback.steps.since import BY, GONE, OUTSIDE, UNKNOWN_FIELD, counted, later_by, records_of

BACK = "came back since"
UNKNOWN_RECORD = "the delivered row reads differently today"

_NOW, _NEW, _IS_NEW = "ringback.now", "ringback.new", "ringback.is_new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Where one partition of a run's records stands today.

    cells      the run's cells.
    later      cells of later published runs for the same keys (run, key columns, field), `settled`.
    live       held records for these keys, typed; one row a key.
    delivered  what the run's added records were, typed (an import's, read again from the archive); may have more keys.
    """

    key: tuple[str, ...]
    cells: pl.DataFrame
    later: pl.DataFrame
    live: pl.DataFrame
    delivered: pl.DataFrame


def undo(situation: Situation) -> tuple[ChangeSet, Answers]:
    """Decide what takes the run back.

    Returns: a change set on the live records as they are, and the three answers; restored + kept + impossible = cells
        (with a whole added or removed record as one).
    """
    before, after, values = _changed(situation)
    removed, taken_out = _added(situation)
    added, put_back = _removed(situation)
    changes = ChangeSet(
        key=situation.key,
        added=added.with_columns(pl.lit(None, dtype=pl.Int64).alias(LINE)),
        before=before,
        after=after.with_columns(pl.lit(None, dtype=pl.Int64).alias(LINE)),
        removed=removed,
        missing=removed.select(situation.key).clear(),
        unchanged_count=0,
    )
    return changes, values + taken_out + put_back


def _changed(situation: Situation) -> tuple[pl.DataFrame, pl.DataFrame, Answers]:
    """Values that the run changed: (live rows, the same rows restored, answers)."""
    cells = situation.cells.filter(pl.col("kind") == "changed")
    answers = Answers()
    after, touched = situation.live, pl.repeat(value=False, n=situation.live.height, dtype=pl.Boolean, eager=True)
    for (name,), of_field in cells.partition_by("field", as_dict=True).items():
        if name not in situation.live.columns:
            answers += Answers(impossible=Counter({UNKNOWN_FIELD: of_field.height}))
            continue
        judged = _judge(of_field, str(name), situation)
        answers += counted(judged)
        after, is_new = _restore(after, judged.filter(pl.col(BY).is_null()), str(name), situation)
        touched = touched | is_new
    return situation.live.filter(touched), after.filter(touched), answers


def _judge(cells: pl.DataFrame, name: str, situation: Situation) -> pl.DataFrame:
    """Each cell with BY: who changed the value since; null where nobody did."""
    key = list(situation.key)
    now = situation.live.select(
        *key, to_text(pl.col(name), situation.live.schema[name]).alias(_NOW), pl.lit(value=True).alias(_IS_NEW)
    )
    later = later_by(situation.later.filter(pl.col("field").is_null() | (pl.col("field") == name)), key)
    joined = cells.join(later, on=key, how="left").join(now, on=key, how="left")
    return joined.with_columns(
        pl.coalesce(
            pl.col(BY),
            pl.when(pl.col(_IS_NEW).is_null()).then(pl.lit(GONE)),
            pl.when(pl.col(_NOW).ne_missing(pl.col("after"))).then(pl.lit(OUTSIDE)),
        ).alias(BY)
    )


def _restore(
    live: pl.DataFrame, cells: pl.DataFrame, name: str, situation: Situation
) -> tuple[pl.DataFrame, pl.Series]:
    """The live rows with one field restored, and a mask of the rows concerned."""
    key, dtype = list(situation.key), situation.live.schema[name]
    old = cells.select(*key, from_text(pl.col("before"), dtype).alias(_NEW), pl.lit(value=True).alias(_IS_NEW))
    joined = live.join(old, on=key, how="left", maintain_order="left")
    restored = joined.with_columns(pl.when(pl.col(_IS_NEW)).then(pl.col(_NEW)).otherwise(pl.col(name)).alias(name))
    return restored.select(live.columns), joined[_IS_NEW].fill_null(value=False)


def _added(situation: Situation) -> tuple[pl.DataFrame, Answers]:
    """Records that the run added: (live rows to take out, answers)."""
    key = list(situation.key)
    added = situation.cells.filter(pl.col("kind") == "added").unique(key, maintain_order=True).select(key)
    if added.is_empty():
        return situation.live.clear(), Answers()
    was = pl.concat([_as_added(situation), situation.delivered.select(situation.live.columns)])
    joined = (
        added.join(later_by(situation.later, key), on=key, how="left")
        .join(was.with_columns(pl.lit(value=True).alias("ringback.was")), on=key, how="left")
        .join(situation.live.with_columns(pl.lit(value=True).alias(_IS_NEW)), on=key, how="left", suffix=_NOW)
    )
    values = [name for name in situation.live.columns if name not in key]
    differs = pl.any_horizontal(pl.lit(value=False), *(pl.col(name).ne_missing(pl.col(name + _NOW)) for name in values))
    judged = joined.with_columns(
        pl.coalesce(
            pl.col(BY),
            pl.when(pl.col(_IS_NEW).is_null()).then(pl.lit(GONE)),
            pl.when(pl.col("ringback.was").is_null()).then(pl.lit(UNKNOWN_RECORD)),
            pl.when(differs).then(pl.lit(OUTSIDE)),
        ).alias(BY)
    )
    return situation.live.join(judged.filter(pl.col(BY).is_null()), on=key, how="semi"), _split(counted(judged))


def _as_added(situation: Situation) -> pl.DataFrame:
    """Records that an undo added: their values are in its cells."""
    cells = situation.cells.filter((pl.col("kind") == "added") & pl.col("field").is_not_null())
    return records_of(cells, "after", situation.key, situation.live.schema)


def _removed(situation: Situation) -> tuple[pl.DataFrame, Answers]:
    """Records that the run removed: (records to put back, answers)."""
    key = list(situation.key)
    cells = situation.cells.filter(pl.col("kind") == "removed")
    gone = cells.unique(key, maintain_order=True).select(key)
    if gone.is_empty():
        return situation.live.clear(), Answers()
    back = situation.live.select(*key, pl.lit(BACK).alias(_NOW))
    later = later_by(situation.later, key)
    judged = (
        gone.join(later, on=key, how="left")
        .join(back, on=key, how="left")
        .with_columns(pl.coalesce(pl.col(BY), pl.col(_NOW)).alias(BY))
    )
    put_back = cells.join(judged.filter(pl.col(BY).is_null()), on=key, how="semi")
    return records_of(put_back, "before", situation.key, situation.live.schema), counted(judged)


def _split(answers: Answers) -> Answers:
    """A record that reads differently today is not kept for anybody's sake: it is not possible to tell."""
    impossible = Counter({UNKNOWN_RECORD: answers.kept.pop(UNKNOWN_RECORD, 0)})
    return Answers(restored=answers.restored, kept=answers.kept, impossible=+impossible)
