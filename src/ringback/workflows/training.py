"""A training: an accident on a copy of a feed; a person finds it, names it, takes it back, and is told how well."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl

from ringback.contracts import find_project
from ringback.contracts.fault import nearest
from ringback.errors import UsageError
from ringback.model.canonical import to_text
from ringback.model.contract import Contract
from ringback.model.release import Release
from ringback.model.run import Run
from ringback.model.training import HINTS, Answer, Begun, Hint, Left, Noted, Result, State, Training, Trainings, Words
from ringback.steps.drill.accident import caller, words
from ringback.steps.drill.judge import left, points
from ringback.workflows.drill import Wanted as GroundWanted
from ringback.workflows.drill import drawn_rows
from ringback.workflows.import_file import Asked
from ringback.workflows.place import Place, open_place
from ringback.workflows.training_copy import Copying, Recipe, clear, live, make_way, seal, sealed

FOLDER = Path("ringback-training")
SAMPLE_ROWS = 20_000
DELIVERIES = 3  # of which a copy is made, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a training is to be."""

    folder: Path = FOLDER
    seed: int = 0  # makes the accident
    sample: int = SAMPLE_ROWS


def prepare(feed: str, place: Place, asked: Asked, wanted: Wanted) -> Begun:
    """Make the copy, with the night gone by; the clock has not begun.

    Raises: UsageError, where there is no delivery, or the folder is taken; StoreError.
    """
    release = next(iter(place.store.releases(feed)), None)
    if release is None:
        raise UsageError(f"no release of {feed} was approved yet", mend=f"ringback approve {feed}")
    recipe = Recipe(
        feed=feed,
        release=release,
        runs=_deliveries(feed, place, wanted),
        sample=wanted.sample,
        seed=wanted.seed,
    )
    copying = Copying(recipe, place, asked)
    make_way(wanted.folder)
    try:
        run = copying.make(wanted.folder)
    except BaseException:
        clear(wanted.folder)
        raise
    training = Training(
        id=0,
        feed=feed,
        by=asked.by,
        begun_at=asked.now,
        seed=recipe.seed,
        deliveries=tuple(each.id for each in recipe.runs),
        release=release.id,
        sample=recipe.sample,
        run=run.id,
    )
    return _told(training, wanted.folder, copying)


def begin(begun: Begun, place: Place, *, now: datetime) -> Begun:
    """Start the clock: the training is kept, and its folder marked."""
    training = place.store.train(replace(begun.training, begun_at=now), at=now)
    seal(begun.folder, training=training.id, feed=training.feed, project=place.project.folder)
    return replace(begun, training=training)


def places(project: Path | None, folder: Path | None) -> tuple[Path, Path | None]:
    """Where the copy is, and the project that it is made of: in the copy's own folder that project is meant.

    Raises: UsageError, when there is no project.
    """
    here = find_project(project)
    found = sealed(here)
    return (folder or FOLDER, project) if found is None else (here, found[2])


def under_way(feed: str, folder: Path, place: Place) -> Training:
    """The training that a folder is the copy of. Raises: UsageError."""
    found = sealed(folder)
    begun = f"begin one: ringback drill {feed} --train"
    if found is None:
        raise UsageError(f"no training is under way in {folder}", mend=f"{begun}; or name its folder: --folder DIR")
    number, of, _ = found
    training = next((each for each in place.store.trainings(of) if each.id == number), None)
    if of != feed or training is None:
        raise UsageError(f"{folder} is the copy of a training of {of}, not of {feed} in this project", mend=begun)
    if training.state is State.ENDED:
        raise UsageError(f"training {number} of {feed} has ended", mend=begun)
    return training


def hint(training: Training, place: Place, asked: Asked) -> Hint:
    """The next hint, for its points. Raises: UsageError, when there are no more."""
    if training.hints == len(HINTS):
        raise UsageError("there are no more hints", mend=f"ringback drill {training.feed} --train --done ends it")
    told, code = _recomputed(training, place, asked).accident.told, training.hints
    fields = " and ".join(told.fields)
    contract = place.parse_release(_release(training, place)).contract
    kinds = " and ".join(dict.fromkeys(contract.fields[name].type for name in told.fields if name in contract.fields))
    texts = (
        f"look at R{training.run}, the run of tonight; what was misread is of the type {kinds}",
        f"the field is {fields}",
        f"it is one of these: {', '.join(_three(told.code, told.fields, contract, seed=training.seed))}",
    )
    kept = place.store.train(replace(training, hints=training.hints + 1), at=asked.now)
    return Hint(training=kept, text=texts[code], cost=HINTS[code], left=len(HINTS) - kept.hints)


def name(training: Training, text: str, folder: Path, place: Place, asked: Asked) -> Training | Noted:
    """Take an answer, FIELD=MISREADING. Where something is taken back already, it ends the training.

    Raises: UsageError, where the answer is no field or no misreading: that is no wrong answer yet.
    """
    contract = place.parse_release(_release(training, place)).contract
    answer = _answer(text, contract, training.feed, asked.now)
    kept = place.store.train(replace(training, answer=answer), at=asked.now)
    if _taken_back(kept, folder):
        return end(kept, folder, place, asked)
    return Noted(training=kept, seconds=(asked.now - kept.begun_at).total_seconds())


def end(training: Training, folder: Path, place: Place, asked: Asked) -> Training:
    """Compare the copy with the truth, value by value, and keep how well it was done; it is `asked.now`."""
    copying = _recomputed(training, place, asked)
    with tempfile.TemporaryDirectory() as made:
        before, true = copying.truth(Path(made))
    with open_place(folder, environ={}) as copy:
        held = live(copy, copying.contract.contract)
    wrong = left(held, before=before, true=true, contract=copying.contract.contract)
    acts = _taken_back(training, folder)
    last = acts[-1].started_at if acts else asked.now if wrong.is_exact else None
    result = _result(training, copying, wrong, last=last, now=asked.now)
    return place.store.train(replace(training, result=result), at=asked.now)


def _result(training: Training, copying: Copying, wrong: Left, *, last: datetime | None, now: datetime) -> Result:
    """`last`: when the last thing was taken back."""
    accident, answer, contract = copying.accident, training.answer, copying.contract.contract
    seconds = None if last is None else (last - training.begun_at).total_seconds()
    is_field = answer is not None and answer.field in accident.told.fields
    is_misreading = answer is not None and is_field and accident.is_called(answer.code, answer.field, contract)
    return Result(
        at=now,
        accident=accident.told,
        left=wrong,
        is_field=is_field,
        is_misreading=is_misreading,
        found_seconds=(answer.at - training.begun_at).total_seconds() if answer else None,
        taken_back_seconds=seconds,
        points=points(
            is_field=is_field,
            is_misreading=is_misreading,
            is_exact=wrong.is_exact,
            taken_back_seconds=seconds,
            hints=training.hints,
        ),
    )


def records(feed: str, place: Place) -> Trainings:
    """All trainings of a feed, newest first; those that never ended too. Raises: UsageError; ContractError."""
    place.contract(feed)
    return Trainings(feed=feed, trainings=place.store.trainings(feed))


def names(feed: str, place: Place) -> Words:
    """All misreadings that a training of this feed can be about."""
    return Words(feed=feed, words=words(place.contract(feed).contract))


def _deliveries(feed: str, place: Place, wanted: Wanted) -> tuple[Run, ...]:
    """The newest that the release in force can read, oldest first. Raises: UsageError."""
    contract = place.parse_release(place.store.releases(feed)[0])
    found: list[Run] = []
    for run in place.imports(feed):
        with suppress(UsageError):
            drawn_rows(run, contract, place, GroundWanted(sample=1))
            found.append(run)
        if len(found) == DELIVERIES:
            break
    if not found:
        raise UsageError(f"there is no published delivery of {feed} to make a copy of", mend=f"ringback runs {feed}")
    return tuple(reversed(found))


def _told(training: Training, folder: Path, copying: Copying) -> Begun:
    contract = copying.contract.contract
    with open_place(folder, environ={}) as copy:
        held = live(copy, contract)
    key = caller(copying.accident, contract, held, seed=training.seed)
    texts = key.select(to_text(pl.col(each), key.schema[each]) for each in key.columns)
    return Begun(
        training=training,
        folder=folder,
        clients=held.height,
        caller=tuple(str(text) for text in texts.row(0)) if texts.height else (),
    )


def _release(training: Training, place: Place) -> Release:
    """The one that the copy is read under."""
    return next(each for each in place.store.releases(training.feed) if each.id == training.release)


def _recomputed(training: Training, place: Place, asked: Asked) -> Copying:
    """The recipe of a training, followed again: the same accident."""
    recipe = Recipe(
        feed=training.feed,
        release=_release(training, place),
        runs=tuple(place.require_run(number) for number in training.deliveries),
        sample=training.sample,
        seed=training.seed,
    )
    return Copying(recipe, place, asked)


def _taken_back(training: Training, folder: Path) -> list[Run]:
    """Runs of the copy that came after the accident and changed its table, oldest first."""
    with open_place(folder, environ={}) as copy:
        return list(copy.store.published_after(training.feed, training.run))


def _answer(text: str, contract: Contract, feed: str, at: datetime) -> Answer:
    field, mark, code = (part.strip() for part in text.partition("="))
    if not mark:
        raise UsageError("the answer is not written as FIELD=MISREADING", mend="as: --answer born_on=date.day_month")
    if field not in contract.fields:
        meant = nearest(field, contract.fields)
        raise UsageError(
            f"{field} is no field of {feed}",
            mend=f"did you mean {meant}?" if meant else f"{', '.join(contract.fields)}",
        )
    known = [word.code for word in words(contract)]
    if code not in known:
        meant = nearest(code, known)
        raise UsageError(
            f"{code} is no misreading that ringback knows",
            why=f"Did you mean {meant}?" if meant else "",
            mend=f"all names: ringback drill {feed} --train --names",
        )
    return Answer(field=field, code=code, at=at)


def _three(code: str, fields: tuple[str, ...], contract: Contract, *, seed: int) -> list[str]:
    """The misreading among two others that can happen to the field."""
    others = [word.code for word in words(contract) if set(word.fields) & set(fields) and word.code != code]
    draw = np.random.default_rng(seed)
    few = [others[int(place)] for place in draw.permutation(len(others))[:2]]
    return sorted([code, *few])
