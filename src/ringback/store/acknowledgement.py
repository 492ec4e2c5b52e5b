"""Who knows of which release. Their order is that of their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ringback.model.acknowledgement import Acknowledgement
from ringback.model.release import Release
from ringback.store.link import Link
from ringback.store.own import ACKNOWLEDGEMENT, ACKNOWLEDGEMENT_SHAPE, next_number
from ringback.store.shape import frame


def store(link: Link, releases: Sequence[Release], *, at: datetime, by: str) -> tuple[Acknowledgement, ...]:
    """Write those that are not there, oldest first. Inside a transaction that no other of this kind overlaps."""
    known = link.fetch(ACKNOWLEDGEMENT_SHAPE, f"from {ACKNOWLEDGEMENT.sql} where done_by = $1", by)["release"].to_list()
    new = sorted((release for release in releases if release.id not in known), key=lambda release: release.id)
    first = next_number(link, ACKNOWLEDGEMENT)
    stored = tuple(
        Acknowledgement(id=number, feed=release.feed, release=release.id, at=at, by=by)
        for number, release in enumerate(new, start=first)
    )
    rows = [
        {"id": each.id, "feed": each.feed, "release": each.release, "acknowledged_at": each.at, "done_by": each.by}
        for each in stored
    ]
    if rows:
        link.ingest(ACKNOWLEDGEMENT, frame(ACKNOWLEDGEMENT_SHAPE, *rows), ACKNOWLEDGEMENT_SHAPE)
    return stored


def of_feed(link: Link, feed: str) -> tuple[Acknowledgement, ...]:
    """All of a feed, newest first; none in tables of an older ringback."""
    if ACKNOWLEDGEMENT.name not in link.dialect.tables(link, (ACKNOWLEDGEMENT.name,)):
        return ()
    found = link.fetch(ACKNOWLEDGEMENT_SHAPE, f"from {ACKNOWLEDGEMENT.sql} where feed = $1", feed)
    return tuple(
        Acknowledgement(id=number, feed=of, release=release, at=at, by=by)
        for number, of, release, at, by in found.sort("id", descending=True).iter_rows()
    )
