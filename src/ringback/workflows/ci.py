"""ci: everything that can be known of a change before it is merged. The live table is only read, or there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ringback import contracts
from ringback.contracts import ContractFile
from ringback.errors import ContractError, UsageError
from ringback.model.check import CheckReport
from ringback.model.ci import CiReport, FeedCi, Standing
from ringback.model.drill import Drill
from ringback.model.project import Project, ProjectFile
from ringback.model.sample import SampleFile
from ringback.report.words import count
from ringback.workflows.base import Base, base_of, gone_since
from ringback.workflows.check import check_project
from ringback.workflows.drill import Wanted as DrillWanted
from ringback.workflows.drill import drill
from ringback.workflows.import_file import Asked
from ringback.workflows.offline import Offline
from ringback.workflows.place import Place, open_place
from ringback.workflows.sample_place import SamplePlace, read_sample, sample_place, sampled_feeds, with_working
from ringback.workflows.trial import NEWEST, trial
from ringback.workflows.trial import Wanted as TrialWanted

DRILL_ROWS = 2_000  # more take hardly longer: it is the count of misreadings that takes its time


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a pipeline tries its feeds on."""

    sample: Path | None = None  # a folder that `archive export` wrote
    base: str | None = None  # a revision of git; None: what is in force
    newest: int = NEWEST  # deliveries of the archive
    drill_rows: int | None = DRILL_ROWS  # None: no drill
    shows_values: bool = False  # also where client values are real

    @property
    def is_without_database(self) -> bool:
        """Whether no database is asked for anything."""
        return self.sample is not None or self.base is not None


def ci(folder: Path | None, asked: Asked, wanted: Wanted, environ: Mapping[str, str]) -> CiReport:
    """Check, try examples, and try every changed feed and drill it. Raises: UsageError; StoreError."""
    seen = Offline(environ) if wanted.is_without_database else environ
    checked = check_project(folder, (), seen)
    faults = checked.faults
    project = _project(checked.folder, seen)
    own = {feed: _faults_of(feed, faults) for feed in contracts.feeds(project)}
    others = tuple(each for each in faults if each not in {fault for told in own.values() for fault in told})
    report = CiReport(folder=checked.folder, ground="", shows_values=wanted.shows_values, faults=others)
    blank = {feed: _blank(feed, own[feed], checked) for feed in own}
    if others:
        return replace(report, ground="nothing: the project has faults", feeds=tuple(blank.values()))
    if wanted.is_without_database:
        return _without_database(report, blank, project, asked, wanted)
    with open_place(checked.folder, environ=environ) as place:
        feeds = tuple(each if each.faults else _tried(each, place, asked, wanted) for each in blank.values())
    return replace(report, ground="the archive and the database of this project", feeds=feeds)


def _project(folder: Path, environ: Mapping[str, str]) -> Project:
    """The project; where its file has faults, one without settings."""
    try:
        return contracts.load_project(folder, environ=environ)
    except ContractError:
        return Project(folder=folder, settings=ProjectFile(target=""))


def _faults_of(feed: str, faults: tuple[str, ...]) -> tuple[str, ...]:
    names = (f"feeds/{feed}.yaml", f"feeds/{feed}.examples.yaml")
    return tuple(each for each in faults if each.startswith(names))


def _blank(feed: str, faults: tuple[str, ...], checked: CheckReport) -> FeedCi:
    examples = next((each for each in checked.examples if each.feed == feed), None)
    return FeedCi(feed=feed, contract_name=f"feeds/{feed}.yaml", faults=faults, examples=examples)


# -- where the database is


def _tried(blank: FeedCi, place: Place, asked: Asked, wanted: Wanted) -> FeedCi:
    contract, releases = place.contract(blank.feed), place.store.releases(blank.feed)
    if not releases:
        return replace(blank, standing=Standing.NEW)
    fingerprint = place.fingerprint(contract)
    basis = place.basis(blank.feed, fingerprint)
    if releases[0].fingerprint == fingerprint or basis is None:
        due = ("It was approved in an emergency: a regular approval is due.",) if releases[0].emergency else ()
        return replace(blank, standing=Standing.SAME, compared_with=f"release {releases[0].id}", remarks=due)
    before = [each for each in place.store.drills(blank.feed) if each.fingerprint == basis.fingerprint]
    report = trial(blank.feed, place, asked, TrialWanted(newest=wanted.newest))
    drilled, remarks = _drilled(blank.feed, place, asked, wanted)
    return replace(
        blank,
        standing=Standing.CHANGED,
        compared_with=f"release {basis.id}",
        differences=report.differences,
        trial=report,
        drill=drilled,
        drill_before=before[0] if before else None,
        remarks=tuple(remarks),
    )


def _drilled(feed: str, place: Place, asked: Asked, wanted: Wanted) -> tuple[Drill | None, list[str]]:
    if wanted.drill_rows is None:
        return None, []
    try:
        return drill(feed, place, asked, DrillWanted(sample=wanted.drill_rows)), []
    except UsageError as fault:
        return None, [f"Not drilled: {fault.what}."]


# -- where there is none


def _without_database(
    report: CiReport, blank: Mapping[str, FeedCi], project: Project, asked: Asked, wanted: Wanted
) -> CiReport:
    samples = [] if wanted.sample is None else [read_sample(wanted.sample, feed) for feed in _sampled(wanted)]
    feeds = tuple(each if each.faults else _compared(each, project, asked, wanted) for each in blank.values())
    ground = "nothing: there is no sample" if wanted.sample is None else _told(wanted.sample, samples)
    return replace(
        report,
        ground=ground,
        shows_values=wanted.shows_values or all(each.is_scrambled for each in samples),
        feeds=feeds,
        gone=gone_since(project, wanted.base),
    )


def _told(folder: Path, samples: Sequence[SampleFile]) -> str:
    how = "scrambled" if all(each.is_scrambled for each in samples) else "with client values as delivered"
    deliveries = sum(len(each.deliveries) for each in samples)
    return f"the sample in {folder.name}, {how}: {count(deliveries, 'delivery')}"


def _sampled(wanted: Wanted) -> tuple[str, ...]:
    """The feeds that there are samples of. Raises: UsageError, where a folder of samples has none at all."""
    if wanted.sample is None:
        return ()
    found = sampled_feeds(wanted.sample)
    if not found:
        raise UsageError(
            "there is no sample in this folder",
            where=str(wanted.sample),
            mend="Write one where the archive is: ringback archive export FEED DIR --scramble",
        )
    return found


def _compared(blank: FeedCi, project: Project, asked: Asked, wanted: Wanted) -> FeedCi:
    """A feed beside its contract at the base."""
    working = contracts.load_feed(project, blank.feed)
    base = base_of(blank.feed, project, wanted.base, wanted.sample)
    if base.contract is None:
        standing = Standing.UNKNOWN if base.remarks else Standing.NEW
        return replace(blank, standing=standing, compared_with=base.told, remarks=base.remarks)
    told = replace(blank, compared_with=base.told, differences=contracts.differences(base.contract, working))
    if not told.differences:
        return replace(told, standing=Standing.SAME)
    told = replace(told, standing=Standing.CHANGED)
    if blank.feed not in _sampled(wanted):
        return replace(told, remarks=("Not tried: there is no sample of its deliveries.",))
    return _on_sample(told, base, working, project, (asked, wanted))


def _on_sample(
    told: FeedCi, base: Base, working: ContractFile, project: Project, request: tuple[Asked, Wanted]
) -> FeedCi:
    asked, wanted = request
    assert wanted.sample is not None and base.contract is not None  # noqa: S101, PT018
    sample = read_sample(wanted.sample, told.feed)
    with sample_place(sample, wanted.sample, base.contract, base.policy, asked) as before:
        drilled_before, _ = _drilled(told.feed, before, asked, wanted)
        place: SamplePlace = with_working(before, working, project.settings.policy)
        report = trial(told.feed, place, asked, TrialWanted(newest=None))
        drilled, remarks = _drilled(told.feed, place, asked, wanted)
        return replace(
            told,
            trial=replace(report, compared_with=base.told, is_kept=False),
            drill=drilled,
            drill_before=drilled_before.drilled if drilled_before else None,
            remarks=(*place.remarks, *remarks),
        )
