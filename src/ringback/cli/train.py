"""drill --train: an accident on a copy of a feed, for a person to find, name and take back."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ringback.cli.frame import asked, opened, remark, tell
from ringback.errors import UsageError
from ringback.model.training import Noted, Training
from ringback.report.training import begun_text, ended_text, hint_text, names_text, noted_text, records_text
from ringback.workflows import training
from ringback.workflows.import_file import Asked
from ringback.workflows.place import Place
from ringback.workflows.training_copy import clear

_SEEDS = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What `drill --train` is called with."""

    feed: str
    answer: str | None = None
    hint: bool = False
    done: bool = False
    names: bool = False
    records: bool = False
    folder: Path | None = None
    keep: bool = False
    seed: int | None = None
    sample: int = training.SAMPLE_ROWS
    by: str | None = None
    json: bool = False

    @property
    def steps(self) -> dict[str, bool]:
        """Which of them is asked for, by option."""
        return {
            "--answer": self.answer is not None,
            "--hint": self.hint,
            "--done": self.done,
            "--names": self.names,
            "--records": self.records,
        }


def train(asking: Asking, project: Path | None) -> None:
    """Begin, or go one step on. In the copy's own folder the project that it was made of is meant."""
    chosen = [option for option, is_chosen in asking.steps.items() if is_chosen]
    if len(chosen) > 1:
        raise UsageError(f"{' and '.join(chosen)} cannot both be meant", mend="give them one after the other")
    folder, project = training.places(project, asking.folder)
    steps: dict[str, Callable[[Asking, Path, Place, Asked], None]] = {
        "--answer": _answer,
        "--hint": _hint,
        "--done": _done,
        "--names": _names,
        "--records": _records,
    }
    with opened(project) as place, asked(asking.by) as request:
        steps[chosen[0]](asking, folder, place, request) if chosen else _begin(asking, folder, place, request)


def _begin(asking: Asking, folder: Path, place: Place, request: Asked) -> None:
    seed = secrets.randbelow(_SEEDS) if asking.seed is None else asking.seed
    wanted = training.Wanted(folder=folder, seed=seed, sample=asking.sample)
    if not asking.json:
        remark("making the copy; the clock does not run yet ...")
    prepared = training.prepare(asking.feed, place, request, wanted)
    begun = training.begin(prepared, place, now=datetime.now(UTC))
    tell(begun, lambda: begun_text(begun), json=asking.json)


def _answer(asking: Asking, folder: Path, place: Place, request: Asked) -> None:
    under_way = training.under_way(asking.feed, folder, place)
    told = training.name(under_way, asking.answer or "", folder, place, request)
    if isinstance(told, Noted):
        tell(told, lambda: noted_text(told), json=asking.json)
    else:
        _end(told, asking, folder)


def _done(asking: Asking, folder: Path, place: Place, request: Asked) -> None:
    under_way = training.under_way(asking.feed, folder, place)
    _end(training.end(under_way, folder, place, request), asking, folder)


def _end(ended: Training, asking: Asking, folder: Path) -> None:
    if not asking.keep:
        clear(folder)
    tell(ended, lambda: ended_text(ended, is_kept=asking.keep), json=asking.json)


def _hint(asking: Asking, folder: Path, place: Place, request: Asked) -> None:
    told = training.hint(training.under_way(asking.feed, folder, place), place, request)
    tell(told, lambda: hint_text(told), json=asking.json)


def _names(asking: Asking, folder: Path, place: Place, request: Asked) -> None:
    del folder, request
    told = training.names(asking.feed, place)
    tell(told, lambda: names_text(told), json=asking.json)


def _records(asking: Asking, folder: Path, place: Place, request: Asked) -> None:
    del folder, request
    told = training.records(asking.feed, place)
    tell(told, lambda: records_text(told), json=asking.json)
