"""Repair: a run's rows as they were read then and as they read now, against what later runs and others did since.

A value is repaired when it still is what ringback itself last made of it; otherwise somebody's later word stands. A
record under a key that reads otherwise now is taken out like an undo would, and the one under the right key is added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ringback.model.change import ChangeSet
from ringback.model.rows import LINE
from ringback.model.undo import Answers
from ringback.steps.last_word import known
from ringback.steps.since import BY, GONE, OUTSIDE, counted, later_by
from ringback.steps.undo import Situation, undo

UNWRITTEN = "written by others before any run wrote it"
UNREAD = "the row cannot be read under the corrected contract"
APART = "the row shares its key with another one under the corrected contract"
ABSENT = "not in the file as it reads now: the next snapshot decides"

_HELD, _SAID, _WORDED, _SURE = "ringback.held", "ringback.said", "ringback.worded", "ringback.sure"
_LEFT = "ringback.left"
_ASKED, _RIGHT, _WHOLE = "ringback.asked", "ringback.right", "ringback.whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """One partition of a run's rows, of those clients for whom the two readings differ.

    Shapes (records: the contract's fields and the closed mark when in use, typed; one row a key):
        then: LINE and records as the run read them, with what repairs made of them since.
        now: LINE and records as the corrected contract reads them.
        words: `last_words` for the clients of `now` that `then` does not have, without those of later runs.
        live: held records.
        later: cells of later runs, `settled`; those of repairs of this run and of earlier ones are not among them.
        confirmed: run and records: what a later delivery, read rightly, says of a client; the newest of each.
        cells: of the run and of its repairs, for clients of `then` that `now` does not have.
        removed: the run's cells of clients whom it removed or closed, and would not under the corrected contract.
        left: key columns and run: clients who are not in the newest later snapshot that was read rightly.
        unread: LINE and `why`: rows of the delivery that the corrected contract does not take.
    fields: the columns to look at; the others stay.
    is_snapshot: whether a client who is not in the file would have been closed or deleted.
    """

    key: tuple[str, ...]
    fields: tuple[str, ...]
    then: pl.DataFrame
    now: pl.DataFrame
    words: pl.DataFrame
    live: pl.DataFrame
    later: pl.DataFrame
    confirmed: pl.DataFrame
    cells: pl.DataFrame
    removed: pl.DataFrame
    left: pl.DataFrame
    unread: pl.DataFrame
    is_snapshot: bool


def concerned(then: pl.DataFrame, now: pl.DataFrame, key: Sequence[str], fields: Sequence[str]) -> pl.DataFrame:
    """Key columns of the clients for whom two readings differ: in a field, or in that only one has the client."""
    both = then.select(*key, *fields, pl.lit(value=True).alias(_SAID)).join(
        now.select(*key, *fields, pl.lit(value=True).alias(_HELD)),
        on=list(key),
        how="full",
        coalesce=True,
        suffix=".now",
    )
    differs = [pl.col(name).ne_missing(pl.col(f"{name}.now")) for name in fields]
    return both.filter(pl.any_horizontal(pl.col(_SAID).is_null(), pl.col(_HELD).is_null(), *differs)).select(key)


def repair(reread: Reread) -> tuple[ChangeSet, Answers]:
    """Decide what puts the corrected reading in the place of the old one.

    Returns: a change set on the live records as they are, and the answers: of every value that reads otherwise, and of
        every client whom only one of the two readings has, as one.
    """
    beside = _beside(reread)
    before, after, values = _values(reread, beside)
    added, brought = _added(reread, beside)
    back, taken_out = _read_otherwise(reread)
    columns = after.columns
    changes = ChangeSet(
        key=reread.key,
        added=pl.concat([added, back.added.select(added.columns)]),
        before=pl.concat([before, back.before.select(before.columns)]),
        after=pl.concat([after, back.after.select(columns)]),
        removed=back.removed,
        missing=back.missing,
        unchanged_count=0,
    )
    return changes, values + brought + taken_out


def _beside(reread: Reread) -> pl.DataFrame:
    """`now`, and beside each record: was.F and known.F, live.F, sure.F, later.F; and whether each of these is there."""
    key, fields = list(reread.key), reread.fields
    yes = pl.lit(value=True)
    then = reread.then.select(
        *key, *(pl.col(name).alias(f"was.{name}") for name in fields), *(yes.alias(known(name)) for name in fields)
    ).with_columns(yes.alias(_SAID), yes.alias(_WORDED))
    words = reread.words.select(
        *key, *(pl.col(name).alias(f"was.{name}") for name in fields), *(known(name) for name in fields)
    ).with_columns(pl.lit(value=False).alias(_SAID), yes.alias(_WORDED))
    live = reread.live.select(*key, pl.exclude(key).name.prefix("live.")).with_columns(yes.alias(_HELD))
    sure = reread.confirmed.select(
        *key, pl.col("run").alias(_SURE), *(pl.col(name).alias(f"sure.{name}") for name in fields)
    )
    joined = reread.now
    for side in (pl.concat([then, words]), live, sure, _later(reread)):
        joined = joined.join(side, on=key, how="left", maintain_order="left")
    marks = (_SAID, _WORDED, _HELD, *(known(name) for name in fields))
    return joined.with_columns(pl.col(*marks).fill_null(value=False))


def _later(reread: Reread) -> pl.DataFrame:
    """Who changed what since: key columns, later.F of each field, and _WHOLE where a record came or went."""
    key = list(reread.key)
    found = reread.later.select(key).unique()
    parts = {_WHOLE: pl.col("field").is_null(), **{f"later.{name}": pl.col("field") == name for name in reread.fields}}
    for column, part in parts.items():
        by = later_by(reread.later.filter(part), key).rename({BY: column})
        found = found.join(by, on=key, how="left")
    return found


def _values(reread: Reread, beside: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, Answers]:
    """Values of clients whom the corrected reading has: (live rows, the same rows repaired, answers)."""
    answers, touched = Answers(), pl.repeat(value=False, n=beside.height, dtype=pl.Boolean, eager=True)
    columns = reread.live.columns
    new = beside.select(LINE, *(pl.col(name if name in reread.key else f"live.{name}").alias(name) for name in columns))
    before = new.drop(LINE)
    for name in reread.fields:
        verdict = beside.select(*_verdict(name))
        asked = verdict.filter(_ASKED)
        answers += Answers(right=int(asked[_RIGHT].sum())) + counted(asked.filter(~pl.col(_RIGHT)))
        mask = verdict[_ASKED] & ~verdict[_RIGHT] & verdict[BY].is_null()
        touched = touched | mask
        new = new.with_columns(pl.when(mask).then(beside[name]).otherwise(pl.col(name)).alias(name))
    return before.filter(touched), new.filter(touched), answers


def _verdict(name: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Of one field: whether the readings differ, whether the right value is held already, for whose sake it is kept."""
    now, was, live = pl.col(name), pl.col(f"was.{name}"), pl.col(f"live.{name}")
    is_known, held = pl.col(known(name)), pl.col(_HELD)
    right = held & live.eq_missing(now)
    differs = pl.when(is_known).then(was.ne_missing(now)).otherwise(~right)
    later = pl.coalesce(f"later.{name}", _WHOLE)
    sure = pl.col(_SURE).is_not_null() & pl.col(f"sure.{name}").eq_missing(live)
    by = (
        pl.when(later.is_not_null())
        .then(later)
        .when(~held)
        .then(pl.lit(GONE))
        .when(sure)
        .then(_confirmed())
        .when(is_known & live.ne_missing(was))
        .then(pl.lit(OUTSIDE))
        .when(~is_known & live.is_not_null())
        .then(pl.lit(UNWRITTEN))
    )
    return (differs & (held | pl.col(_SAID))).alias(_ASKED), right.alias(_RIGHT), by.alias(BY)


def _confirmed() -> pl.Expr:
    return pl.format("confirmed by R{}", pl.col(_SURE))


def _added(reread: Reread, beside: pl.DataFrame) -> tuple[pl.DataFrame, Answers]:
    """Clients whom only the corrected reading has and who are not held: (records to add, answers)."""
    later = pl.coalesce(_WHOLE, *(f"later.{name}" for name in reread.fields))
    left = reread.left.select(*reread.key, pl.format("not in the file of R{}", "run").alias(_LEFT))
    judged = (
        beside.filter(~pl.col(_HELD) & ~pl.col(_SAID))
        .join(left, on=list(reread.key), how="left", maintain_order="left")
        .with_columns(
            pl.when(later.is_not_null())
            .then(later)
            .when(pl.col(_WORDED))
            .then(pl.lit(GONE))
            .otherwise(pl.col(_LEFT))
            .alias(BY)
        )
    )
    return judged.filter(pl.col(BY).is_null()).select(LINE, *reread.live.columns), counted(judged)


def _read_otherwise(reread: Reread) -> tuple[ChangeSet, Answers]:
    """Clients whom only the old reading has: (what takes back what the run made of them, answers)."""
    key = list(reread.key)
    gone = reread.then.join(reread.now.select(key), on=key, how="anti")
    unread = gone.select(LINE).join(reread.unread, on=LINE)
    gone = gone.join(unread, on=LINE, how="anti")
    added = reread.cells.filter(pl.col("kind") == "added").select(key).unique()
    absent = gone.join(reread.live, on=key, how="anti").join(added, on=key, how="semi")
    gone = gone.join(reread.live, on=key, how="semi")
    sure = gone.select(key).join(reread.confirmed.select(*key, pl.col("run").alias(_SURE)), on=key)
    sure = sure.join(reread.cells.select(key).unique(), on=key, how="semi").with_columns(_confirmed().alias(BY))
    gone = gone.join(reread.confirmed, on=key, how="anti")
    columns = ["kind", *key, "field", "before", "after"]
    situation = Situation(
        key=reread.key,
        cells=pl.concat([reread.cells.join(gone, on=key, how="semi").select(columns), reread.removed.select(columns)]),
        later=reread.later,
        live=reread.live.join(pl.concat([gone.select(key), reread.removed.select(key)]), on=key, how="semi"),
        delivered=gone,
    )
    changes, taken_out = undo(situation)
    stays = gone.join(added, on=key, how="anti").height if reread.is_snapshot else 0
    lost = Counter(dict(unread.group_by("why").len().rows())) + Counter({ABSENT: stays})
    return changes, counted(sure) + taken_out + Answers(right=absent.height, impossible=lost)
