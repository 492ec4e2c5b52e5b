"""Incidents: one row an entry, written with its event. What befalls a run is written in the run's own transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

import polars as pl

from ringback.errors import StoreError
from ringback.model.event import EventKind
from ringback.model.incident import (
    WHAT_OPENS,
    WHAT_SETTLES,
    Befell,
    Entry,
    EntryKind,
    Incident,
    befell,
    following,
    is_correction_of_correction,
    told_together,
)
from ringback.model.run import Run
from ringback.store import event, ledger
from ringback.store.link import Link
from ringback.store.own import INCIDENT, INCIDENT_SHAPE
from ringback.store.shape import Column, Shape, frame

_NEXT: Shape = (Column("next", pl.Int64()),)


def every(link: Link, feed: str | None = None) -> tuple[Incident, ...]:
    """All incidents, of one feed or of all, newest first; none in tables of an older ringback."""
    if INCIDENT.name not in link.dialect.tables(link, (INCIDENT.name,)):
        return ()
    if feed is None:
        found = link.fetch(INCIDENT_SHAPE, f"from {INCIDENT.sql}")
    else:
        found = link.fetch(INCIDENT_SHAPE, f"from {INCIDENT.sql} where feed = $1", feed)
    return told_together([_entry(row) for row in found.iter_rows(named=True)])


def add(link: Link, entry: Entry, *, beside: event.Lender | None = None) -> Entry:
    """Write an entry under the number of its event, and the event. Inside a transaction, and the last of it.

    Raises: StoreError, when its incident is not there.
    """
    number = event.next_number(link, beside=beside)
    with _newest(link, beside) as fresh:
        shape = [f"coalesce(max({INCIDENT_SHAPE[1].sql}), 0)"]
        last = int(link.fetch_as(_NEXT, shape, f"from {INCIDENT.sql}")["next"].item())
        if fresh is not link:
            last = max(last, int(fresh.fetch_as(_NEXT, shape, f"from {INCIDENT.sql}")["next"].item()))
    if not 0 <= entry.incident <= last:
        raise StoreError(
            f"there is no incident {entry.incident}", why="Nothing was written.", mend="List them: ringback incident"
        )
    placed = replace(entry, id=number, incident=entry.incident or last + 1)
    link.ingest(INCIDENT, _frame(placed), INCIDENT_SHAPE)
    event.tell_entry(link, placed, beside=beside)
    return placed


def follow(link: Link, run: Run, act: event.Act, *, beside: event.Lender | None = None) -> None:
    """Write what a run's fate says of incidents. After the run's own event."""
    if act.kind not in (*WHAT_OPENS, *WHAT_SETTLES):
        return
    number = run.undoes or run.repairs
    target = None if number is None else ledger.run(link, number)
    fact = befell(run, act.kind, target)
    with _newest(link, beside) as fresh:
        known = every(fresh, run.feed)
    entries = list(following(known, fact, feed=run.feed, at=act.at, by=act.by))
    if is_correction_of_correction(run, target) and any(each.kind is EntryKind.OPENED for each in entries):
        return  # what was taken back before ringback knew of incidents, and comes again
    for entry in entries:
        add(link, entry, beside=beside)


@contextmanager
def _newest(link: Link, beside: event.Lender | None) -> Iterator[Link]:
    """A connection that sees what others have committed; the chain is locked, so that there comes no more."""
    if beside is None or link.dialect.run_sees_newest:
        yield link
        return
    with beside() as other:
        yield other


def _frame(entry: Entry) -> pl.DataFrame:
    said: dict[str, Any] = {"text": entry.text, "fields": entry.fields}
    if entry.befell is not None:
        said["befell"] = asdict(entry.befell)
    told = {
        "id": entry.id,
        "incident": entry.incident,
        "feed": entry.feed,
        "kind": str(entry.kind),
        "happened_at": entry.at,
        "written_at": entry.written_at,
        "done_by": entry.by,
        "told": json.dumps(said, sort_keys=True),
    }
    return frame(INCIDENT_SHAPE, told)


def _entry(row: dict[str, Any]) -> Entry:
    said = json.loads(row["told"])
    return Entry(
        id=row["id"],
        incident=row["incident"],
        feed=row["feed"],
        kind=EntryKind(row["kind"]),
        at=row["happened_at"],
        written_at=row["written_at"],
        by=row["done_by"],
        text=said["text"],
        fields=tuple(said["fields"]),
        befell=_befell(said["befell"]) if "befell" in said else None,
    )


def _befell(said: dict[str, Any]) -> Befell:
    listed = {name: tuple(said[name]) for name in ("signs", "fields")}
    return Befell(**{**said, **listed, "kind": EventKind(said["kind"])})
