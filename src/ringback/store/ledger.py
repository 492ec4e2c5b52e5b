"""The ledger: one row a run. What is in it is what happened."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import polars as pl
from pydantic import TypeAdapter

from ringback.errors import StoreError
from ringback.model.finding import Finding
from ringback.model.release import Release
from ringback.model.run import Outcome, Rows, Run, RunKind
from ringback.store import own
from ringback.store.link import Link
from ringback.store.own import FEED, RELEASE, RELEASE_WHOLE, RUN, RUN_SHAPE, next_number
from ringback.store.shape import Column, Shape, frame

_FINDINGS = TypeAdapter(tuple[Finding, ...])
_EVERY_ROW = 2**62  # a LIMIT keeps the order of a query inside a query
_NEXT: Shape = (Column("next", pl.Int64()),)
_PUBLISHED = f"from {RUN.sql} where feed = $1 and outcome = 'published'"


def runs(link: Link, feed: str | None, limit: int) -> tuple[Run, ...]:
    """Runs, newest first."""
    if feed is None:
        return _runs(link, f"from {RUN.sql} order by id desc limit $1", limit)
    return _runs(link, f"from {RUN.sql} where feed = $1 order by id desc limit $2", feed, limit)


def run(link: Link, run_id: int) -> Run | None:
    """One run."""
    found = _runs(link, f"from {RUN.sql} where id = $1", run_id)
    return found[0] if found else None


def last_published(link: Link, feed: str) -> Run | None:
    """The newest published run of any kind."""
    found = _runs(link, f"{_PUBLISHED} order by position desc limit 1", feed)
    return found[0] if found else None


def published_imports(link: Link, feed: str, sha256: str) -> tuple[Run, ...]:
    """Published imports of this content, newest first."""
    return _runs(
        link,
        f"{_PUBLISHED} and kind = 'import' and sha256 = $2 order by position desc limit {_EVERY_ROW}",
        feed,
        sha256,
    )


def last_import(link: Link, feed: str, without: frozenset[int]) -> Run | None:
    """The newest published import whose id is not in `without`."""
    shape = tuple(column for column in RUN_SHAPE if column.name in {"id", "position"})
    ids = link.fetch(shape, f"{_PUBLISHED} and kind = 'import' and corrects is null", feed).sort(
        "position", descending=True
    )["id"]
    left = ids.filter(~ids.is_in(list(without)))
    return None if left.is_empty() else run(link, int(left[0]))


def imports(link: Link, feed: str, without: frozenset[int]) -> tuple[Run, ...]:
    """Published imports that are no corrections and whose ids are not in `without`, newest first."""
    tail = f"{_PUBLISHED} and kind = 'import' and corrects is null order by position desc limit {_EVERY_ROW}"
    return tuple(run for run in _runs(link, tail, feed) if run.id not in without)


def undos(link: Link, feed: str) -> tuple[Run, ...]:
    """Published undo runs, newest first."""
    return _runs(link, f"{_PUBLISHED} and kind = 'undo' order by position desc limit {_EVERY_ROW}", feed)


def repairs(link: Link, feed: str) -> tuple[Run, ...]:
    """Repair runs that were published or had nothing to change, newest first."""
    told = f"from {RUN.sql} where feed = $1 and kind = 'repair' and outcome in ('published', 'unchanged')"
    return _runs(link, f"{told} order by id desc limit {_EVERY_ROW}", feed)


def held(link: Link) -> tuple[Run, ...]:
    """Runs of all feeds that wait for a person, newest first."""
    return _runs(link, f"from {RUN.sql} where outcome = 'held' order by id desc limit {_EVERY_ROW}")


def published_after(link: Link, feed: str, run_id: int) -> tuple[Run, ...]:
    """The runs of any kind that were published after this one, oldest first."""
    after = f"{_PUBLISHED} and position > (select position from {RUN.sql} where id = $2)"
    return _runs(link, f"{after} order by position limit {_EVERY_ROW}", feed, run_id)


def claim(link: Link, feed: str) -> None:
    """Make this transaction the feed's only writer; waits for a bounded time for another to end.

    The insertion waits for one that inserts the feed's very first row and is not over.
    """
    link.run(f"insert into {FEED.sql} (feed) values ($1) on conflict do nothing", feed)
    link.dialect.lock_feed(link, feed)


def next_id(link: Link) -> int:
    """A number that no run has."""
    return int(link.fetch_as(_NEXT, [link.dialect.next_run_id], "")["next"].item())


def position_after(link: Link, previous: int | None) -> int:
    """The place among the feed's published runs of the one that comes after `previous`."""
    if previous is None:
        return 1
    shape = tuple(column for column in RUN_SHAPE if column.name == "position")
    return int(link.fetch(shape, f"from {RUN.sql} where id = $1", previous)["position"].item()) + 1


def insert(link: Link, run: Run, *, position: int | None = None, token: str | None = None) -> Run:
    """Write a run's row, in place of the one with the same id. Inside a transaction."""
    link.run(f"delete from {RUN.sql} where id = $1", run.id)
    link.ingest(RUN, _row(run, position, token), RUN_SHAPE)
    return run


def has(link: Link, run_id: int, token: str) -> bool:
    """Whether this very attempt is in the ledger."""
    found = link.fetch(RUN_SHAPE[:1], f"from {RUN.sql} where id = $1 and token = $2", run_id, token)
    return not found.is_empty()


def set_outcome(link: Link, run_id: int, outcome: Outcome) -> None:
    """Say what became of a held run."""
    link.run(f"update {RUN.sql} set outcome = $1 where id = $2", str(outcome), run_id)


def releases(link: Link, feed: str) -> tuple[Release, ...]:
    """All approved releases of a feed, newest first."""
    found = link.fetch(own.release_shape(link), f"from {RELEASE.sql} where feed = $1", feed).sort("id", descending=True)
    return tuple(_release(told) for told in found.iter_rows(named=True))


def approve(link: Link, release: Release, *, after: int | None) -> Release:
    """Write a release under an id of its own. Inside a transaction that no other of this kind overlaps.

    `after`: the release that it replaces. Raises: StoreError, when another was approved since.
    """
    newest = next((each.id for each in releases(link, release.feed)), None)
    if newest != after:
        raise StoreError(
            f"release {newest} of {release.feed} was approved meanwhile",
            why="Nothing of this approval is in the database.",
            mend=f"Look at what is different now, and approve again: ringback approve {release.feed}",
        )
    given = next_number(link, RELEASE)
    stored = replace(release, id=given)
    told = {**asdict(stored), "software": json.dumps(stored.software, sort_keys=True)}
    link.ingest(RELEASE, frame(RELEASE_WHOLE, told), RELEASE_WHOLE)
    return stored


def _release(told: dict[str, Any]) -> Release:
    read = {"software": json.loads(str(told["software"])), "emergency": bool(told.get("emergency"))}
    return Release(**{**told, **read})


def _runs(link: Link, tail: str, *parameters: str | int | None) -> tuple[Run, ...]:
    shape = own.run_shape(link)
    return tuple(_run({"repairs": None, **told}) for told in link.fetch(shape, tail, *parameters).iter_rows(named=True))


def _run(told: dict[str, Any]) -> Run:
    rows = {name.removeprefix("rows_"): told.pop(name) for name in list(told) if name.startswith("rows_")}
    kept = {name: value for name, value in told.items() if name not in {"position", "token", "done_by"}}
    return Run(
        **{
            **kept,
            "kind": RunKind(told["kind"]),
            "outcome": Outcome(told["outcome"]),
            "rows": Rows(**rows),
            "changed_by_field": json.loads(told["changed_by_field"]),
            "findings": _FINDINGS.validate_json(told["findings"]),
            "by": told["done_by"],
        }
    )


def _row(run: Run, position: int | None, token: str | None) -> pl.DataFrame:
    told = {name: getattr(run, name) for name in Run.__dataclass_fields__}
    told |= {f"rows_{name}": count for name, count in asdict(run.rows).items()}
    told |= {
        "kind": str(run.kind),
        "outcome": str(run.outcome),
        "changed_by_field": json.dumps(run.changed_by_field),
        "findings": _FINDINGS.dump_json(run.findings).decode(),
        "done_by": run.by,
        "position": position,
        "token": token,
    }
    return frame(RUN_SHAPE, told)
