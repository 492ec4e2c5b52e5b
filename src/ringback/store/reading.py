"""Digests of what each published import read, under its run."""

from __future__ import annotations

from pydantic import ValidationError

from ringback.errors import StoreError
from ringback.model.reading import ReadingDigest
from ringback.store.link import Link
from ringback.store.own import READING, READING_SHAPE
from ringback.store.shape import frame


def store(link: Link, run_id: int, feed: str, digest: ReadingDigest) -> None:
    """Write a run's digests, in place of those that it had. Inside a transaction."""
    link.run(f"delete from {READING.sql} where run = $1", run_id)
    told = {"run": run_id, "feed": feed, "digest": digest.to_json()}
    link.ingest(READING, frame(READING_SHAPE, told), READING_SHAPE)


def of_run(link: Link, run_id: int) -> ReadingDigest | None:
    """The digests of a run; None where it was imported before any were kept."""
    if READING.name not in link.dialect.tables(link, (READING.name,)):
        return None
    found = link.fetch(READING_SHAPE, f"from {READING.sql} where run = $1", run_id)
    if found.is_empty():
        return None
    try:
        return ReadingDigest.from_json(found["digest"].item())
    except ValidationError:
        raise StoreError(
            f"the digests of R{run_id} are not as they were written",
            where=READING.name,
            why="Somebody has changed them. Nothing was written.",
            mend=f"Take them out: delete from {READING.name} where run = {run_id};",
        ) from None
