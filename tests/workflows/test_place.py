"""Whoever is refused at the gate is told what changed."""

from __future__ import annotations

import json

from ringback.model.finding import Example
from ringback.model.run import Outcome
from ringback.workflows.import_file import import_file
from ringback.workflows.place import open_place

from .office import FIELDS, Office, asked, contract_text

ANN = "0001;Ann;03/04/1980;12,50"


def test_the_refusal_names_the_key_that_changed_its_line_and_both_values(office: Office) -> None:
    changed = {**FIELDS["born_on"], "format": "%m/%d/%Y"}
    office.write_contract(fields={**FIELDS, "born_on": changed})
    lines = (office.folder / "feeds" / "clients.yaml").read_text(encoding="utf-8").splitlines()

    run = office.take_in(ANN)

    line = next(number for number, text in enumerate(lines, start=1) if "%m/%d/%Y" in text)
    assert run.outcome is Outcome.REFUSED
    assert run.findings[0].examples == (
        Example(key=("born_on.format",), line=line, before='"%d/%m/%Y"', after='"%m/%d/%Y"'),
    )


def test_a_policy_of_the_project_that_changed_is_named_as_such(bare_office: Office) -> None:
    contract = bare_office.folder / "feeds" / "clients.yaml"
    told = json.loads(contract_text())
    del told["policy"]
    contract.write_text(json.dumps(told), encoding="utf-8")
    bare_office.approve()
    project = bare_office.folder / "ringback.yaml"
    project.write_text(f"target: {bare_office.target}\npolicy: {{removed: {{hold_above: 9 %}}}}\n", encoding="utf-8")

    with open_place(bare_office.folder, environ={}) as place:
        run = import_file(bare_office.file(ANN), "clients", place, asked()).run

    assert run.outcome is Outcome.REFUSED
    assert "the policy in ringback.yaml was changed since release 1" in run.findings[0].why
    assert run.findings[0].examples == ()
