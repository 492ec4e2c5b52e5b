"""The command line's contract: exit codes, one JSON object on stdout, no client value in errors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ringback.cli import app

SECRET = "Zyx-Secret-Name"
FIRST = f"Client No;Name;Born\n00012;{SECRET};13/04/1980\n00013;Ann;25/06/1981\n"
SECOND = FIRST.replace("Ann", "Anna")
COMMANDS = (
    ["check"],
    ["approve", "clients"],
    ["plan", "clients", "clients_2024-08-09.csv"],
    ["import", "clients", "clients_2024-08-09.csv"],
    ["runs"],
    ["show", "R2"],
    ["explain", "clients", "00013", "name"],
    ["quarantine", "clients"],
    ["undo", "R2", "--plan"],
)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two deliveries, a drafted contract, the first delivery imported."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clients_2024-08-08.csv").write_text(FIRST, encoding="utf-8")
    (tmp_path / "clients_2024-08-09.csv").write_text(SECOND, encoding="utf-8")
    assert run("init", "clients_2024-08-08.csv").exit_code == 0
    assert run("approve", "clients").exit_code == 0
    assert run("import", "clients", "clients_2024-08-08.csv").exit_code == 0
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def told(*words: str) -> dict[str, Any]:
    """The one JSON object on stdout."""
    result = json.loads(run(*words, "--json").stdout)
    assert isinstance(result, dict)
    return result


def test_every_command_prints_exactly_one_json_object(office: Path) -> None:
    for words in COMMANDS:
        assert told(*words), words


def test_an_import_tells_machines_what_the_design_promises(office: Path) -> None:
    receipt = told("import", "clients", "clients_2024-08-09.csv")

    assert receipt["verdict"] == "published"
    assert receipt["run"] == "R2"
    assert receipt["rows"] == {
        "read": 2, "added": 0, "changed": 1, "unchanged": 1, "quarantined": 0, "duplicate": 0, "skipped": 0
    }  # fmt: skip
    assert receipt["fields"] == {"name": {"changed": 1}}
    assert {"receive", "read", "interpret", "plan", "publish"} <= set(receipt["seconds"])


def test_a_contract_that_was_changed_is_refused_with_exit_code_4(office: Path) -> None:
    contract = office / "feeds" / "clients.yaml"
    contract.write_text(contract.read_text().replace("%d/%m/%Y", "%Y-%m-%d"))

    result = run("import", "clients", "clients_2024-08-09.csv")

    assert result.exit_code == 4
    assert "not approved" in result.stdout


def test_a_held_delivery_ends_with_exit_code_3_and_the_files_after_it_are_not_begun(office: Path) -> None:
    (office / "short.csv").write_text("Client No;Name;Born\n", encoding="utf-8")

    result = run("import", "clients", "short.csv", "clients_2024-08-09.csv")

    assert result.exit_code == 3
    assert "not begun" in result.stdout


def test_a_file_that_is_not_there_is_refused_and_says_so(office: Path) -> None:
    result = run("import", "clients", "nowhere.csv")

    assert result.exit_code == 4
    assert "nowhere.csv" in result.stdout


def test_a_fault_in_the_contract_ends_with_exit_code_2_and_names_its_line(office: Path) -> None:
    contract = office / "feeds" / "clients.yaml"
    contract.write_text(contract.read_text().replace("delivers: snapshot", "delivres: snapshot"))

    result = run("check")

    assert result.exit_code == 2
    assert 'did you mean "delivers"' in result.stdout


def test_errors_are_one_json_object_too(office: Path) -> None:
    result = run("show", "R99", "--json")

    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["what"] == "there is no run R99"


def test_words_that_make_no_sense_end_with_exit_code_2(office: Path) -> None:
    assert run("show", "nonsense").exit_code == 2
    assert run("import", "clients").exit_code == 2
    assert run("nonsense").exit_code == 2


def test_an_internal_fault_ends_with_exit_code_1_and_tells_no_client_value(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(sys.modules["ringback.cli.import_"], "import_file", fail)

    result = run("import", "clients", "clients_2024-08-09.csv")

    assert result.exit_code == 1
    assert "internal fault: ValueError" in result.stderr
    assert SECRET not in result.stdout + result.stderr


def test_an_undecided_draft_is_refused_until_somebody_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("clients.csv").write_text("Client No;Born\n00012;03/04/1980\n00013;05/06/1981\n", encoding="utf-8")

    drafted = run("init", "clients.csv")
    refused = run("approve", "clients")
    decided = run("init", "clients.csv", "--decide", "born=%d/%m/%Y")

    assert "--decide born=%d/%m/%Y" in drafted.stdout
    assert refused.exit_code == 2
    assert decided.exit_code == 0
    assert run("approve", "clients").exit_code == 0


def test_the_program_is_quiet_in_pipes(office: Path) -> None:
    program = [sys.executable, "-c", "from ringback.cli import main; main()"]

    done = subprocess.run(
        [*program, "import", "clients", "clients_2024-08-09.csv", "--json"],
        cwd=office, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert json.loads(done.stdout)["verdict"] == "published"
    assert done.stderr == ""


def test_rows_in_quarantine_are_handed_out_and_taken_back_in(office: Path) -> None:
    bad = FIRST + "00014;Bob;31/02/1980\n"
    (office / "clients_2024-08-10.csv").write_text(bad, encoding="utf-8")
    held = told("import", "clients", "clients_2024-08-10.csv")
    assert run("release", held["run"]).exit_code == 0

    exported = told("quarantine", "clients", "--export", "rejects.csv")
    corrected = (office / "rejects.csv").read_text(encoding="utf-8").replace("31/02/1980", "28/02/1980")
    (office / "corrected.csv").write_text(corrected, encoding="utf-8")
    taken = told("quarantine", "clients", "--take", "corrected.csv", "--run", held["run"])

    assert exported["row_count"] == 1
    assert (taken["verdict"], taken["corrects"], taken["rows"]["added"]) == ("published", held["run"], 1)
    assert told("explain", "clients", "00014", "born")["fields"]["born"]["now"] == "1980-02-28"
