"""Operators at the command line: what they are told first, and how they are trained."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import ringback


@pytest.fixture
def manned(folder: Path, call: Any) -> Path:
    """A project with an approved contract and the operators ben and cora."""
    (folder / "ringback.yaml").write_text("target: sqlite:///clients.db\noperators: [ben, cora]\n", encoding="utf-8")
    assert call("approve", "clients", "--by", "ana", "--note", "Dates are\nBritish.").code == 0
    return folder


def test_an_operator_is_told_the_notes_on_stderr_before_his_import_and_in_its_json(
    manned: Path, call: Any, deliver: Callable[..., str]
) -> None:
    told = call("import", "clients", deliver("one.csv", "0001;03/04/1980"), "--by", "ben")
    json = call("import", "clients", deliver("two.csv", "0001;03/04/1980", "0002;03/04/1980"), "--by", "ben", "--json")
    others = call("import", "clients", deliver("three.csv", "0003;03/04/1980"), "--by", "loader", "--json")

    assert told.code == 0
    assert told.err.splitlines()[0].startswith("NEW TO ben: release 1 of clients, approved by ana on ")
    assert told.err.splitlines()[1:4] == [
        "  Dates are",
        "  British.",
        "If this is clear: ringback acknowledge clients --by ben",
    ]
    assert told.out.startswith("published R1")
    assert json.json["unacknowledged"] == [{"release": 1, "notes": "Dates are\nBritish.", "approved_by": "ana"}]
    assert others.json["unacknowledged"] == []


def test_after_the_acknowledgement_imports_are_silent_again(
    manned: Path, call: Any, deliver: Callable[..., str]
) -> None:
    first = call("acknowledge", "clients", "--by", "ben", "--json")
    again = call("acknowledge", "clients", "--by", "ben", "--json")
    told = call("import", "clients", deliver("one.csv", "0001;03/04/1980"), "--by", "ben")
    status = call("status", "--json")

    assert first.json["releases"][0]["release"] == 1
    assert (again.code, again.json["releases"], again.json["before"]) == (0, [], 1)
    assert told.err == ""
    assert status.json["feeds"][0]["not_acknowledged"] == ["cora"]
    assert call("check", "--audit-trail").code == 0


def test_notes_come_from_a_file_too_but_not_from_both(manned: Path, call: Any) -> None:
    (manned / "notes.txt").write_text("Look at the dates.\n", encoding="utf-8")
    words = ("approve", "clients", "--emergency", "--reason", "now")
    contract = manned / "feeds" / "clients.yaml"
    contract.write_text(contract.read_text(encoding="utf-8").replace("%d/%m", "%m/%d"), encoding="utf-8")

    both = call(*words, "--note", "x", "--note-file", "notes.txt")
    told = call(*words, "--note-file", "notes.txt", "--json")

    assert (both.code, told.code) == (2, 0)
    assert told.json["notes"] == "Look at the dates."
    assert told.json["operators"] == ["ben", "cora"]


def test_a_plan_of_an_approval_writes_nothing(folder: Path, call: Any) -> None:
    told = call("approve", "clients", "--plan")

    assert told.code == 0
    assert "First release: 2 fields of each client are read (client_no, born_on)" in told.out
    assert not (folder / "clients.db").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(("typed", "notes"), [("right\n\n", "First release"), ("right\nAsk Ben.\n", "Ask Ben.")])
def test_at_a_terminal_the_notes_are_shown_and_may_be_others(folder: Path, typed: str, notes: str) -> None:
    import pty

    (folder / "ringback.yaml").write_text("target: sqlite:///clients.db\noperators: [ben]\n", encoding="utf-8")
    ours, theirs = pty.openpty()
    program = "from ringback.cli import main; main()"
    with os.fdopen(ours, "wb", buffering=0) as person:
        person.write(typed.encode())
        told = subprocess.run(
            [sys.executable, "-c", program, "approve", "clients"],
            stdin=theirs,
            capture_output=True,
            text=True,
            check=True,
        )
        os.close(theirs)
    release = ringback.approve("clients", by="ana", project=folder).release

    assert "notes for operators:\n    First release: 2 fields" in told.stderr
    assert "Other notes for operators (Enter keeps those above)" in told.stderr
    assert release.reason == "right"
    assert str(release.notes).startswith(notes)


def test_a_person_is_trained_from_the_copys_own_folder(
    folder: Path, call: Any, deliver: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    call("approve", "clients")
    born = [date(1950, 1, 1) + timedelta(days=397 * number) for number in range(60)]
    rows = [f"{number:04};{day:%d/%m/%Y}" for number, day in enumerate(born)]
    call("import", "clients", deliver("one.csv", *rows[:59]))
    call("import", "clients", deliver("two.csv", *rows))
    begun = call("drill", "clients", "--train", "--seed", "5", "--by", "ben", "--json").json

    monkeypatch.chdir(folder / begun["folder"])
    runs = call("runs", "--json").json["runs"]
    story = call("explain", "clients", shlex.join(begun["caller"]))
    undone = call("undo", begun["run"])
    given_up = call("drill", "clients", "--train", "--done", "--json").json

    assert [run["verdict"] for run in runs] == ["published", "published"]
    assert (story.code, undone.code) == (0, 0)
    assert given_up["right"] == {"field": False, "misreading": False, "exact": True}
    assert given_up["accident"]["fields"] == ["born_on"]
    assert [path.name for path in folder.glob("ringback-training/*")] == []
    monkeypatch.chdir(folder)
    assert call("drill", "clients", "--train", "--records", "--json").json["trainings"] == [given_up]
    assert call("runs", "--json").json["runs"][0]["file"] == "two.csv"
