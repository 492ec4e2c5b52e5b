"""A place made of a sample: its deliveries imported under the contract in force, into a database that is thrown away.

So a trial and a drill find what they find anywhere: held records, earlier deliveries, learned limits.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from ringback.contracts import ContractFile
from ringback.errors import RingbackError, UsageError
from ringback.model.policy import Policy
from ringback.model.project import Project, ProjectFile
from ringback.model.release import Release
from ringback.model.run import Outcome
from ringback.model.sample import MANIFEST, SampleFile
from ringback.store import open_store
from ringback.store.archive import Archive
from ringback.workflows.approve import Wanted as Approving
from ringback.workflows.approve import approve
from ringback.workflows.import_file import Asked, import_file
from ringback.workflows.place import Place
from ringback.workflows.release import release_run


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePlace(Place):
    """A place without the schemas of a server's database."""

    remarks: tuple[str, ...] = ()

    def contract(self, feed: str) -> ContractFile:
        """The working copy."""
        return _local(Place.contract(self, feed))

    def parse_release(self, release: Release) -> ContractFile:
        """A release's contract."""
        return _local(Place.parse_release(self, release))


def read_sample(folder: Path, feed: str) -> SampleFile:
    """What a sample of a feed has. Raises: UsageError."""
    path = folder / feed / MANIFEST
    try:
        return SampleFile.from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError):
        raise UsageError(
            f"there is no sample of {feed}",
            where=str(path),
            mend=f"Write one where the archive is: ringback archive export {feed} {folder} --scramble",
        ) from None


def sampled_feeds(folder: Path) -> tuple[str, ...]:
    """The feeds that a folder has samples of."""
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{MANIFEST}")))


@contextmanager
def sample_place(
    sample: SampleFile, folder: Path, base: ContractFile, policy: Policy | None, asked: Asked
) -> Iterator[SamplePlace]:
    """A place whose release is `base` and whose imports are the sample's deliveries, oldest first.

    folder: of the sample. policy: of the project, where the contract has none.
    """
    with tempfile.TemporaryDirectory(prefix="ringback-sample-") as scratch:
        project = Project(
            folder=Path(scratch), settings=ProjectFile(target=f"sqlite:///{scratch}/sample.db", policy=policy)
        )
        store = open_store(project.settings.target)
        try:
            place = SamplePlace(project=project, store=store, archive=Archive(Path(scratch) / "archive"))
            write_contract(place, base)
            approve(sample.feed, place, asked, Approving(reason="in force"))
            yield replace(place, remarks=tuple(_imported(sample, folder, place, asked)))
        finally:
            store.close()


def write_contract(place: Place, contract: ContractFile) -> None:
    """Make a contract the working copy."""
    path = place.project.contract_path(contract.contract.feed)
    path.parent.mkdir(exist_ok=True)
    path.write_text(contract.text, encoding="utf-8")


def with_working(place: SamplePlace, working: ContractFile, policy: Policy | None) -> SamplePlace:
    """The same place with another working copy, under the project's policy of today."""
    write_contract(place, working)
    settings = place.project.settings.model_copy(update={"policy": policy})
    return replace(place, project=replace(place.project, settings=settings))


def _imported(sample: SampleFile, folder: Path, place: Place, asked: Asked) -> Iterator[str]:
    """Import all of them; what is held is released: it was published where it comes from. Yields what was not taken."""
    for each in sample.deliveries:
        path = folder / sample.feed / each.folder / each.file_name
        try:
            run = import_file(path, sample.feed, place, asked).run
            if run.outcome is Outcome.HELD:
                run = release_run(run.id, place, asked).run
        except RingbackError as error:
            yield f"{each.file_name} of the sample was left out: {error.what}."
            continue
        if run.outcome is Outcome.REFUSED:
            codes = ", ".join(dict.fromkeys(finding.code for finding in run.findings))
            yield f"{each.file_name} of the sample was left out: the contract in force refuses it ({codes})."


def _local(contract: ContractFile) -> ContractFile:
    target = contract.contract.target.model_copy(update={"schema_name": None})
    return replace(contract, contract=contract.contract.model_copy(update={"target": target}))
