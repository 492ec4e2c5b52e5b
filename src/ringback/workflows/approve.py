"""Approve a feed's contract: from now on this reading, and no other, may import."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from ringback.contracts import ContractFile, differences, software
from ringback.errors import ApprovalRefused, ContractError
from ringback.model.drill import Drilled
from ringback.model.finding import Finding, Severity
from ringback.model.release import MACHINE, Approval, Difference, Release
from ringback.report.approval import alarm
from ringback.report.drill import share_text
from ringback.report.notes import drafted_notes
from ringback.workflows.alerts import Alerts, alerts_of
from ringback.workflows.approvers import require_approver
from ringback.workflows.author import Author, git_author, named
from ringback.workflows.evidence import with_evidence
from ringback.workflows.examples import require_examples
from ringback.workflows.import_file import Asked
from ringback.workflows.place import Place, software_since


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a contract is approved."""

    reason: str = ""
    author: str | None = None  # of the change; None: git is asked
    emergency: bool = False
    note: str = ""  # for operators, in place of the one that is drafted


def approve(feed: str, place: Place, asked: Asked, wanted: Wanted) -> Approval:
    """Make the working copy of the contract the feed's current release. Raises: as `consider` and `settle` do."""
    return settle(consider(feed, place, asked, wanted), place, asked)


def consider(feed: str, place: Place, asked: Asked, wanted: Wanted) -> Approval:
    """What approving would come to: all that is different, the evidence, and the release as it would be written.

    Raises: ContractError; ApprovalRefused, when an example of it fails, when it was not tried, or when this person may
    not approve it.
    """
    contract, releases = place.contract(feed), place.store.releases(feed)
    current = next(iter(releases), None)
    fingerprint = place.fingerprint(contract)
    if current is not None and current.fingerprint == fingerprint and (wanted.emergency or not current.emergency):
        return Approval(release=current, is_new=False)
    if not wanted.emergency:
        require_examples(place.project, contract)
    author = named(wanted.author) if wanted.author else git_author(place.project.contract_path(feed))
    asking = Approval(
        release=_release(contract, fingerprint, asked, wanted, author=author),
        is_new=True,
        replaces=current.id if current else None,
    )
    asking = _compared(asking, contract, place)
    asking = asking if wanted.emergency else _allowed(asking, place, author)
    return _noted(asking, contract, place, wanted.note)


def settle(considered: Approval, place: Place, asked: Asked, *, alerts: Alerts | None = None) -> Approval:
    """Write the release that was considered; of an emergency people are told.

    Raises: ApprovalRefused, when an emergency has no reason; StoreError, when another was approved meanwhile.
    """
    release = considered.release
    if not considered.is_new:
        return considered
    if release.emergency and not release.reason.strip():
        raise ApprovalRefused(
            "an emergency approval needs a reason",
            where=f"feeds/{release.feed}.yaml",
            mend=f'say why it cannot wait: ringback approve {release.feed} --emergency --reason "..."',
        )
    written = place.store.approve(release, after=considered.replaces, by=asked.by)
    settled = replace(considered, release=written)
    if not release.emergency:
        return settled
    return replace(settled, unheard=(alerts or alerts_of(place.project)).tell(*alarm(settled)))


def _release(
    contract: ContractFile, fingerprint: str, asked: Asked, wanted: Wanted, *, author: Author | None
) -> Release:
    return Release(
        id=0,
        feed=contract.contract.feed,
        fingerprint=fingerprint,
        contract_text=contract.text,
        software=software(),
        approved_by=asked.by,
        approved_at=asked.now,
        reason=wanted.reason,
        author=author.told if author else None,
        emergency=wanted.emergency,
    )


def _compared(asking: Approval, contract: ContractFile, place: Place) -> Approval:
    """With all that is other than in the release that it is compared with."""
    release = asking.release
    basis = place.basis(release.feed, release.fingerprint)
    if basis is None:
        return asking
    changed: tuple[Difference, ...] = ()
    with suppress(ContractError):  # a release that only an earlier ringback could read
        changed = differences(place.parse_release(basis), contract)
    return replace(
        asking,
        compared_with=basis,
        differences=changed,
        software=software_since(basis),
        findings=tuple(_drilled_lower(release.fingerprint, basis, place)),
    )


def _allowed(asking: Approval, place: Place, author: Author | None) -> Approval:
    """On evidence, and by whom it may be; other software that reads everything the same needs nobody."""
    tried = with_evidence(asking, place)
    if tried.trial is not None and tried.trial.changes_nothing and not tried.differences:
        return replace(tried, release=replace(tried.release, approved_by=MACHINE))
    require_approver(tried, author, place)
    return tried


def _noted(asking: Approval, contract: ContractFile, place: Place, note: str) -> Approval:
    """With what operators must know, as it was written or else as it is drafted; and who they are."""
    old = None
    if asking.compared_with is not None:
        with suppress(ContractError):  # a release that only an earlier ringback could read
            old = place.parse_release(asking.compared_with).contract
    notes = note.strip() or drafted_notes(asking, contract.contract, old)
    operators = () if asking.release.is_machines else place.project.settings.operators
    return replace(asking, release=replace(asking.release, notes=notes), operators=operators)


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
