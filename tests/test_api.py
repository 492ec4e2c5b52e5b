"""ringback from Python: the commands as functions."""

from __future__ import annotations

import ast
import inspect
import json
import typing
from pathlib import Path

import pytest

import ringback
from ringback import api

CONTRACT = """feed: clients
key: [client_no]
source: {delimiter: ";"}
target: {table: clients}
fields:
  client_no: {from: Client No, type: string}
  balance: {from: Balance, type: integer}
policy: {quarantined: {hold_above: 50 %}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project in a folder."""
    (tmp_path / "ringback.yaml").write_text("target: sqlite:///clients.db\n", encoding="utf-8")
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "clients.yaml").write_text(CONTRACT, encoding="utf-8")
    return tmp_path


def test_there_are_at_most_twenty_names_and_each_is_typed_and_says_what_it_does() -> None:
    assert len(ringback.__all__) <= 20
    for name in ringback.__all__:
        named = getattr(ringback, name)
        assert inspect.getdoc(named), name
        if inspect.isfunction(named):
            hints = typing.get_type_hints(named)
            assert {"return", *inspect.signature(named).parameters} == set(hints), name


def test_the_whole_life_of_a_delivery_is_there_and_tells_what_the_commands_print(folder: Path) -> None:
    file = folder / "clients.csv"
    file.write_text("Client No;Balance\n0001;5\n0002;x\n", encoding="utf-8")

    checked = ringback.check(project=folder)
    approval = ringback.approve("clients", by="owner", project=folder)
    planned = ringback.plan("clients", file, project=folder)
    receipt = ringback.import_file("clients", file, by="owner", project=folder)
    story = ringback.explain("clients", ["0001"], "balance", project=folder)
    quarantine = ringback.quarantine("clients", project=folder)
    undone = ringback.undo(receipt.run.id, by="owner", project=folder)
    ledger = ringback.runs("clients", project=folder)
    shown = ringback.show(undone.run.id, project=folder)

    told = [
        ringback.as_json(result)
        for result in (checked, approval, planned, receipt, story, quarantine, undone, ledger, shown)
    ]
    assert json.loads(json.dumps(told, ensure_ascii=False)) == told
    assert told[2]["run"] is None
    assert told[3]["rows"] == {
        "read": 2,
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "quarantined": 1,
        "duplicate": 0,
        "skipped": 0,
    }
    assert told[4]["fields"]["balance"]["now"] == "5"
    assert told[6]["restored"] == 1
    assert [run["undone"] for run in told[7]["runs"]] == [False, True]


def test_a_misread_run_is_repaired_under_the_corrected_contract(folder: Path) -> None:
    file, contract = folder / "clients.csv", folder / "feeds" / "clients.yaml"
    file.write_text("Client No;Balance\n0001;Y\n0002;N\n", encoding="utf-8")
    for codes in ("{Y: in debt, N: paid}", "{Y: paid, N: in debt}"):
        contract.write_text(CONTRACT.replace("type: integer", f"type: code, codes: {codes}"), encoding="utf-8")
        if ringback.runs(project=folder).runs:
            ringback.trial("clients", by="owner", project=folder)
        ringback.approve("clients", by="owner", project=folder)
        imported = ringback.import_file("clients", file, by="owner", project=folder).run
    (misread,) = (run for run in ringback.runs(project=folder).runs if str(run.outcome) == "published")

    told = ringback.repair(misread.id, by="owner", dry=True, project=folder)
    receipt = ringback.repair(misread.id, by="owner", project=folder)

    json_told = ringback.as_json(receipt)
    assert str(imported.outcome) == "unchanged"  # this content is in already, so only a repair reads it again
    assert told.answers == receipt.answers
    assert (json_told["repairs"], json_told["repaired"], json_told["kept"]) == (misread.name, 2, {})
    assert ringback.explain("clients", ["0001"], project=folder).fields[1].now == "paid"


def test_what_went_wrong_is_told_with_its_figures(folder: Path) -> None:
    file = folder / "clients.csv"
    file.write_text("Client No;Balance\n0001;5\n", encoding="utf-8")
    ringback.approve("clients", by="owner", project=folder)
    run = ringback.import_file("clients", file, by="owner", project=folder).run
    ringback.undo(run.id, by="owner", project=folder)

    (incident,) = api.incidents("clients", only_open=True, project=folder).incidents
    told = ringback.as_json(api.postmortem(incident.id, by="owner", project=folder))

    assert json.loads(json.dumps(told)) == told
    assert (told["opened_by"], told["runs"]) == ("undone", ["R1", "R2"])
    assert [(done["run"], done["restored"], done["kept"]) for done in told["done"]] == [("R2", 1, 0)]


def test_held_runs_are_released_or_dropped(folder: Path) -> None:
    ringback.approve("clients", by="owner", project=folder)
    files = [folder / "one.csv", folder / "two.csv"]
    for number, file in enumerate(files):
        file.write_text(f"Client No;Balance;New\n0001;{number};x\n", encoding="utf-8")
    first, second = (ringback.import_file("clients", file, by="owner", project=folder).run for file in files)

    dropped = api.drop(first.id, by="owner", project=folder)
    released = ringback.release(second.id, by="owner", project=folder)

    assert (str(dropped.outcome), str(released.run.outcome)) == ("dropped", "published")


def test_a_drill_tells_what_would_be_published_and_its_score_is_in_the_ledger(folder: Path) -> None:
    ringback.approve("clients", by="owner", project=folder)
    file = folder / "clients.csv"
    file.write_text("Client No;Balance\n0001;5\n0002;7\n", encoding="utf-8")
    ringback.import_file("clients", file, by="owner", project=folder)

    told = ringback.as_json(ringback.drill("clients", by="owner", sample=1, seed=3, project=folder))

    assert json.loads(json.dumps(told)) == told
    assert (told["sample_rows"], told["seed"], told["run"]) == (1, 3, "R1")
    assert told["gate"]["contracts"] == told["gate"]["refused"] > 0
    assert ringback.as_json(ringback.runs(project=folder))["drills"][0]["score"] == told["score"]


def test_a_changed_contract_is_tried_and_approved_or_let_in_as_an_emergency(folder: Path) -> None:
    contract, file = folder / "feeds" / "clients.yaml", folder / "clients.csv"
    file.write_text("Client No;Balance\n0001;5\n", encoding="utf-8")
    ringback.approve("clients", by="owner", project=folder)
    ringback.import_file("clients", file, by="loader", project=folder)
    contract.write_text(CONTRACT.replace("type: integer", "type: string"), encoding="utf-8")

    with pytest.raises(ringback.RingbackError, match="not tried"):
        ringback.approve("clients", by="owner", project=folder)
    hasty = ringback.approve("clients", by="owner", emergency=True, reason="now", project=folder)
    report = ringback.trial("clients", by="owner", project=folder)
    regular = ringback.approve("clients", by="owner", author="dev", project=folder)

    assert json.loads(json.dumps(ringback.as_json(report)))["trial"] == regular.release.trial == report.trial.id
    assert (hasty.release.emergency, regular.release.emergency) == (True, False)


def test_mistakes_are_ringback_errors_with_a_remedy(folder: Path) -> None:
    with pytest.raises(ringback.RingbackError) as told:
        ringback.undo(7, by="owner", project=folder)

    assert told.value.exit_code == 2
    assert told.value.mend == "list them: ringback runs"


def test_nothing_is_printed(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    ringback.approve("clients", by="owner", project=folder)
    ringback.runs(project=folder)

    assert capfd.readouterr() == ("", "")


def test_the_list_of_names_is_sorted_and_true() -> None:
    source = ast.parse(Path(ringback.__file__).read_text(encoding="utf-8"))
    imported = {alias.name for node in source.body if isinstance(node, ast.ImportFrom) for alias in node.names}

    assert set(ringback.__all__) == imported
