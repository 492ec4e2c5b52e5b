"""The baseline: what each published import measured, under its run."""

from __future__ import annotations

import polars as pl
from pydantic import ValidationError

from ringback.errors import StoreError
from ringback.model.baseline import VERSION, Measures
from ringback.store.link import Link
from ringback.store.own import BASELINE, BASELINE_SHAPE, RUN
from ringback.store.shape import Column, Shape, frame

_RUN: Shape = (Column("id", pl.Int64()), Column("position", pl.Int64()))


def store(link: Link, run_id: int, feed: str, measures: Measures) -> None:
    """Write a run's measures, in place of those that it had. Inside a transaction."""
    link.run(f"delete from {BASELINE.sql} where run = $1", run_id)
    told = {"run": run_id, "feed": feed, "version": measures.version, "measures": measures.to_json()}
    link.ingest(BASELINE, frame(BASELINE_SHAPE, told), BASELINE_SHAPE)


def of_feed(link: Link, feed: str, without: frozenset[int], limit: int) -> tuple[Measures, ...]:
    """The measures of the newest published imports that are no corrections and not in `without`, oldest first."""
    if BASELINE.name not in link.dialect.tables(link, (BASELINE.name,)):
        return ()
    published = f"from {RUN.sql} where feed = $1 and outcome = 'published' and kind = 'import' and corrects is null"
    runs = link.fetch(_RUN, published, feed).sort("position")
    wanted = runs["id"].filter(~runs["id"].is_in(list(without)))
    kept = link.fetch(BASELINE_SHAPE, f"from {BASELINE.sql} where feed = $1 and version = $2", feed, VERSION)
    newest = wanted.to_frame("run").join(kept, on="run", how="inner", maintain_order="left").tail(limit)
    return tuple(_read(text, run_id) for run_id, text in newest.select("run", "measures").iter_rows())


def _read(text: str, run_id: int) -> Measures:
    try:
        return Measures.from_json(text)
    except ValidationError:
        raise StoreError(
            f"the baseline of R{run_id} is not as it was written",
            where=BASELINE.name,
            why="Somebody has changed it. Nothing was written.",
            mend=f"Take it out: delete from {BASELINE.name} where run = {run_id};",
        ) from None
