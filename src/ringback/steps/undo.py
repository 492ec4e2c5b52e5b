"""Undo: the cells of one run against the live table and what later runs did.

A value is restored when it still is what the run made it and no later run touched it; otherwise somebody's later word
stands. Cells are those of `store/protocol.py`: the key columns, kind, line, field, before, after (canonical text).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ringback.model.canonical import from_text, to_text
from ringback.model.change import ChangeSet
from ringback.model.rows import LINE
from ringback.model.run import Run
from ringback.model.undo import Answers

OUTSIDE = "edited outside ringback"
GONE = "removed since"
BACK = "came back since"
UNKNOWN_FIELD = "the field is no longer in the contract"
UNKNOWN_RECORD = "the delivered row reads differently today"

_NOW, _BY, _NEW, _IS_NEW = "ringback.now", "ringback.by", "ringback.new", "ringback.is_new"


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


def undone(undos: Sequence[Run]) -> frozenset[int]:
    """The runs that were taken back whole, and stayed so.

    undos: a feed's published undo runs, newest first; one that was itself taken back does not count.
    """
    back: set[int] = set()
    for run in undos:
        if run.undoes is not None and not run.partial and run.id not in back:
            back.add(run.undoes)
    return frozenset(back)


def settled(later: pl.DataFrame, undos: Sequence[Run], key: tuple[str, ...]) -> pl.DataFrame:
    """Later cells without those that were taken back since: a change and its undo leave no trace on a value.

    Shapes:
        later: cells (run, kind, the key columns, field, ...) of later published runs.
    Returns: the cells that count; field is null where a whole record came or went, however many cells say so.
    """
    same = [*key, "field"]
    later = later.with_columns(pl.when(pl.col("kind") == "changed").then("field"))
    for run in undos:
        taken_back, taking = later.filter(pl.col("run") == run.undoes), later.filter(pl.col("run") == run.id)
        pair = taken_back.select(same).join(taking.select(same), on=same, how="semi", nulls_equal=True)
        of_pair = later.filter(pl.col("run").is_in([run.id, run.undoes]))
        later = pl.concat(
            [
                later.filter(~pl.col("run").is_in([run.id, run.undoes])),
                of_pair.join(pair, on=same, how="anti", nulls_equal=True),
            ]
        )
    return later


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
        answers += _answers(judged)
        after, is_new = _restore(after, judged.filter(pl.col(_BY).is_null()), str(name), situation)
        touched = touched | is_new
    return situation.live.filter(touched), after.filter(touched), answers


def _judge(cells: pl.DataFrame, name: str, situation: Situation) -> pl.DataFrame:
    """Each cell with _BY: who changed the value since; null where nobody did."""
    key = list(situation.key)
    now = situation.live.select(
        *key, to_text(pl.col(name), situation.live.schema[name]).alias(_NOW), pl.lit(value=True).alias(_IS_NEW)
    )
    later = _later_by(situation.later.filter(pl.col("field").is_null() | (pl.col("field") == name)), key)
    joined = cells.join(later, on=key, how="left").join(now, on=key, how="left")
    return joined.with_columns(
        pl.coalesce(
            pl.col(_BY),
            pl.when(pl.col(_IS_NEW).is_null()).then(pl.lit(GONE)),
            pl.when(pl.col(_NOW).ne_missing(pl.col("after"))).then(pl.lit(OUTSIDE)),
        ).alias(_BY)
    )


def _later_by(later: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """The newest later run of each key, as people write it."""
    return later.group_by(key).agg(pl.format("changed by R{}", pl.col("run").max()).alias(_BY))


def _answers(judged: pl.DataFrame) -> Answers:
    counts = judged.group_by(_BY).len()
    kept = Counter({by: number for by, number in counts.rows() if by is not None})
    return Answers(restored=judged.height - kept.total(), kept=kept)


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
        added.join(_later_by(situation.later, key), on=key, how="left")
        .join(was.with_columns(pl.lit(value=True).alias("ringback.was")), on=key, how="left")
        .join(situation.live.with_columns(pl.lit(value=True).alias(_IS_NEW)), on=key, how="left", suffix=_NOW)
    )
    values = [name for name in situation.live.columns if name not in key]
    differs = pl.any_horizontal(pl.lit(value=False), *(pl.col(name).ne_missing(pl.col(name + _NOW)) for name in values))
    judged = joined.with_columns(
        pl.coalesce(
            pl.col(_BY),
            pl.when(pl.col(_IS_NEW).is_null()).then(pl.lit(GONE)),
            pl.when(pl.col("ringback.was").is_null()).then(pl.lit(UNKNOWN_RECORD)),
            pl.when(differs).then(pl.lit(OUTSIDE)),
        ).alias(_BY)
    )
    return situation.live.join(judged.filter(pl.col(_BY).is_null()), on=key, how="semi"), _split(_answers(judged))


def _as_added(situation: Situation) -> pl.DataFrame:
    """Records that an undo added: their values are in its cells."""
    cells = situation.cells.filter((pl.col("kind") == "added") & pl.col("field").is_not_null())
    return _records(cells, "after", situation)


def _removed(situation: Situation) -> tuple[pl.DataFrame, Answers]:
    """Records that the run removed: (records to put back, answers)."""
    key = list(situation.key)
    cells = situation.cells.filter(pl.col("kind") == "removed")
    gone = cells.unique(key, maintain_order=True).select(key)
    if gone.is_empty():
        return situation.live.clear(), Answers()
    back = situation.live.select(*key, pl.lit(BACK).alias(_NOW))
    later = _later_by(situation.later, key)
    judged = (
        gone.join(later, on=key, how="left")
        .join(back, on=key, how="left")
        .with_columns(pl.coalesce(pl.col(_BY), pl.col(_NOW)).alias(_BY))
    )
    put_back = cells.join(judged.filter(pl.col(_BY).is_null()), on=key, how="semi")
    return _records(put_back, "before", situation), _answers(judged)


def _records(cells: pl.DataFrame, side: str, situation: Situation) -> pl.DataFrame:
    """Cells of whole records -> the records, typed as the live ones."""
    key, schema = list(situation.key), situation.live.schema
    values = [name for name in schema if name not in key]
    if cells.is_empty():
        return situation.live.clear()
    wide = cells.pivot(on="field", on_columns=values, index=key, values=side, maintain_order=True)
    return wide.select(*key, *(from_text(pl.col(name), schema[name]).alias(name) for name in values)).select(
        list(schema)
    )


def _split(answers: Answers) -> Answers:
    """A record that reads differently today is not kept for anybody's sake: it is not possible to tell."""
    impossible = Counter({UNKNOWN_RECORD: answers.kept.pop(UNKNOWN_RECORD, 0)})
    return Answers(restored=answers.restored, kept=answers.kept, impossible=+impossible)
