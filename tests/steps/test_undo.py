"""Undo, as a step: of a change set and its cells it makes the table before; of itself, the table after."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ringback.model.change import ChangeSet
from ringback.model.contract import Contract
from ringback.model.rows import LINE
from ringback.steps.plan import compared, plan
from ringback.steps.since import OUTSIDE
from ringback.steps.undo import Situation, undo

from .records import CLIENTS, Clients, applied, cells_of, contract, delivered, held, rows

MISSING = st.sampled_from(["keep", "close", "delete"]).map(lambda missing: contract(missing=missing))


@settings(deadline=None)
@given(CLIENTS, CLIENTS, MISSING)
def test_undo_makes_the_table_before_and_undo_of_undo_the_table_after(
    now: Clients, before: Clients, of: Contract
) -> None:
    was = held(before, of)
    changes = plan(delivered(now, of), was, of)
    made = applied(changes, was)

    back, answers = undo(_situation(changes, made, of, added_whole=True))
    restored = applied(back, made)
    again, _ = undo(_situation(back, restored, of, added_whole=False))

    assert answers.kept.total() == answers.impossible.total() == 0
    assert rows(restored) == rows(was)
    assert rows(applied(again, restored)) == rows(made)


@settings(deadline=None)
@given(CLIENTS, CLIENTS)
def test_what_somebody_wrote_since_is_kept_and_all_else_restored(now: Clients, before: Clients) -> None:
    of = contract()
    changes = plan(delivered(now, of), held(before, of), of)
    made = applied(changes, held(before, of))
    edited = made.with_columns(pl.lit("edited").alias("name"))

    back, answers = undo(_situation(changes, edited, of, added_whole=True))

    changed_names = int(changes.changed_cells("name").sum())
    assert answers.kept.total() == answers.kept[OUTSIDE] == changed_names + changes.added.height
    assert applied(back, edited)["name"].unique().to_list() in (["edited"], [])


def _situation(changes: ChangeSet, live: pl.DataFrame, of: Contract, *, added_whole: bool) -> Situation:
    cells = cells_of(changes, of, added_whole=added_whole)
    keys = cells.select(of.key).unique()
    closed = [pl.lit(value=False).alias("closed")] if "closed" in compared(of) else []
    added = changes.added.drop(LINE).with_columns(*(closed if "closed" not in changes.added.columns else []))
    return Situation(
        key=of.key,
        cells=cells,
        later=cells.clear().with_columns(pl.lit(0, dtype=pl.Int64).alias("run")),
        live=live.join(keys, on=of.key, how="semi"),
        delivered=added.select(compared(of)) if added_whole else added.select(compared(of)).clear(),
    )
