"""check --audit-trail: nobody changes what happened without being found."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringback.errors import UsageError
from ringback.model.check import CheckReport
from ringback.model.event import ChainReport
from ringback.report.check import check_text
from ringback.workflows.audit_trail import audit_trail

from .office import Office

ONE = "0001;Ann;03/04/1980;1,00"
ANOTHER = "0001;Ann;03/04/1981;1,00"


def test_all_that_an_office_does_leaves_a_trail_that_is_whole(office: Office) -> None:
    _busy_day(office)

    report = audit_trail(office.place, head=None)

    assert report.faults == ()
    assert (report.event_count, report.run_count, report.release_count) == (17, 6, 1)


def test_a_run_that_was_refused_at_the_gate_is_told_with_its_reason(office: Office) -> None:
    office.write_contract(key=["name"])

    office.take_in(ONE)

    last = office.place.store.chain().events[-1]
    assert last["kind"] == "refused"
    assert '"codes":["gate.not_approved"]' in str(last["what"])


def test_what_nobody_changed_before_a_head_that_was_kept_is_proved(office: Office) -> None:
    office.take_in(ONE)
    kept = audit_trail(office.place, head=None).head
    office.take_in(ANOTHER)

    report = audit_trail(office.place, head=kept)

    assert report.faults == ()
    assert (report.known_head, report.event_count) == (3, 4)
    assert "the hash that you kept is that of event 3; 1 event came after it" in _told(report)


def test_the_newest_run_taken_out_with_its_event_is_found_with_a_head_that_was_kept(office: Office) -> None:
    office.take_in(ONE)
    office.take_in(ANOTHER)
    kept = audit_trail(office.place, head=None).head

    office.edit("delete from ringback_event where sequence = 4", "delete from ringback_run where id = 2")

    assert audit_trail(office.place, head=None).faults == ()
    report = audit_trail(office.place, head=kept)
    assert f"no event has the hash {kept}" in _told(report)
    assert CheckReport(folder=office.folder, faults=(), feeds=(), chain=report).exit_code == 4


def test_a_run_of_which_the_ledger_was_changed_is_named(office: Office) -> None:
    office.take_in(ONE)

    office.edit("update ringback_run set rows_quarantined = 5, done_by = 'nobody' where id = 1")

    assert "NOT WHOLE, 1 fault\n  R1 is not as its newest event tells" in _told(audit_trail(office.place, head=None))


def test_a_project_in_which_nothing_happened_yet_has_no_trail(bare_office: Office) -> None:
    report = audit_trail(bare_office.place, head=None)

    assert _told(report) == "audit trail: not begun; it begins with the next approval or import"


@pytest.mark.parametrize("head", ["", "abc", "A" * 64, "0" * 63 + "\n"])
def test_a_head_that_cannot_be_one_is_told(head: str, office: Office) -> None:
    with pytest.raises(UsageError, match="no hash of an event"):
        audit_trail(office.place, head=head)


def _busy_day(office: Office) -> None:
    first = office.take_in(ONE)
    office.take_in(ONE)  # unchanged
    office.take_in("0001;Ann;03/04/1981;1,00;x", "no row")
    for header in ("Client No;Name;Born;Balance;New", "Client No;Name;Born;Balance;Newer"):
        held = office.take_in(f"{ANOTHER};x", header=header)
        assert held.outcome == "held"
        office.release(held) if header.endswith("New") else office.drop(held)
    office.undo(first)


def _told(report: ChainReport) -> str:
    return check_text(CheckReport(folder=Path(), faults=(), feeds=(), chain=report))
