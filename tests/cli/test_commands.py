"""The command line: exit codes, one JSON object, remarks elsewhere, and no client values where none belong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ringback
from ringback.cli import _COMMANDS
from ringback.errors import RingbackError

from .conftest import CONTRACT

SECRET = "SENTINEL-7391"
WORDS = ("words", "code", "key")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one published run (R1), one held (R2), and one row in quarantine."""
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "ringback.yaml").write_text("target: sqlite:///clients.db\n", encoding="utf-8")
    (folder / "feeds").mkdir()
    (folder / "feeds" / "clients.yaml").write_text(CONTRACT, encoding="utf-8")
    ringback.approve("clients", by="owner", project=folder)
    for name, text in {
        "one.csv": f"Client No;Born\n0001;03/04/1980\n0002;31/12/1999\n0003;{SECRET}\n",
        "two.csv": "Client No;Born;New\n0001;05/04/1980;x\n",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
        ringback.import_file("clients", folder / name, by="owner", project=folder)
    return folder


@pytest.fixture
def ready(prepared: Path, folder: Path) -> Path:
    """A copy of the prepared project, as the current folder."""
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    return folder


CASES = [  # words, exit code, a key of the JSON object
    (("check",), 0, "faults"),
    (("check", "--audit-trail"), 0, "audit_trail"),
    (("check", "--head", "abc"), 2, "error"),
    (("check", "--head", "0" * 64), 4, "audit_trail"),
    (("check", "--offline"), 0, "examples"),
    (("check", "--examples", "--accept", "clients"), 0, "examples"),
    (("check", "--accept"), 2, "error"),
    (("ci",), 0, "answer"),
    (("ci", "--sample", "nowhere"), 2, "error"),
    (("archive", "export", "clients", "samples", "--scramble"), 0, "scrambled"),
    (("archive", "export", "nobody", "samples"), 2, "error"),
    (("approve", "clients"), 0, "fingerprint"),
    (("approve", "clients", "--emergency", "--reason", "now", "--author", "ana"), 0, "emergency"),
    (("approve", "clients", "--plan"), 0, "notes"),
    (("approve", "clients", "--note", "", "--emergency", "--reason", "now"), 2, "error"),
    (("approve", "clients", "--note-file", "nowhere.txt"), 2, "error"),
    (("acknowledge", "clients", "--by", "ben"), 2, "error"),
    (("status",), 0, "feeds"),
    (("plan", "clients", "one.csv"), 0, "verdict"),
    (("plan", "clients", "two.csv"), 3, "changed"),
    (("plan", "clients", "nowhere.csv"), 4, "verdict"),
    (("import", "clients", "one.csv"), 0, "verdict"),
    (("import", "clients", "two.csv"), 3, "seconds"),
    (("import", "clients", "nowhere.csv"), 4, "findings"),
    (("import", "nobody", "one.csv"), 2, "error"),
    (("release", "R2"), 0, "seconds"),
    (("release", "R1"), 2, "error"),
    (("drop", "R2"), 0, "verdict"),
    (("drop", "R9"), 2, "error"),
    (("runs",), 0, "runs"),
    (("runs", "clients", "--limit", "1"), 0, "runs"),
    (("show", "R1"), 0, "changed"),
    (("show", "r2", "--field", "born_on"), 0, "changed"),
    (("show", "R2", "--field", "shoe_size"), 2, "error"),
    (("show", "19"), 2, "error"),
    (("explain", "clients", "0001"), 0, "fields"),
    (("explain", "clients", "0001", "born_on"), 0, "fields"),
    (("explain", "clients", "7777"), 2, "error"),
    (("undo", "R1"), 0, "restored"),
    (("undo", "R1", "--plan"), 0, "restored"),
    (("undo", "R1", "--key", "0001"), 0, "kept"),
    (("undo", "R2"), 2, "error"),
    (("repair", "R1"), 0, "repaired"),
    (("repair", "R1", "--plan"), 0, "right"),
    (("repair", "R2"), 2, "error"),
    (("repair", "R1", "--key", "1,2"), 2, "error"),
    (("quarantine", "clients"), 0, "rows"),
    (("quarantine", "clients", "--export", "rejects.csv"), 0, "row_count"),
    (("quarantine", "clients", "--take", "one.csv"), 2, "error"),
    (("drill", "clients"), 0, "score"),
    (("drill", "clients", "--run", "R1", "--sample", "2", "--seed", "7"), 0, "tried"),
    (("drill", "clients", "--run", "R2"), 2, "error"),
    (("drill", "nobody"), 2, "error"),
    (("drill", "clients", "--hint"), 2, "error"),
    (("drill", "clients", "--train", "--run", "R1"), 2, "error"),
    (("drill", "clients", "--train", "--hint"), 2, "error"),
    (("drill", "clients", "--train", "--hint", "--done"), 2, "error"),
    (("drill", "clients", "--train", "--answer", "born_on=date.day_month"), 2, "error"),
    (("drill", "clients", "--train", "--names"), 0, "misreadings"),
    (("drill", "clients", "--train", "--records"), 0, "trainings"),
    (("trial", "clients"), 0, "trial"),
    (("trial", "nobody"), 2, "error"),
    (("docs", "--all"), 0, "written"),
    (("docs", "clients", "--only-written", "--into", "site"), 0, "strays"),
    (("docs",), 2, "error"),
    (("docs", "nobody"), 2, "error"),
    (("incident",), 0, "incidents"),
    (("incident", "--feed", "clients", "--open"), 0, "incidents"),
    (("incident", "show", "1"), 0, "entries"),
    (("incident", "show", "9"), 2, "error"),
    (("incident", "open", "clients", "--complaint", "wrong", "--at", "2026-08-10T09:00"), 0, "incident"),
    (("incident", "open", "clients", "--at", "yesterday"), 2, "error"),
    (("incident", "note", "1", "looked at", "--measure", "approvers"), 0, "entries"),
    (("incident", "note", "1", "--found", "the line", "--run", "R1"), 0, "runs"),
    (("incident", "note", "1"), 2, "error"),
    (("incident", "close", "1", "--conclusion", "mended"), 0, "conclusion"),
    (("postmortem", "1"), 0, "timeline"),
    (("postmortem", "9"), 2, "error"),
    (("read", "one.csv"), 0, "doubts"),
    (("read", "two.csv", "--head", "1"), 0, "rows"),
    (("read", "one.csv", "--contract", "clients"), 0, "row_count"),
    (("read", "one.csv", "--contract", "nobody"), 2, "error"),
    (("read", "nowhere.csv"), 4, "error"),
    (("serve",), 2, "error"),
    (("serve", "--prepare"), 2, "error"),
    (("init", "nowhere.csv", "--project", "new"), 4, "error"),
    (("init", "one.csv", "--project", "new", "--decide", "nothing"), 2, "error"),
]


@pytest.mark.parametrize(
    ("words", "code", "key"), CASES, ids=lambda part: " ".join(part) if type(part) is tuple else ""
)
def test_every_command_has_its_exit_code_and_prints_one_json_object(
    ready: Path, call: Any, words: tuple[str, ...], code: int, key: str
) -> None:
    told = call(*words, "--json")

    assert told.code == code
    assert key in told.json
    assert told.err == ""


@pytest.mark.parametrize(
    ("words", "code", "key"), CASES, ids=lambda part: " ".join(part) if type(part) is tuple else ""
)
def test_without_json_results_go_to_stdout_and_errors_to_stderr(
    ready: Path, call: Any, words: tuple[str, ...], code: int, key: str
) -> None:
    told = call(*words)

    assert told.code == code
    assert bool(told.out) is (key != "error")
    assert bool(told.err) is (key == "error")
    assert SECRET not in told.err


def test_every_command_is_among_the_cases() -> None:
    assert {*_COMMANDS} - {words[0] for words, _, _ in CASES} == {"demo"}


def test_a_drill_tells_no_value_of_a_client(ready: Path, call: Any, deliver: Callable[..., str]) -> None:
    call("import", "clients", deliver("three.csv", *(f"{SECRET}-{number};05/04/1980" for number in range(30))))

    told = call("drill", "clients"), call("drill", "clients", "--json")

    assert [one.code for one in told] == [0, 0]
    assert all(SECRET not in one.out + one.err and "05/04/1980" not in one.out for one in told)


def test_the_json_of_an_import_is_what_the_design_says(ready: Path, call: Any, deliver: Callable[..., str]) -> None:
    told = call("import", "clients", deliver("three.csv", "0001;05/04/1980", f"0004;{SECRET}"), "--json").json

    assert {"run", "feed", "file", "verdict", "rows", "missing", "fields", "findings", "seconds"} <= set(told)
    assert told["rows"] == {
        "read": 2,
        "added": 0,
        "changed": 1,
        "unchanged": 0,
        "quarantined": 1,
        "duplicate": 0,
        "skipped": 0,
    }
    assert (told["verdict"], told["fields"]) == ("published", {"born_on": {"changed": 1}})
    (finding,) = told["findings"]
    wanted = ["code", "severity", "field", "row_count", "why", "mend", "misreading", "share_explained", "line"]
    assert set(wanted) <= set(finding)
    assert (finding["code"], finding["field"], finding["line"]) == ("date.unreadable", "born_on", 7)


def test_an_import_ends_with_the_first_file_that_is_not_published(
    ready: Path, call: Any, deliver: Callable[..., str]
) -> None:
    files = [deliver(f"{number}.csv", f"0001;0{number}/04/1980") for number in range(1, 4)]
    deliver("2.csv", "0001;02/04/1980;x", header="Client No;Born;New")

    told = call("import", "clients", *files, "--json")

    assert told.code == 3
    assert [one["verdict"] for one in told.json["imports"]] == ["published", "held"]
    assert told.json["not_begun"] == 1


def test_an_import_of_several_good_files_takes_them_in_their_order(
    ready: Path, call: Any, deliver: Callable[..., str]
) -> None:
    files = [deliver(f"{number}.csv", f"0001;0{number}/04/1980") for number in range(1, 4)]

    told = call("import", "clients", *files, "--json")

    assert (told.code, told.json["not_begun"]) == (0, 0)
    assert call("explain", "clients", "0001", "born_on", "--json").json["fields"]["born_on"]["now"] == "1980-04-03"


def test_a_contract_with_faults_tells_all_of_them_and_where(folder: Path, call: Any) -> None:
    path = folder / "feeds" / "clients.yaml"
    path.write_text(path.read_text().replace("type: date", "type: dat").replace("key:", "kee:"), encoding="utf-8")

    plain, told = call("import", "clients", "one.csv"), call("import", "clients", "one.csv", "--json")

    assert (plain.code, told.code) == (2, 2)
    faults = told.json["error"]["faults"]
    assert len(faults) >= 2
    assert all(fault in plain.err for fault in faults)
    assert call("check").code == 2


def test_an_unapproved_contract_is_refused_with_what_to_do(
    folder: Path, call: Any, deliver: Callable[..., str]
) -> None:
    told = call("import", "clients", deliver("one.csv", "0001;03/04/1980"))

    assert told.code == 4
    assert "ringback approve clients" in told.out


def test_a_changed_contract_is_refused_until_it_was_tried(ready: Path, call: Any) -> None:
    contract = ready / "feeds" / "clients.yaml"
    contract.write_text(CONTRACT.replace("%d/%m/%Y", "%m/%d/%Y"), encoding="utf-8")

    untried = call("approve", "clients")
    tried = call("trial", "clients")
    approved = call("approve", "clients", "--json")

    assert (untried.code, tried.code, approved.code) == (2, 3, 0)
    assert untried.out == ""
    assert 'born_on.format: "%d/%m/%Y" -> "%m/%d/%Y" (line 7)' in untried.err
    assert untried.err.endswith("See what it would change: ringback trial clients\n")
    assert (approved.json["release"], approved.json["trial"]) == (2, 1)


def test_an_emergency_without_a_reason_is_refused_with_what_to_write(ready: Path, call: Any) -> None:
    (ready / "feeds" / "clients.yaml").write_text(CONTRACT.replace("%d/%m/%Y", "%m/%d/%Y"), encoding="utf-8")

    refused = call("approve", "clients", "--emergency", "--json")
    approved = call("approve", "clients", "--emergency", "--reason", "at midnight", "--json")

    assert (refused.code, approved.code) == (2, 0)
    assert "--reason" in refused.json["error"]["mend"]
    assert approved.json["not_alerted"] == ["nobody was told: ringback.yaml has no alerts"]


def test_at_a_terminal_the_reason_is_asked_for_after_the_changes_were_shown(ready: Path) -> None:
    (ready / "feeds" / "clients.yaml").write_text(CONTRACT.replace("%d/%m/%Y", "%m/%d/%Y"), encoding="utf-8")
    ours, theirs = os.openpty()
    try:
        os.write(ours, b"the supplier is American\n")
        code = "from ringback.cli import main; main()"
        words = ("approve", "clients", "--by", "ana", "--emergency")
        ended = subprocess.run(
            [sys.executable, "-c", code, *words], stdin=theirs, capture_output=True, text=True, timeout=60, check=True
        )
    finally:
        os.close(ours)
        os.close(theirs)

    assert "clients: to be approved\n  since release 1, approved by owner" in ended.stderr
    assert 'format is "%m/%d/%Y"; it was "%d/%m/%Y"' in ended.stderr
    assert ended.stderr.rstrip().endswith("Why is this right?:")
    assert 'reason: "the supplier is American"' in ended.stdout
    assert "since release 1" not in ended.stdout


def test_the_project_is_found_from_a_folder_inside_it_and_by_its_name(
    ready: Path, call: Any, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    inside = ready / "feeds"
    monkeypatch.chdir(inside)
    from_inside = call("runs", "--json")
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))

    assert from_inside.json == call("runs", "--json", "--project", str(ready)).json
    assert call("runs").code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("import",),
        ("import", "clients"),
        ("fly",),
        ("runs", "--limit", "0"),
        ("show", "R"),
        ("show", "one"),
        ("undo", "R1", "--keys", "1"),
        ("explain", "clients"),
    ],
)
def test_a_call_that_cannot_be_understood_is_a_usage_error(ready: Path, call: Any, words: tuple[str, ...]) -> None:
    told = call(*words)

    assert (told.code, told.out) == (2, "")
    assert told.err


def test_a_key_with_an_open_quote_is_a_usage_error(ready: Path, call: Any) -> None:
    assert call("explain", "clients", '"0001').code == 2
    assert call("explain", "clients", "0001,0002").code == 2


def test_an_internal_fault_exits_with_1_and_tells_no_value(
    ready: Path, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError(f"could not convert {SECRET}")

    monkeypatch.setattr("ringback.workflows.import_file.judge", broken)

    plain, told = call("import", "clients", "two.csv"), call("import", "clients", "two.csv", "--json")

    assert (plain.code, told.code) == (1, 1)
    assert SECRET not in plain.out + plain.err + told.out + told.err
    assert "ValueError" in plain.err
    assert told.json["error"]["what"] == "internal fault: ValueError"


def test_a_database_that_cannot_be_opened_exits_with_1(ready: Path, call: Any) -> None:
    (ready / "ringback.yaml").write_text("target: sqlite:///no/such/folder/clients.db\n", encoding="utf-8")

    told = call("import", "clients", "one.csv", "--json")

    assert told.code in {1, 4}
    assert "error" in told.json or told.json["verdict"] == "refused"


def test_client_values_are_not_in_any_error(ready: Path, call: Any, deliver: Callable[..., str]) -> None:
    key = f"client_no = '{SECRET}'"
    _sql(ready, f"insert into clients (client_no, born_on) values ('{SECRET}', 'no date {SECRET}')")

    told = [
        call("import", "clients", deliver("x.csv", f"{SECRET};03/04/1980"), *json_option)
        for json_option in ((), ("--json",))
    ]

    assert key not in told[0].err
    assert [one.code for one in told] == [1, 1]
    assert all(SECRET not in one.out + one.err for one in told)


def test_a_real_process_keeps_stdout_for_results(ready: Path) -> None:
    program = [sys.executable, "-c", "from ringback.cli import main; main()"]
    environ = {**os.environ, "PYTHONWARNINGS": "error"}

    told = subprocess.run(
        [*program, "runs", "--json"], cwd=ready, env=environ, capture_output=True, text=True, check=False, timeout=60
    )
    wrong = subprocess.run(
        [*program, "show", "R77"], cwd=ready, env=environ, capture_output=True, text=True, check=False, timeout=60
    )

    assert (told.returncode, told.stderr) == (0, "")
    assert [run["verdict"] for run in json.loads(told.stdout)["runs"]] == ["held", "published"]
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("there is no run R77\n")


def test_errors_survive_the_journey_between_processes() -> None:
    import pickle

    for kind in _all_errors():
        error = kind("what", where="where", why="why", mend="mend")

        again = pickle.loads(pickle.dumps(error))

        assert (type(again), str(again), again.exit_code) == (kind, str(error), error.exit_code)


def _all_errors() -> list[type[RingbackError]]:
    found, ahead = [RingbackError], [RingbackError]
    while ahead:
        ahead = [further for kind in ahead for further in kind.__subclasses__()]
        found += ahead
    return found


def _sql(folder: Path, statement: str) -> None:
    import adbc_driver_sqlite.dbapi as adbc

    with adbc.connect(str(folder / "clients.db"), autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
