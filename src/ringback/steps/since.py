"""Since: what became of a run's values after it, by later runs and by others. Undo and repair ask the same.

Cells are those of `store/protocol.py`: the key columns, kind, line, field, before, after (canonical text).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import polars as pl

from ringback.model.canonical import from_text
from ringback.model.run import Run
from ringback.model.undo import Answers

ORDER = "ringback.order"  # of cells: the older ones first
NAMED = "ringback.named"  # of a cell: its field, also where a whole record came or went
BY = "ringback.by"  # the column of a judgement: for whose sake a value is kept; null where nobody changed it

OUTSIDE = "edited outside ringback"
GONE = "removed since"
UNKNOWN_FIELD = "the field is no longer in the contract"


def undone(undos: Sequence[Run]) -> frozenset[int]:
    """The runs that were taken back whole, and stayed so.

    undos: a feed's published undo runs, newest first; one that was itself taken back does not count.
    """
    back: set[int] = set()
    for run in undos:
        if run.undoes is not None and not run.partial and run.id not in back:
            back.add(run.undoes)
    return frozenset(back)


def in_order(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells that come oldest first, with ORDER and NAMED, which `settled` leaves as they are."""
    return cells.with_row_index(ORDER).with_columns(pl.col("field").alias(NAMED))


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


def later_by(later: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """The newest later run of each key, as people write it."""
    return later.group_by(key).agg(pl.format("changed by R{}", pl.col("run").max()).alias(BY))


def counted(judged: pl.DataFrame) -> Answers:
    """The answers of a judgement: one value a row, with the column BY."""
    counts = judged.group_by(BY).len()
    kept = Counter({by: number for by, number in counts.rows() if by is not None})
    return Answers(restored=judged.height - kept.total(), kept=kept)


def records_of(cells: pl.DataFrame, side: str, key: Sequence[str], schema: pl.Schema) -> pl.DataFrame:
    """Cells of whole records, one a field -> the records, typed; `side`: "before" or "after"."""
    values = [name for name in schema if name not in key]
    if cells.is_empty():
        return pl.DataFrame(schema=schema)
    wide = cells.pivot(on="field", on_columns=values, index=list(key), values=side, maintain_order=True)
    typed = wide.select(*key, *(from_text(pl.col(name), schema[name]).alias(name) for name in values))
    return typed.select(list(schema))
