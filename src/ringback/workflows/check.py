"""check: reads a project and its contracts, tries their examples, and tells every fault of all. Touches nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from ringback import contracts
from ringback.contracts import ContractFile
from ringback.errors import ContractError
from ringback.model.check import CheckReport, FeedSummary
from ringback.model.example import EXAMPLES_SUFFIX, ExamplesReport
from ringback.model.project import PROJECT_FILE, Project, ProjectFile
from ringback.phone.mapping import mapping_faults
from ringback.workflows.alerts import NOT_INSTALLED, is_installed
from ringback.workflows.examples import try_examples
from ringback.workflows.offline import Offline


def check_project(folder: Path | None, feeds: tuple[str, ...], environ: Mapping[str, str]) -> CheckReport:
    """Check ringback.yaml and the contracts of the feeds named, or of all.

    Offline, nothing is asked of the environment.
    Raises: UsageError, when there is no project or no feed of a given name.
    """
    found = contracts.find_project(folder)
    project, faults = _project(found, environ)
    if project.settings.alerts and not is_installed() and not isinstance(environ, Offline):
        faults.append(f"{PROJECT_FILE}: {NOT_INSTALLED}")
    summaries: list[FeedSummary] = []
    examples: list[ExamplesReport] = []
    fields: dict[str, tuple[str, ...]] = {}
    for feed in feeds or contracts.feeds(project):
        try:
            loaded = contracts.load_feed(project, feed)
            summaries.append(_summary(loaded))
            fields[feed] = tuple(loaded.contract.fields)
            tried = try_examples(project, loaded)
            examples += [tried] if tried is not None else []
        except ContractError as error:
            faults.extend(error.faults)
    faults.extend(_phone(project))
    if not feeds:
        faults.extend(_strays(project))
        faults.extend(_crossed(summaries))
    faults.extend(_strange_reads(project, fields))
    return CheckReport(folder=found, faults=tuple(faults), feeds=tuple(summaries), examples=tuple(examples))


def _phone(project: Project) -> list[str]:
    """What phones are told must be in the contract of their feed; a feed with faults of its own is told of above."""
    settings = project.settings.phone
    if settings is None:
        return []
    if settings.feed not in contracts.feeds(project):
        return [f'{PROJECT_FILE}: phone.feed: there is no feed "{settings.feed}"']
    with suppress(ContractError):
        contract = contracts.load_feed(project, settings.feed).contract
        return [f"{PROJECT_FILE}: {fault}" for fault in mapping_faults(settings, contract)]
    return []


def _project(folder: Path, environ: Mapping[str, str]) -> tuple[Project, list[str]]:
    """The project; where its file has faults, one without settings, so that its contracts are checked all the same."""
    try:
        return contracts.load_project(folder, environ=environ), []
    except ContractError as error:
        return Project(folder=folder, settings=ProjectFile(target="")), list(error.faults)


def _summary(found: ContractFile) -> FeedSummary:
    contract = found.contract
    return FeedSummary(
        feed=contract.feed,
        file_name=found.name,
        fingerprint=contracts.fingerprint(contract, contracts.software()),
        field_count=len(contract.fields),
        key=contract.key,
        delivers=contract.delivers.value,
        missing=contract.missing.value,
        table=contract.target.table,
    )


def _crossed(feeds: list[FeedSummary]) -> list[str]:
    """Feeds that take each other's clients for missing: they share a table, and one of them closes or deletes."""
    return [
        f'{one.file_name}: "missing: {one.missing}" would {one.missing} the clients of {other.feed}, '
        f"which has the same table {one.table}: write missing: keep, or another table"
        for one in feeds
        for other in feeds
        if one.table == other.table and one.feed != other.feed and one.missing != "keep"
    ]


def _strange_reads(project: Project, fields: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """What consumers are said to read, and what is there in no contract; `fields`: of the contracts without a fault."""
    feeds = contracts.feeds(project)
    for consumer in project.settings.consumers:
        for read in consumer.reads:
            feed, _, field = read.partition(".")
            if feed not in feeds:
                what, there = f"{feed} is no feed", feeds
            elif field and field not in fields.get(feed, (field,)):
                what, there = f"{field} is no field of {feed}", fields[feed]
            else:
                continue
            yield f'{PROJECT_FILE}: {consumer.name} reads "{read}", but {what}; there are: {", ".join(there)}'


def _strays(project: Project) -> list[str]:
    """Files beside the contracts that look like contracts or examples and are not read as such."""
    folder, feeds = project.contract_path("any").parent, contracts.feeds(project)
    orphans = sorted(folder.glob(f"*{EXAMPLES_SUFFIX}"))
    return [
        *(
            f"feeds/{path.name}: is not read: contracts end in .yaml, so rename it"
            for path in sorted(folder.glob("*.yml"))
        ),
        *(
            f"feeds/{path.name}: is not read: there is no contract feeds/{feed}.yaml beside it"
            for path in orphans
            if (feed := path.name.removesuffix(EXAMPLES_SUFFIX)) not in feeds
        ),
    ]
