"""Approve a feed's contract: from now on this reading, and no other, may import."""

from __future__ import annotations

from datetime import datetime

from ringback.contracts import software
from ringback.model.release import Approval, Release
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
    return Approval(release=place.store.approve(release), is_new=True)
