"""A project on SQLite, and the command line run in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ringback.cli import app

CONTRACT = """feed: clients
key: [client_no]
source: {delimiter: ";"}
target: {table: clients}
fields:
  client_no: {from: Client No, type: string}
  born_on: {from: Born, type: date, format: "%d/%m/%Y"}
policy: {quarantined: {hold_above: 50 %}, shrunk: {hold_above: 100 %}}
"""


@dataclass(frozen=True)
class Told:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on stdout; fails where there is anything else."""
        told = json.loads(self.out)
        assert isinstance(told, dict)
        return told


Call = Callable[..., Told]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in the current folder; nobody looks at it as wide as a terminal."""
    (tmp_path / "ringback.yaml").write_text("target: sqlite:///clients.db\n", encoding="utf-8")
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "clients.yaml").write_text(CONTRACT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call() -> Call:
    """Runs a command: call("import", "clients", "a.csv")."""

    def call_it(*words: str) -> Told:
        result = CliRunner().invoke(app, list(words))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Told(result.exit_code, result.stdout, result.stderr)

    return call_it


@pytest.fixture
def deliver(folder: Path) -> Callable[..., str]:
    """Writes a delivery: deliver("a.csv", "0001;03/04/1980")."""

    def write(name: str, *rows: str, header: str = "Client No;Born") -> str:
        (folder / name).write_text("".join(f"{line}\n" for line in (header, *rows)), encoding="utf-8")
        return name

    return write
