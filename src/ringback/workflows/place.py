"""An open project: its database, its archive, its contracts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ringback.contracts import (
    ContractFile,
    differences,
    fingerprint,
    load_feed,
    load_project,
    parse,
    software,
    with_policy,
)
from ringback.errors import ContractError, NotApproved, UsageError
from ringback.model.baseline import Measures
from ringback.model.contract import Delivers, Source
from ringback.model.project import PROJECT_FILE, Project
from ringback.model.release import Difference, Release
from ringback.model.run import Outcome, Run
from ringback.report.words import count
from ringback.steps.acknowledge import unacknowledged
from ringback.steps.since import undone
from ringback.store import open_store
from ringback.store.archive import Archive
from ringback.store.protocol import Store

# The columns that `quarantine --export` puts before the delivered ones: run, line, reasons, and the text of a row
# whose columns could not be told apart.
MARKS = ("ringback_run", "ringback_line", "ringback_reason", "ringback_row")


def as_corrected(contract: ContractFile) -> ContractFile:
    """How corrected rows are read: the feed's fields, in the dialect of the export; nothing is said of other rows."""
    changed = {
        "source": Source(encoding="utf-8", delimiter=","),
        "delivers": Delivers.CHANGES,  # so nobody is missing; but who was closed is opened by a row
        "ignored": (*contract.contract.ignored, *MARKS),
    }
    return replace(contract, contract=contract.contract.model_copy(update=changed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An open project."""

    project: Project
    store: Store
    archive: Archive

    def contract(self, feed: str) -> ContractFile:
        """The working copy of a feed's contract."""
        return load_feed(self.project, feed)

    def fingerprint(self, contract: ContractFile) -> str:
        """Of the contract with the software that is installed."""
        return fingerprint(contract.contract, software())

    def released(self, run: Run) -> ContractFile:
        """The contract that a run was read under: the approved one, or its form for corrected rows."""
        contract = self.approved(run)
        return contract if run.corrects is None else as_corrected(contract)

    def approved(self, run: Run) -> ContractFile:
        """The contract that a run needed, as it was approved."""
        for release in self.store.releases(run.feed):
            if release.fingerprint == run.fingerprint:
                return self.parse_release(release)
        raise UsageError(
            f"the contract of {run.name} is not known",
            where=run.feed,
            why="the run was refused before any was approved",
        )

    def parse_release(self, release: Release) -> ContractFile:
        """A release's contract, as it was approved; where it has no policy of its own, under the project's of today."""
        return with_policy(parse(release.contract_text, name=f"release {release.id} of {release.feed}"), self.project)

    def require_release(self, contract: ContractFile) -> Release:
        """The approved release that this contract and this software are. Raises: NotApproved."""
        releases = self.store.releases(contract.contract.feed)
        wanted = self.fingerprint(contract)
        if releases and releases[0].fingerprint == wanted:
            return releases[0]
        changed = self._changed_since(releases[0], contract) if releases else ()
        raise NotApproved(
            "the contract is not approved",
            where=contract.name,
            why=_why_not(releases, wanted, changed),
            differences=changed,
            mend=_next_step(contract.contract.feed, releases),
        )

    def basis(self, feed: str, fingerprint: str) -> Release | None:
        """The release with which a contract of this fingerprint is compared before it is approved.

        It is the newest that was approved in the regular way: so one look shows all that emergencies changed since. Is
        the contract that very release, or was none approved in the regular way, it is the one in force. None where
        there is no other than the contract itself.
        """
        releases = self.store.releases(feed)
        regular = next((release for release in releases if not release.emergency), None)
        if regular is None or regular.fingerprint == fingerprint:
            regular = next(iter(releases), None)
        return None if regular is None or regular.fingerprint == fingerprint else regular

    def emergency(self, feed: str) -> Release | None:
        """The release in force, where it was approved in an emergency."""
        current = next(iter(self.store.releases(feed)), None)
        return current if current is not None and current.emergency else None

    def unacknowledged(self, feed: str, by: str) -> tuple[Release, ...]:
        """The releases that somebody still has to acknowledge, newest first; none of who is no operator."""
        if by not in self.project.settings.operators:
            return ()
        return unacknowledged(self.store.releases(feed), self.store.acknowledgements(feed), by)

    def not_acknowledged(self, feed: str) -> tuple[str, ...]:
        """The operators who still have to acknowledge a release of a feed."""
        return tuple(name for name in self.project.settings.operators if self.unacknowledged(feed, name))

    def emergency_of(self, run: Run) -> Release | None:
        """The release that a run was read under, where no regular approval of it has followed its emergency one."""
        read_under = [each for each in self.store.releases(run.feed) if each.fingerprint == run.fingerprint]
        return next((each for each in read_under[:1] if each.emergency), None)

    def changed_since(self, run: Run, contract: ContractFile) -> tuple[Release | None, tuple[Difference, ...]]:
        """The release that a run was read under, and what a contract means otherwise."""
        for release in self.store.releases(run.feed):
            if release.fingerprint == run.fingerprint:
                return release, self._changed_since(release, contract)
        return None, ()

    def baseline(self, feed: str) -> tuple[Measures, ...]:
        """What earlier published imports measured, the oldest first; not those taken back, nor those misread."""
        undone = self.undone(feed)
        whole = {run.repairs for run in self.store.repairs(feed) if _is_standing(run, undone) and not run.partial}
        return self.store.baseline(feed, without=undone | {repaired for repaired in whole if repaired is not None})

    def _changed_since(self, release: Release, contract: ContractFile) -> tuple[Difference, ...]:
        with suppress(ContractError):  # a release that only an earlier ringback could read
            return differences(self.parse_release(release), contract)
        return ()

    def undone(self, feed: str) -> frozenset[int]:
        """Runs that were taken back whole."""
        return undone(self.store.undos(feed))

    def last_import(self, feed: str) -> Run | None:
        """The newest published import that was not taken back."""
        return self.store.last_import(feed, without=self.undone(feed))

    def imports(self, feed: str) -> tuple[Run, ...]:
        """Published imports that were not taken back, newest first; corrections of others left aside."""
        return self.store.imports(feed, without=self.undone(feed))

    def require_run(self, run_id: int) -> Run:
        """One run. Raises: UsageError, when there is none."""
        run = self.store.run(run_id)
        if run is None:
            raise UsageError(f"there is no run R{run_id}", mend="list them: ringback runs")
        return run


def _next_step(feed: str, releases: tuple[Release, ...]) -> str:
    if releases:
        return f"see what it would change: ringback trial {feed}; if that is meant: ringback approve {feed}"
    return f"look at what it reads, then: ringback approve {feed}"


def _is_standing(run: Run, undone: frozenset[int]) -> bool:
    return run.outcome is Outcome.PUBLISHED and run.id not in undone


def software_since(release: Release) -> tuple[str, ...]:
    """What reads otherwise than at a release: "polars 1.9 -> 2.1"."""
    return software_moved(release.software, software())


def software_moved(then: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """What of the software is another: "polars 1.9 -> 2.1"."""
    return tuple(f"{name} {then.get(name, 'none')} -> {now[name]}" for name in now if now[name] != then.get(name))


def _why_not(releases: tuple[Release, ...], wanted: str, changed: tuple[Difference, ...]) -> str:
    if not releases:
        return "no release of this feed was ever approved"
    current = releases[0]
    moved = software_since(current)
    if moved:
        return f"the software that reads it changed since release {current.id}: {', '.join(moved)}"
    older = next((release for release in releases if release.fingerprint == wanted), None)
    if older is not None:
        return f"it is release {older.id}; release {current.id} was approved after it"
    since = f"since release {current.id}, approved by {current.approved_by} on {current.approved_at:%Y-%m-%d}"
    if not changed:
        return f"the policy in {PROJECT_FILE} was changed {since}"
    return f"it was changed {since}, in {count(len(changed), 'place')}"


@contextmanager
def open_place(start: Path | None, *, environ: Mapping[str, str]) -> Iterator[Place]:
    """Open the project that governs a folder; close its database afterwards."""
    project = load_project(start, environ=environ)
    store = open_store(target_of(project))
    try:
        yield Place(project=project, store=store, archive=Archive(project.folder / project.settings.archive))
    finally:
        store.close()


def target_of(project: Project) -> str:
    """A relative SQLite path belongs to the project's folder, not to where the command was called."""
    scheme, relative, path = project.settings.target.partition("sqlite:///")
    if relative and not scheme and not path.startswith(":"):
        return f"sqlite:///{project.folder / path}"
    return project.settings.target
