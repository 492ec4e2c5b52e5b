"""The power goes off at each boundary of each act: all is as before it or as after it, and doing it again works.

Promises I1 to I5, I10 and I11 of the design, section 12.
"""

from __future__ import annotations

import hashlib
import shutil
import signal
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ringback.model.run import Outcome, Run, RunKind
from ringback.workflows.place import open_place

from .children import outcome, start
from .office import HEADER, Office, Values, found_project, live, query, run_sql

FIRST = ("0001;Ann;03/04/1980;12,50", "0002;Bob;31/12/1999;-1.234,00", "0003;Eve;;0,00", "0004;Old;01/01/1950;7,00")
SECOND = (
    "0001;Ann;03/04/1980;99,00",
    "0002;Bob;31/02/1999;1,00",  # no such day
    "0003;Eva;02/02/2002;0,00",
    "0005;Twin;03/04/1980;1,00",
    "0005;Twin;03/04/1980;2,00",
    "0006;New;03/04/1980;1,00",
)
CORRECTED = 'ringback_run,Client No,Name,Born,Balance\nR1,0002,Bob,28/02/1999,"1,00"\n'
State = tuple[int, dict[str, Values]]
DONE = {Outcome.PUBLISHED, Outcome.UNCHANGED, 102}  # now, or already; 102: it was released or undone already
COLUMNS = ("name", "born_on", "balance", "closed")


@dataclass(frozen=True)
class Act:
    """Something that a process does, and what has to be there before."""

    prepare: Callable[[Office], dict[str, object]]
    boundaries: int  # so many at least are announced
    publishes: bool = True


def _for_first_import(office: Office) -> dict[str, object]:
    office.file(*FIRST, name="next.csv")
    return {"act": "import", "file": "next.csv"}


def _for_import(office: Office) -> dict[str, object]:
    office.take_in(*FIRST)
    office.file(*SECOND, name="next.csv")
    return {"act": "import", "file": "next.csv"}


def _for_held_import(office: Office) -> dict[str, object]:
    order = _for_import(office)
    path = office.folder / "next.csv"
    path.write_text(path.read_text().replace(HEADER, f"{HEADER};New").replace("0\n", "0;\n"))  # nobody mapped "New"
    return order


def _for_release(office: Office) -> dict[str, object]:
    order = _for_held_import(office)
    held = office.take_in_file(office.folder / "next.csv")
    return {"act": "release", "run": held.id, "file": order["file"]}


def _for_undo(office: Office) -> dict[str, object]:
    office.take_in(*FIRST)
    return {"act": "undo", "run": office.take_in(*SECOND).id}


def _for_taking_back(office: Office) -> dict[str, object]:
    office.take_in(*FIRST)
    (office.folder / "next.csv").write_text(CORRECTED, encoding="utf-8")
    return {"act": "take", "run": office.take_in(*SECOND).id, "file": "next.csv"}


ACTS = {
    "first import": Act(_for_first_import, 19),
    "import": Act(_for_import, 21),
    "held import": Act(_for_held_import, 14, publishes=False),
    "release": Act(_for_release, 14),
    "undo": Act(_for_undo, 11),
    "taking corrected rows back": Act(_for_taking_back, 19),
}


@pytest.mark.parametrize("name", ACTS)
def test_when_the_power_goes_off_all_is_as_before_or_as_after(name: str, tmp_path: Path, sqlite: str) -> None:
    _cut_everywhere(ACTS[name], tmp_path, sqlite, step=3)


def test_when_the_power_goes_off_a_server_has_all_of_an_import_or_nothing(tmp_path: Path, postgresql: str) -> None:
    _cut_everywhere(ACTS["import"], tmp_path, postgresql, step=3)


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTS)
def test_whenever_the_power_goes_off_all_is_as_before_or_as_after(name: str, tmp_path: Path, target: str) -> None:
    _cut_everywhere(ACTS[name], tmp_path, target, step=1)


def _cut_everywhere(act: Act, tmp_path: Path, target: str, *, step: int) -> None:
    with _project(tmp_path / "origin", target) as office:
        office.agree(missing="close")
        order = act.prepare(office)
    before, after = _state(_within(tmp_path / "origin", target)), _undisturbed(tmp_path, target, order)
    assert (before != after) is act.publishes

    cut = 0
    while _is_cut(cut, tmp_path, target, order, states=[before, after], publishes=act.publishes):
        cut += step

    assert cut >= act.boundaries


def _is_cut(
    cut: int, tmp_path: Path, target: str, order: dict[str, object], *, states: list[State], publishes: bool
) -> bool:
    """Cut the act at a boundary; False, when it has no such boundary."""
    with _copy(tmp_path / "origin", tmp_path / "copy", target) as (folder, copied):
        told = outcome(start(folder, cut=cut, **order))
        if told != -signal.SIGKILL:
            assert told in {Outcome.PUBLISHED, Outcome.HELD}
            return False
        assert _state(copied) in states, f"cut at {cut}"
        again = outcome(start(folder, **order))
        assert again in (DONE if publishes else {Outcome.HELD}), f"cut at {cut}"
        assert _state(copied) == states[1], f"once more after it was cut at {cut}"
        _require_whole(folder, copied)
    return True


@contextmanager
def _project(folder: Path, target: str) -> Iterator[Office]:
    """A new project; one on SQLite has its database in its folder."""
    found_project(folder, "sqlite:///clients.db" if target.startswith("sqlite") else target)
    with open_place(folder, environ={}) as place:
        yield Office(folder, _within(folder, target), place)


def _within(folder: Path, target: str) -> str:
    return f"sqlite:///{folder / 'clients.db'}" if target.startswith("sqlite") else target


@contextmanager
def _copy(origin: Path, folder: Path, target: str) -> Iterator[tuple[Path, str]]:
    """The project as it was prepared, with a database of its own."""
    shutil.copytree(origin, folder)
    if target.startswith("sqlite"):
        yield folder, _within(folder, target)
    else:
        name, of = f"test_{uuid.uuid4().hex[:12]}", target.partition("?")[0].rpartition("/")[2]
        copied, server = target.replace(f"/{of}?", f"/{name}?"), target.replace(f"/{of}?", "/postgres?")
        (folder / "ringback.yaml").write_text(f"target: {copied}\n", encoding="utf-8")
        run_sql(server, f"create database {name} template {of}")
        yield folder, copied
        run_sql(server, f"drop database {name} with (force)")
    shutil.rmtree(folder)


def _undisturbed(tmp_path: Path, target: str, order: dict[str, object]) -> State:
    """What the act comes to when nothing happens."""
    with _copy(tmp_path / "origin", tmp_path / "copy", target) as (folder, copied):
        assert outcome(start(folder, **order)) in {Outcome.PUBLISHED, Outcome.HELD}
        _require_whole(folder, copied)
        return _state(copied)


def _state(target: str) -> State:
    """How many runs are published, and the table."""
    published = query(target, "select count(*) from ringback_run where outcome = 'published'")[0][0]
    return int(published), live(target, "clients", COLUMNS)


def _require_whole(folder: Path, target: str) -> None:
    """I2, I5, I11: each content once, every row somewhere, all that the ledger speaks of is there and nothing else."""
    with open_place(folder, environ={}) as place:
        office = Office(folder, target, place)
        runs = office.ledger()
        for run in runs:
            _require_complete(office, run)
    imports = [run.sha256 for run in runs if run.outcome is Outcome.PUBLISHED and run.kind is RunKind.IMPORT]
    assert len(imports) == len(set(imports))
    for table in ("ringback_quarantine", "ringback_history_clients"):
        assert query(target, f"select run from {table} where run not in (select id from ringback_run)") == []


def _require_complete(office: Office, run: Run) -> None:
    cells = office.history(run)
    changed = cells.filter(kind="changed").group_by("field").len()
    assert dict(changed.rows()) == run.changed_by_field
    assert run.rows.add_up() or run.kind is RunKind.UNDO
    rejects = list(office.place.store.rejects("clients", run.id))
    lines = sum(frame["line"].n_unique() for frame in rejects)
    assert lines == run.rows.quarantined + run.rows.duplicate
    with office.place.archive.open(str(run.sha256)) as stored:
        assert hashlib.sha256(stored.read()).hexdigest() == run.sha256
