"""The copy of a feed that a training is held on: a project of its own, made of archived deliveries.

It has its own database and archive. Of the feed itself only the archive, the ledger and the releases are read.
"""

from __future__ import annotations

import gzip
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

import polars as pl

from ringback.contracts.contract import ContractFile
from ringback.contracts.rewritten import rewritten
from ringback.errors import DeliveryRefused, UsageError
from ringback.model.contract import Contract, Source
from ringback.model.drill import Kind
from ringback.model.project import PROJECT_FILE
from ringback.model.release import Release
from ringback.model.rows import LINE
from ringback.model.run import Outcome, Run
from ringback.steps.drill.accident import Accident, accidents
from ringback.steps.drill.draw import Drawn
from ringback.steps.drill.ground import Ground
from ringback.steps.drill.written import rows_written, written
from ringback.steps.read import read
from ringback.workflows.drill import Wanted as GroundWanted
from ringback.workflows.drill import drawn_rows, ground_on
from ringback.workflows.import_file import Asked, import_let_through
from ringback.workflows.place import Place, open_place

SEAL = "training.json"  # marks a folder that a training made
_MADE = ("archive", "feeds", "inbox", "training.db", "training.db-wal", "training.db-shm", PROJECT_FILE, ".gitignore")
_UPDATE = "the night's update"  # who approved the contract that misreads


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a copy is made of; the same recipe makes the same copy."""

    feed: str
    release: Release
    runs: tuple[Run, ...]  # whose deliveries it gets, oldest first
    sample: int
    seed: int


@dataclass(frozen=True, slots=True)
class _Delivery:
    run: Run
    content: bytes


class Copying:
    """A recipe being followed."""

    def __init__(self, recipe: Recipe, real: Place, asked: Asked) -> None:
        self.recipe, self._real, self._asked = recipe, real, asked
        self.contract = _on_sqlite(real.parse_release(recipe.release), recipe.feed)
        self._wanted = GroundWanted(sample=recipe.sample, seed=recipe.seed)
        self._drawn = [drawn_rows(run, self.contract, real, self._wanted) for run in recipe.runs]
        self.ground: Ground = ground_on(self._drawn[-1], recipe.runs[-1], self.contract, real, self._wanted)
        self.accident, self._mutant = self._chosen()

    def make(self, folder: Path) -> Run:
        """The copy with the night gone by. Returns: the run that took the accident in."""
        source = self.contract.contract.source
        with self._founded(folder) as place:
            self._take_in_older(place)
            content = _packed(self._content(self._drawn[-1], source), source, self._newest.file_name or "")
            if self.accident.attempt.kind is Kind.CONTRACT:
                self._update(place)
            else:
                content = _packed(_mutated(self.accident, self.ground, source), source, self._newest.file_name or "")
            return self._take_in(_Delivery(self._newest, content), place, self._asked)

    def truth(self, folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The live table as it was before the night, and as it had been after one without an accident."""
        with self._founded(folder) as place:
            self._take_in_older(place)
            before = live(place, self.contract.contract)
            if len(self._drawn) == 1:
                return before, before
            self._take_in(self._delivery(-1), place, self._asked)
            return before, live(place, self.contract.contract)

    @property
    def _newest(self) -> Run:
        return self.recipe.runs[-1]

    def _chosen(self) -> tuple[Accident, ContractFile]:
        """The first accident that a file or a contract's text can say. Raises: UsageError."""
        # of a single delivery the content would come twice: under another contract it would have nothing to do
        kinds = tuple(Kind) if len(self._drawn) > 1 else (Kind.DELIVERY,)
        for accident in accidents(self.ground, seed=self.recipe.seed, kinds=kinds):
            if accident.attempt.kind is Kind.CONTRACT:
                mutant = rewritten(self.contract, accident.attempt.contract)
                if mutant is not None:
                    return accident, mutant
            elif _reads_back(accident, self.ground, self.contract.contract.source):
                return accident, self.contract
        raise UsageError(
            f"no accident can be played on {self.recipe.feed}",
            why=f"the delivery of {self._newest.name} has too few rows for one to be found by looking",
            mend="try another feed, or when larger deliveries have come",
        )

    @contextmanager
    def _founded(self, folder: Path) -> Iterator[Place]:
        """A project with the contract in force."""
        for part in ("feeds", "inbox"):
            (folder / part).mkdir(parents=True)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")  # client records are in here
        (folder / PROJECT_FILE).write_text(_project_text(self._real), encoding="utf-8")
        with open_place(folder, environ={}) as place:
            self._approve(self.contract, self.recipe.release, place)
            yield place

    def _approve(self, contract: ContractFile, like: Release, place: Place) -> None:
        place.project.contract_path(self.recipe.feed).write_text(contract.text, encoding="utf-8")
        release = replace(
            like, fingerprint=place.fingerprint(place.contract(self.recipe.feed)), contract_text=contract.text
        )
        newest = next((each.id for each in place.store.releases(self.recipe.feed)), None)
        place.store.approve(replace(release, trial=None, evidence=None), after=newest, by=release.approved_by)

    def _update(self, place: Place) -> None:
        like = replace(
            self.recipe.release,
            approved_by=_UPDATE,
            approved_at=self._asked.now,
            author=None,
            reason="the update of tonight",
            notes="An update, not tried before.",
            emergency=False,
        )
        self._approve(self._mutant, like, place)

    def _take_in_older(self, place: Place) -> None:
        """All deliveries but the newest, as they came; of a single one, that."""
        older = range(max(1, len(self._drawn) - 1))
        for number in older:
            delivery = self._delivery(number)
            self._take_in(delivery, place, replace(self._asked, now=delivery.run.started_at, by=delivery.run.by))

    def _delivery(self, number: int) -> _Delivery:
        run, source = self.recipe.runs[number], self.contract.contract.source
        content = self._content(self._drawn[number], source)
        return _Delivery(run, _packed(content, source, run.file_name or ""))

    def _content(self, drawn: Drawn, source: Source) -> bytes:
        return written(drawn.header, drawn.texts, source)

    def _take_in(self, delivery: _Delivery, place: Place, asked: Asked) -> Run:
        path = place.project.folder / "inbox" / (delivery.run.file_name or f"{self.recipe.feed}.csv")
        path.write_bytes(delivery.content)
        run = import_let_through(path, self.recipe.feed, place, replace(asked, by=delivery.run.by)).run
        if run.outcome is not Outcome.PUBLISHED:
            told = f"the delivery of {delivery.run.name} cannot be taken into a copy: it would be {run.outcome}"
            raise UsageError(told, where=self.recipe.feed, why=next((each.why for each in run.findings), ""))
        return run


def live(place: Place, contract: Contract) -> pl.DataFrame:
    """The live table: the contract's fields."""
    frames = [frame.select(list(contract.fields)) for frame in place.store.held(contract)]
    empty = pl.DataFrame(schema={name: spec.dtype for name, spec in contract.fields.items()})
    return pl.concat([empty, *frames])


def make_way(folder: Path) -> None:
    """Require a folder that is not there, or empty. Raises: UsageError."""
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        under_way = (folder / SEAL).is_file()
        raise UsageError(
            f"{folder} is there already" + (": a training is under way in it" if under_way else ""),
            mend="end that one first: ringback drill FEED --train --done"
            if under_way
            else "name another: --folder DIR",
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def seal(folder: Path, *, training: int, feed: str, project: Path) -> None:
    """Mark the folder."""
    told = {"training": training, "feed": feed, "project": str(project)}
    (folder / SEAL).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def sealed(folder: Path) -> tuple[int, str, Path] | None:
    """(training, feed, project) of a folder that a training made; None of any other."""
    try:
        told = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        return int(told["training"]), str(told["feed"]), Path(told["project"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def clear(folder: Path) -> None:
    """Take away what a training made: client records are in it. What somebody put beside it stays."""
    for name in (*_MADE, SEAL):
        made = folder / name
        if made.is_dir() and not made.is_symlink():
            shutil.rmtree(made)
        else:
            made.unlink(missing_ok=True)
    if folder.resolve() != Path.cwd():  # somebody stands in it
        with suppress(OSError):
            folder.rmdir()


def _project_text(real: Place) -> str:
    """Its own database; the policy of the project, so that the guard is as strict. Alerts and people are left out."""
    policy = real.project.settings.policy
    told = "" if policy is None else f"policy: {json.dumps(policy.model_dump(mode='json', by_alias=True))}\n"
    return f"target: sqlite:///training.db\n{told}"


def _on_sqlite(contract: ContractFile, feed: str) -> ContractFile:
    """As the copy's database takes it: SQLite knows no schemas."""
    plain = contract.contract.target.model_copy(update={"schema_name": None})
    found = rewritten(contract, contract.contract.model_copy(update={"target": plain}))
    assert found is not None  # noqa: S101 - a key less
    policy = {"policy": contract.contract.policy}
    return replace(found, contract=found.contract.model_copy(update=policy), name=f"feeds/{feed}.yaml")


def _mutated(accident: Accident, ground: Ground, source: Source) -> bytes:
    return written(ground.header, rows_written(accident.attempt.rows.drop(LINE), source), source)


def _reads_back(accident: Accident, ground: Ground, source: Source) -> bool:
    """Whether the file has just the rows that the accident makes."""
    plain = source.model_copy(update={"member": None})
    try:
        content = io.BytesIO(_mutated(accident, ground, plain))
        chunks = list(read(content, plain, file_name="copy.csv").chunks())
    except (pl.exceptions.PolarsError, ValueError, DeliveryRefused):
        return False
    rows = pl.concat([chunk.rows for chunk in chunks]) if chunks else pl.DataFrame()
    return not any(chunk.rejects.height for chunk in chunks) and rows.drop(LINE, strict=False).equals(
        accident.attempt.rows.drop(LINE)
    )


def _packed(content: bytes, source: Source, file_name: str) -> bytes:
    """As the file's name says: gzip, zip, or as it is."""
    suffix = PurePath(file_name).suffix.lower()
    if suffix == ".gz":
        return gzip.compress(content, mtime=0)
    if suffix != ".zip":
        return content
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr((source.member or "clients.csv").replace("*", "1").replace("?", "1"), content)
    return stream.getvalue()
