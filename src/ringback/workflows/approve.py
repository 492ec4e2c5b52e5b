"""Approve a feed's contract: from now on this reading, and no other, may import."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ringback.contracts import software
from ringback.model.drill import Drilled
from ringback.model.finding import Finding, Severity
from ringback.model.release import Approval, Release
from ringback.report.drill import share_text
from ringback.workflows.place import Place


def approve(feed: str, place: Place, *, now: datetime, by: str, reason: str) -> Approval:
    """Make the working copy of the contract the feed's current release. Raises: ContractError."""
    contract, current = place.contract(feed), place.store.releases(feed)
    fingerprint = place.fingerprint(contract)
    if current and current[0].fingerprint == fingerprint:
        return Approval(release=current[0], is_new=False)
    release = Release(
        id=0,
        feed=feed,
        fingerprint=fingerprint,
        contract_text=contract.text,
        software=software(),
        approved_by=by,
        approved_at=now,
        reason=reason,
    )
    findings = tuple(_drilled_lower(fingerprint, current[0], place)) if current else ()
    return Approval(
        release=place.store.approve(release, after=current[0].id if current else None, by=by),
        is_new=True,
        findings=findings,
    )


def _drilled_lower(fingerprint: str, current: Release, place: Place) -> Iterator[Finding]:
    """The newest drill of each contract: a lower score means that less would be caught."""
    drills = place.store.drills(current.feed)
    new, old = (
        next((drill for drill in drills if drill.fingerprint == each), None)
        for each in (fingerprint, current.fingerprint)
    )
    if new is None or old is None or new.score is None or old.score is None or new.score >= old.score:
        return
    yield Finding(
        code="drill.lower",
        severity=Severity.NOTE,
        row_count=new.total - new.caught,
        why=f"the drill of this contract catches {_told(new)}; under release {current.id} it caught {_told(old)}",
        mend=f"see what would be published: ringback drill {current.feed}",
    )


def _told(drilled: Drilled) -> str:
    return f"{drilled.caught:,} of {drilled.total:,} misreadings ({share_text(drilled)})"
