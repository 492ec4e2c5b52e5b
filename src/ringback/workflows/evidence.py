"""The trial that an approval rests on. The rule:

A contract is approved on a trial of exactly this change, from the release that it is compared with to the contract as
it stands and the software as it is installed; the trial must have read the newest published delivery that was not taken
back. Where the contract and the software changed, each needs its trial. Nothing is tried where nothing was ever read: a
first release, or a feed of which no delivery is published.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ringback.errors import ApprovalRefused
from ringback.model.release import Approval, Release
from ringback.model.run import Run
from ringback.model.trial import Trial, TrialKind
from ringback.workflows.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What a trial must have compared."""

    before: str
    after: str
    command: str

    def is_tried_by(self, trial: Trial) -> bool:
        """Whether the trial compared exactly this, on deliveries of this archive."""
        return (trial.before, trial.after) == (self.before, self.after) and trial.kind is not TrialKind.MACHINES


def with_evidence(asking: Approval, place: Place) -> Approval:
    """The approval with its trial, or with why it needs none. Raises: ApprovalRefused, without a trial that counts."""
    feed, basis = asking.release.feed, asking.compared_with
    if basis is None:
        return replace(asking, untried="first release: nothing was ever read under another")
    newest = place.last_import(feed)
    if newest is None:
        return replace(asking, untried="no delivery of the feed is published: nothing was ever read")
    trials = place.store.trials(feed)
    change = _Change(before=basis.fingerprint, after=asking.release.fingerprint, command=f"ringback trial {feed}")
    trial = _required(change, trials, newest, asking)
    if asking.differences and asking.software:
        _required(_software(feed, place), trials, newest, asking)
    bound = replace(asking.release, trial=trial.id, evidence=trial.digest)
    return replace(asking, release=bound, trial=trial)


def _software(feed: str, place: Place) -> _Change:
    """The approved contract under the installed software."""
    current: Release = place.store.releases(feed)[0]
    after = place.fingerprint(place.parse_release(current))
    return _Change(before=current.fingerprint, after=after, command=f"ringback trial {feed} --software")


def _required(change: _Change, trials: tuple[Trial, ...], newest: Run, asking: Approval) -> Trial:
    """The newest trial of a change that read the newest delivery. Raises: ApprovalRefused."""
    tried = [trial for trial in trials if change.is_tried_by(trial)]
    found = next((trial for trial in tried if newest.id in {each.run for each in trial.deliveries}), None)
    if found is not None:
        return found
    raise ApprovalRefused(
        "the change was tried before the newest delivery came" if tried else "the change was never tried",
        where=f"feeds/{asking.release.feed}.yaml",
        why=_why(change, trials, tried, newest),
        differences=asking.differences,
        mend=f"See what it would change: {change.command}",
    )


def _why(change: _Change, trials: tuple[Trial, ...], tried: list[Trial], newest: Run) -> str:
    if tried:
        return f"trial {tried[0].id} did not read {newest.name} ({newest.file_name}), which is published"
    if change.command.endswith("--software"):
        return "the software changed too; what it reads otherwise shows under the approved contract alone"
    if trials:
        return (
            f"the newest trial, trial {trials[0].id}, is of another change: contract, release or software moved since"
        )
    return "no trial of this feed was made yet"
