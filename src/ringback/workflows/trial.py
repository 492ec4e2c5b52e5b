"""Trial: archived deliveries read again, and what would change if the working copy, or the software, were approved.

The live table is only read; nothing is written but the evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from ringback.contracts import ContractFile, differences, fingerprint
from ringback.errors import ContractError, UsageError
from ringback.model.release import Difference, Release
from ringback.model.run import Run
from ringback.model.trial import Chosen, Found, Stored, Trial, TrialKind, TrialReport
from ringback.workflows.import_file import Asked
from ringback.workflows.place import Place, software_since
from ringback.workflows.trial_choice import choose
from ringback.workflows.trial_contracts import Contracts, try_contracts
from ringback.workflows.trial_software import Before, try_software

NEWEST = 3  # deliveries that are read when nothing else is said
EXAMPLES = 5  # of each field

_READ = ("fields", "source", "missingValues", "ignored")  # of a contract: what reading shows by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which deliveries a trial reads, and against what."""

    newest: int | None = NEWEST  # None: all
    sample: int | None = None  # rows of them, about; None: whole
    software: bool = False  # only the software: each delivery under the contract of its run
    examples: int = EXAMPLES


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What is compared: the release, as this ringback reads it, and the working copy."""

    release: Release
    approved: ContractFile | None  # None where only an earlier ringback could read it
    working: ContractFile
    differences: tuple[Difference, ...] = ()

    @property
    def kind(self) -> TrialKind:
        """Two contracts, or one contract and two sets of software."""
        return TrialKind.CONTRACT if self.differences else TrialKind.SOFTWARE


def trial(feed: str, place: Place, asked: Asked, wanted: Wanted) -> TrialReport:
    """Compare the working copy with the approved release; where they say the same, the software with itself before.

    Raises: ContractError; UsageError; StoreError.
    """
    question = _question(feed, place, wanted)
    chosen = choose(feed, place, newest=wanted.newest)
    share = _share(chosen.runs, wanted)
    if question.kind is TrialKind.CONTRACT:
        assert question.approved is not None  # noqa: S101 - there are differences
        contracts = Contracts(
            approved=question.approved, working=question.working, share=share, examples=wanted.examples
        )
        found = try_contracts(chosen.runs, contracts, place, asked)
    else:
        _require_whole(wanted)
        found = try_software(chosen.runs, _before(question, place), place, asked)
    return TrialReport(
        trial=place.store.tried(_evidence(question, chosen, found, place, asked, share=share)),
        contract_name=question.working.name,
        compared_with=f"release {question.release.id}",
        differences=question.differences,
        software=software_since(question.release),
        found=found,
        remarks=(*chosen.remarks, *found.remarks),
    )


def _question(feed: str, place: Place, wanted: Wanted) -> _Question:
    working, releases = place.contract(feed), place.store.releases(feed)
    if not releases:
        raise UsageError(
            f"no release of {feed} was ever approved: there is nothing to compare with",
            mend=f"See what the contract makes of a file: ringback plan {feed} FILE",
        )
    basis = None if wanted.software else place.basis(feed, place.fingerprint(working))
    release = basis or releases[0]
    approved: ContractFile | None = None
    with suppress(ContractError):  # a release that only an earlier ringback could read
        approved = place.parse_release(release)
    if approved is None:
        return _Question(release=release, approved=None, working=working)
    if wanted.software:
        return _Question(release=release, approved=approved, working=approved)
    changed = differences(approved, working)
    return _Question(release=release, approved=approved, working=working, differences=changed)


def _before(question: _Question, place: Place) -> Before:
    """What was kept at each import, read under its contract; where that cannot be, under the working copy."""
    if question.approved is None:
        return Before(contract=lambda _: question.working, digest=lambda run: place.store.reading_digest(run.id))
    return Before(contract=place.released, digest=lambda run: place.store.reading_digest(run.id))


def _share(runs: Sequence[Run], wanted: Wanted) -> float:
    rows = sum(run.rows.read for run in runs)
    return 1.0 if wanted.sample is None or not rows else min(1.0, wanted.sample / rows)


def _require_whole(wanted: Wanted) -> None:
    if wanted.sample is not None:
        raise UsageError(
            "the contract is the approved one, so readings are compared by digests, which a sample does not have",
            mend="Leave --sample out; --newest N reads fewer deliveries.",
        )


def _evidence(question: _Question, chosen: Chosen, found: Found, place: Place, asked: Asked, *, share: float) -> Trial:
    return Trial(
        id=0,
        feed=question.working.contract.feed,
        kind=question.kind,
        before=question.release.fingerprint,
        after=place.fingerprint(question.working),
        contract_changes=len(question.differences),
        needs_person=(*_for_people(question), *_unknown(question, found)),
        of_deliveries=chosen.of,
        share=share,
        deliveries=found.deliveries,
        fields=found.fields,
        live=found.live,
        at=asked.now,
        by=asked.by,
    ).sealed()


def _for_people(question: _Question) -> list[str]:
    """What readings do not show."""
    release = question.release
    if question.approved is None:
        return [f"release {release.id} cannot be read by this ringback: what its contract says otherwise is not known"]
    told = [each.told for each in question.differences if each.path[0] not in _READ or each.path[-1] == "stable"]
    if fingerprint(question.approved.contract, release.software) != release.fingerprint:
        told.append(f"the policy in ringback.yaml is another than when release {release.id} was approved")
    return told


def _unknown(question: _Question, found: Found) -> list[str]:
    """Where contract and software changed at once, only digests tell what the software did."""
    if question.kind is not TrialKind.CONTRACT or not software_since(question.release):
        return []
    known = (Stored.SAME, Stored.OTHER)
    names = ", ".join(f"R{each.run}" for each in found.deliveries if each.stored not in known)
    return [f"what other software changes in {names} is not known: no digests could be compared"] if names else []
