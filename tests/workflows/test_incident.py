"""Incidents open and close with what befalls runs, and by hand when a caller complains."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ringback.errors import UsageError
from ringback.model.incident import EntryKind
from ringback.model.run import Outcome, Run
from ringback.report.incident import incident_text, incidents_text
from ringback.workflows.incident import (
    Words,
    close_incident,
    list_incidents,
    note_incident,
    open_incident,
    require_incident,
)

from .office import FIELDS, OPEN_POLICY, Office, asked

ONE = "0001;Ann;03/04/1980;1,00"
ANOTHER = "0001;Ann;03/04/1981;1,00"
COMPLAINT = Words(text="wrong birthday", kind=EntryKind.COMPLAINT, at=datetime(2024, 8, 9, 9, tzinfo=UTC))
STRICT = {"changed": {"born_on": {"hold_above": "0 %"}}}


def test_a_hold_that_is_released_after_a_look_leaves_a_closed_incident_that_says_who_did(office: Office) -> None:
    held = _held(office)
    opened = require_incident(1, office.place)
    office.release(held)

    incident = require_incident(1, office.place)

    assert (opened.is_open, opened.opened_by, opened.fields) == (True, "held", ("born_on",))
    assert not incident.is_open
    assert incident.conclusion == f"judged right: {held.name} was released after a look"
    assert list_incidents(office.place, only_open=True).incidents == ()


def test_a_run_judged_right_and_undone_later_opens_its_incident_again(office: Office) -> None:
    held = _held(office)
    office.release(held)

    undo = office.undo(held)

    (incident,) = list_incidents(office.place).incidents
    assert incident.is_open
    assert incident.runs == {held.id, undo.run.id}


def test_a_correction_goes_to_the_complaint_that_is_open_and_names_no_run_yet(office: Office) -> None:
    run = office.take_in(ONE)
    open_incident("clients", office.place, asked(by="desk"), [COMPLAINT])

    office.undo(run)

    (incident,) = list_incidents(office.place).incidents
    assert incident.opened_by == "by hand"
    assert incident.runs == {1, 2}
    assert incident.of_kind(EntryKind.COMPLAINT)[0].at == COMPLAINT.at


def test_several_nights_repaired_are_one_incident(office: Office) -> None:
    office.agree(fields=_read_as("%m/%d/%Y"))
    first, second = office.take_in(ONE), office.take_in("0002;Bo;04/05/1981;1,00")
    office.agree()

    office.repair(first)
    office.repair(second)

    (incident,) = list_incidents(office.place).incidents
    assert incident.opened_by == "repaired"
    assert incident.runs == {1, 2, 3, 4}


def test_what_people_know_is_kept_in_the_order_in_which_they_wrote_it(office: Office) -> None:
    office.take_in(ONE)
    open_incident("clients", office.place, asked(by="desk"), [replace(COMPLAINT, fields=("born_on",))])
    note_incident(1, office.place, asked(by="ana"), [Words(text="line 9", kind=EntryKind.FOUND, run_id=1)])
    note_incident(1, office.place, asked(by="ana"), [Words(text="name approvers", kind=EntryKind.MEASURE)])

    incident = close_incident(1, office.place, asked(by="ana"), "mended")

    kinds = ["opened", "complaint", "found", "measure", "closed"]
    assert [str(entry.kind) for entry in incident.entries] == kinds
    assert (incident.runs, incident.fields, incident.conclusion) == ({1}, ("born_on",), "mended")
    text = incident_text(incident)
    assert "2024-08-09 09:00:00  complaint  wrong birthday; fields: born_on  (desk, event 5)" in text
    assert "R1 is at fault; line 9" in text
    assert "closed: mended" in incidents_text(list_incidents(office.place))


def test_what_cannot_be_meant_is_told_and_nothing_is_written(office: Office) -> None:
    office.take_in(ONE)
    open_incident("clients", office.place, asked(), [Words(text="?")])
    before = office.place.store.incidents()

    for words, told in (
        (Words(text="x", fields=("shoe_size",)), "shoe_size is not a field of clients"),
        (Words(text="x", at=datetime(2999, 1, 1, tzinfo=UTC)), "is still to come"),
        (Words(text="x", run_id=9), "there is no run R9"),
    ):
        with pytest.raises(UsageError, match=told):
            note_incident(1, office.place, asked(), [Words(text="first"), words])

    assert office.place.store.incidents() == before


def test_an_incident_is_closed_once(office: Office) -> None:
    open_incident("clients", office.place, asked(), [Words(text="?")])
    close_incident(1, office.place, asked(), "nothing was wrong")

    with pytest.raises(UsageError, match="incident 1 is closed already: nothing was wrong"):
        close_incident(1, office.place, asked(), "again")
    with pytest.raises(UsageError, match="there is no incident 2"):
        note_incident(2, office.place, asked(), [COMPLAINT])


def _held(office: Office) -> Run:
    """A run that is held, for it would change a birth date."""
    office.agree(policy={**OPEN_POLICY, **STRICT})
    office.take_in(ONE)
    held = office.take_in(ANOTHER)
    assert held.outcome is Outcome.HELD
    return held


def _read_as(written: str) -> dict[str, Any]:
    """The fields of the contract, with another format of birth dates."""
    return {**FIELDS, "born_on": {**FIELDS["born_on"], "format": written}}
