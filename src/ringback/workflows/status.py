"""Status: every feed of a project on one screen. Nothing is written."""

from __future__ import annotations

from datetime import datetime

from ringback.contracts import feeds
from ringback.errors import ContractError
from ringback.model.release import Release
from ringback.model.run import Run
from ringback.model.status import FeedStatus, Status
from ringback.workflows.place import Place


def status(place: Place, *, now: datetime) -> Status:
    """All feeds that have a contract or a held run, the most urgent first. Raises: StoreError."""
    held = place.store.held_runs()
    names = sorted({*feeds(place.project), *(run.feed for run in held)})
    found = [_feed(name, tuple(run for run in held if run.feed == name), place) for name in names]
    return Status(now=now, feeds=tuple(sorted(found, key=lambda each: each.urgency)))


def _feed(feed: str, held: tuple[Run, ...], place: Place) -> FeedStatus:
    release = next(iter(place.store.releases(feed)), None)
    drilled = next(iter(place.store.drills(feed)), None)
    return FeedStatus(
        feed=feed,
        last=next(iter(place.store.runs(feed, limit=1)), None),
        held=held,
        release=release,
        fault=_fault(feed, release, place),
        drilled=drilled,
        is_drill_of_release=None not in (drilled, release) and drilled.fingerprint == release.fingerprint,  # type: ignore[union-attr]
        waiting=place.not_acknowledged(feed),
    )


def _fault(feed: str, release: Release | None, place: Place) -> str:
    """Why the gate would refuse the next delivery."""
    if feed not in feeds(place.project):
        return f"feeds/{feed}.yaml is not there"
    try:
        contract = place.contract(feed)
    except ContractError:
        return f"feeds/{feed}.yaml has faults: ringback check"
    if release is None:
        return f"feeds/{feed}.yaml was never approved: ringback approve {feed}"
    if release.fingerprint != place.fingerprint(contract):
        return f"feeds/{feed}.yaml, or the software, is not what was approved: ringback trial {feed}"
    return ""
