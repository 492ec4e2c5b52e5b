"""A trial on a sample: the working copy beside the contract in force, where there is neither archive nor database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ringback import contracts
from ringback.errors import UsageError
from ringback.model.trial import TrialReport
from ringback.workflows.base import base_of
from ringback.workflows.import_file import Asked
from ringback.workflows.sample_place import read_sample, sample_place, with_working
from ringback.workflows.trial import Wanted, trial


def trial_on_sample(feed: str, sample: Path, start: Path | None, asked: Asked, wanted: Wanted) -> TrialReport:
    """Try the working copy on a folder that `archive export` wrote. Its evidence is thrown away.

    Raises: ContractError; UsageError, where there is no sample of the feed.
    """
    project = contracts.load_project(start, environ=AnyVariable({}))
    working, found = contracts.load_feed(project, feed), read_sample(sample, feed)
    base = base_of(feed, project, None, sample)
    if base.contract is None:
        raise UsageError(base.remarks[0], where=str(sample))
    with sample_place(found, sample, base.contract, base.policy, asked) as before:
        place = with_working(before, working, project.settings.policy)
        report = trial(feed, place, asked, wanted)
        return replace(report, compared_with=base.told, is_kept=False, remarks=(*report.remarks, *place.remarks))


class AnyVariable(Mapping[str, str]):
    """An environment where no database is: whatever ringback.yaml asks for is there, and leads nowhere."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> str:
        return self._environ.get(name, "none://none")

    def __iter__(self) -> Iterator[str]:
        return iter(self._environ)

    def __len__(self) -> int:
        return len(self._environ)
