"""The trial that an approval rests on. The rule:

A contract is approved on a trial of exactly this change: from the release that it is compared with to the contract as
it stands, read by the software as it is installed. The trial must have read the newest published delivery that was not
taken back; and where the software changed, whole deliveries: only these are compared with what they were read as at
their import. Nothing is tried where nothing was ever read: a first release, or a feed without a published delivery.
"""

from __future__ import annotations

from dataclasses import replace

from ringback.errors import ApprovalRefused
from ringback.model.release import Approval, Release
from ringback.model.run import Run
from ringback.model.trial import Trial, TrialKind
from ringback.workflows.place import Place


def with_evidence(asking: Approval, place: Place) -> Approval:
    """The approval with its trial, or with why it needs none. Raises: ApprovalRefused, without a trial that counts."""
    feed = asking.release.feed
    if asking.compared_with is None:
        return replace(asking, untried="first release: nothing to compare with, so no trial was needed")
    newest = place.last_import(feed)
    if newest is None:
        return replace(asking, untried="no delivery of the feed is published, so there is nothing to try")
    trial = _required(asking, asking.compared_with, place.store.trials(feed), newest)
    return replace(asking, release=replace(asking.release, trial=trial.id, evidence=trial.digest), trial=trial)


def _required(asking: Approval, basis: Release, trials: tuple[Trial, ...], newest: Run) -> Trial:
    """The newest trial of this change that counts. Raises: ApprovalRefused."""
    change = (basis.fingerprint, asking.release.fingerprint)
    tried = [each for each in trials if (each.before, each.after) == change and each.kind is not TrialKind.MACHINES]
    fresh = [each for each in tried if newest.id in {delivery.run for delivery in each.deliveries}]
    whole = [each for each in fresh if each.share >= 1 or not asking.software]
    if whole:
        return whole[0]
    feed = asking.release.feed
    raise ApprovalRefused(
        "the change was tried before the newest delivery came" if tried and not fresh else "the change was not tried",
        where=f"feeds/{feed}.yaml",
        why=_why(trials, tried, fresh, newest),
        differences=asking.differences,
        mend=f"See what it would change: ringback trial {feed}",
    )


def _why(trials: tuple[Trial, ...], tried: list[Trial], fresh: list[Trial], newest: Run) -> str:
    if fresh:
        return f"trial {fresh[0].id} read a sample; the software changed, so whole deliveries must be read"
    if tried:
        return f"trial {tried[0].id} did not read {newest.name} ({newest.file_name}), which is published"
    if trials:
        return f"trial {trials[0].id}, the newest, was of another change: something moved since"
    return "no trial of this feed was made yet"
