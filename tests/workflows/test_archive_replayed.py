"""The archive and the ledger are enough to make the live table again (promise I4)."""

from __future__ import annotations

from pathlib import Path

from ringback.model.run import Outcome, Run, RunKind
from ringback.workflows.place import open_place

from .office import Office, found_project

FIRST = ("0001;Ann;03/04/1980;12,50", "0002;Bob;31/12/1999;-1.234,00", "0003;Eve;;0,00")
SECOND = ("0001;Ann;03/04/1980;99,00", "0002;Bob;31/02/1999;1,00", "0004;New;03/04/1980;1,00")
THIRD = ("0001;Anna;03/04/1980;98,00", "0004;New;03/04/1980;2,00")
COLUMNS = ("name", "born_on", "balance", "closed")


def test_replaying_the_archive_gives_the_same_table(office: Office, tmp_path: Path) -> None:
    office.agree(missing="close")
    office.take_in(*FIRST)
    second = office.take_in(*SECOND)
    office.take_in_whatever(*THIRD)
    office.undo(second)

    replayed = _replayed(office, tmp_path / "again")

    assert replayed == office.live(COLUMNS)


def _replayed(office: Office, folder: Path) -> object:
    """The table that the archived bytes make in a new project, under the contract that was recorded."""
    found_project(folder, "sqlite:///again.db")
    (folder / "feeds" / "clients.yaml").write_text(office.place.store.releases("clients")[0].contract_text)
    with open_place(folder, environ={}) as place:
        again = Office(folder, f"sqlite:///{folder / 'again.db'}", place)
        again.agree(missing="close")
        for run in office.ledger():
            if run.outcome is Outcome.PUBLISHED:
                _replay(run, office, again)
        return again.live(COLUMNS)


def _replay(run: Run, office: Office, again: Office) -> None:
    if run.kind is RunKind.UNDO:
        again.undo(next(made for made in again.ledger() if made.id == run.undoes))
        return
    path = again.folder / str(run.file_name)
    with office.place.archive.open(str(run.sha256)) as stored:
        path.write_bytes(stored.read())
    again.take_in_file(path)
