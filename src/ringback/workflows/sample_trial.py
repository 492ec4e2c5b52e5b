"""A trial on a sample: the working copy beside the contract in force, where there is neither archive nor database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ringback import contracts
from ringback.errors import UsageError
from ringback.model.trial import TrialReport
from ringback.workflows.base import base_of
from ringback.workflows.import_file import Asked
from ringback.workflows.offline import Offline
from ringback.workflows.sample_place import read_sample, sample_place, with_working
from ringback.workflows.trial import Wanted, trial


def trial_on_sample(feed: str, sample: Path, start: Path | None, asked: Asked, wanted: Wanted) -> TrialReport:
    """Try the working copy on a folder that `archive export` wrote. Its evidence is thrown away.

    Raises: ContractError; UsageError, where there is no sample of the feed.
    """
    project = contracts.load_project(start, environ=Offline({}))
    working, found = contracts.load_feed(project, feed), read_sample(sample, feed)
    base = base_of(feed, project, None, sample)
    if base.contract is None:
        raise UsageError(base.remarks[0], where=str(sample))
    with sample_place(found, sample, base.contract, base.policy, asked) as before:
        place = with_working(before, working, project.settings.policy)
        report = trial(feed, place, asked, wanted)
        return replace(report, compared_with=base.told, is_kept=False, remarks=(*report.remarks, *place.remarks))
