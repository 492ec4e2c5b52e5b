"""Operators know what a release changes before they import under it, and it is known who does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ringback.contracts import load_project
from ringback.errors import UsageError
from ringback.report.acknowledge import acknowledged_text, unread_text
from ringback.report.approval import approval_text, plan_text
from ringback.report.as_json import as_json
from ringback.steps.chain import verify
from ringback.workflows import manual
from ringback.workflows.acknowledge import acknowledge
from ringback.workflows.approve import Wanted, consider
from ringback.workflows.import_file import import_file

from .office import FIELDS, Office, asked

ANN, BOB = "0001;Ann;03/04/1980;1,00", "0002;Bob;05/06/1970;2,00"
pytestmark = pytest.mark.sqlite_first

AMERICAN = {**FIELDS, "born_on": {**FIELDS["born_on"], "format": "%m/%d/%Y"}}
SHORTER = {**FIELDS, "name": {**FIELDS["name"], "constraints": {"maxLength": "9"}}}


@pytest.fixture
def manned(office: Office) -> Office:
    """A feed with a delivery, and two operators."""
    office.take_in(ANN, BOB)
    return _with_operators(office, "ben", "cora")


@pytest.mark.every_store
def test_an_operators_import_tells_what_he_has_not_acknowledged_and_runs_all_the_same(manned: Office) -> None:
    receipt = import_file(manned.file(ANN, BOB, "0003;Eve;01/02/1990;3,00"), "clients", manned.place, asked(by="ben"))

    assert receipt.run.rows.added == 1
    assert [release.id for release in receipt.unacknowledged] == [1]
    assert as_json(receipt)["unacknowledged"][0]["notes"].startswith("First release: 4 fields of each client are read")
    assert unread_text(receipt.unacknowledged, "ben").splitlines()[-1] == (
        "If this is clear: ringback acknowledge clients --by ben"
    )


def test_who_has_acknowledged_is_told_nothing_more_until_the_next_release(manned: Office) -> None:
    told = acknowledge("clients", manned.place, asked(by="ben"))

    assert [release.id for release in told.releases] == [1]
    assert told.others == ("cora",)
    assert manned.place.unacknowledged("clients", "ben") == ()
    manned.agree(fields=SHORTER)
    assert [release.id for release in manned.place.unacknowledged("clients", "ben")] == [2]
    assert manned.place.not_acknowledged("clients") == ("ben", "cora")


@pytest.mark.every_store
def test_several_releases_are_acknowledged_together_and_none_twice(manned: Office) -> None:
    acknowledge("clients", manned.place, asked(by="ben"))
    manned.agree(fields=AMERICAN)
    manned.agree(fields=SHORTER)

    both = acknowledge("clients", manned.place, asked(by="ben"))
    none = acknowledge("clients", manned.place, asked(by="ben"))

    assert [release.id for release in both.releases] == [3, 2]
    assert acknowledged_text(both).splitlines()[-2:] == [
        "clients: acknowledged by ben: release 2 and 3",
        "still to acknowledge: cora",
    ]
    assert none.releases == ()
    assert "ben has acknowledged all there is already (release 3," in acknowledged_text(none)
    assert len(manned.place.store.acknowledgements("clients")) == 3
    assert verify(manned.place.store.chain()).faults == ()


def test_who_is_no_operator_acknowledges_nothing_and_is_told_nothing(manned: Office) -> None:
    with pytest.raises(UsageError) as told:
        acknowledge("clients", manned.place, asked(by="eve"))

    assert "ringback.yaml names the operators: ben, cora" in told.value.why
    assert manned.place.unacknowledged("clients", "eve") == ()


def test_a_project_without_operators_asks_nobody(office: Office) -> None:
    with pytest.raises(UsageError, match="ben is no operator"):
        acknowledge("clients", office.place, asked(by="ben"))

    assert office.place.not_acknowledged("clients") == ()


def test_a_feed_that_was_never_approved_has_nothing_to_acknowledge(bare_office: Office) -> None:
    bare_office.write_contract()
    manned = _with_operators(bare_office, "ben")

    with pytest.raises(UsageError, match="no release of clients was approved yet"):
        acknowledge("clients", manned.place, asked(by="ben"))


# -- the notes


def test_notes_are_drafted_in_plain_words_with_what_the_trial_counted_and_no_client_value(manned: Office) -> None:
    manned.write_contract(fields=AMERICAN)
    manned.try_out()

    notes = manned.approve_untried().release.notes

    assert notes is not None
    assert notes.startswith(
        "`born_on` is now read as month/day/year; it was day/month/year. Of 2 records tried, 2 change meaning (100.0 %"
    )
    assert 'E.g. "04/03/1980" is 1980-04-03 now; it was 1980-03-04.' in notes
    assert "Ann" not in notes
    assert "1970" not in notes
    assert manned.place.store.releases("clients")[0].notes == notes


def test_other_notes_replace_those_that_were_drafted(manned: Office) -> None:
    manned.write_contract(fields=AMERICAN)
    manned.try_out()
    drafted = consider("clients", manned.place, asked(), Wanted())

    written = manned.approve_untried(note="  The Americans took over the feed.\n")

    assert "month/day/year" in plan_text(drafted)
    assert "--note TEXT, or --note-file FILE" in plan_text(drafted)
    assert written.release.notes == "The Americans took over the feed."
    assert "notes, for ben, cora to acknowledge (ringback acknowledge clients):" in approval_text(written)


def test_an_emergency_says_that_nobody_counted_what_it_changes(manned: Office) -> None:
    manned.write_contract(fields=AMERICAN)

    notes = manned.approve_untried(emergency=True, reason="the supplier changed it tonight").release.notes

    assert notes is not None
    assert "Approved in an emergency and not tried: nobody has counted what it changes. the supplier" in notes


def _with_operators(office: Office, *names: str) -> Office:
    """The same project with operators, opened anew."""
    told = f"target: {office.target}\noperators: [{', '.join(names)}]\n"
    (office.folder / "ringback.yaml").write_text(told, encoding="utf-8")
    return replace(office, place=replace(office.place, project=load_project(office.folder, environ={})))


def test_the_manual_tells_who_knows_of_a_release_and_who_does_not_yet(manned: Office) -> None:
    acknowledge("clients", manned.place, asked(by="ben"))

    report = manual.write_manual(manned.folder, manual.Wanted(), environ={})

    page = (report.into / "clients.md").read_text(encoding="utf-8")
    assert "ben (2024-" in page
    assert "Still to acknowledge: cora" in page.replace("**", "")
    assert "First release: 4 fields of each client are read" in page.replace("\\", "")
