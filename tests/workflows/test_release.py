"""A held run: released, exactly what was looked at is published; dropped, nothing is."""

from __future__ import annotations

import pytest

from ringback.errors import NotApproved, PlanChanged, UsageError
from ringback.model.run import Outcome, Run
from ringback.workflows.show import show_run

from .office import FIELDS, HEADER, Office, codes, values

ANN, BOB = "0001;Ann;03/04/1980;12,50", "0002;Bob;31/12/1999;-1.234,00"
BOTH = {"0001": "Ann 1980-04-03 12.50", "0002": "Bob 1999-12-31 -1234.00"}
RICHER = {"0001": "Ann 1980-04-03 99.00", "0002": "Bob 1999-12-31 -1234.00", "0003": "Eve - 1.00"}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def target(request: pytest.FixtureRequest) -> str:
    """On a server, `test_truth` does the like in the quick tier."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def held(office: Office) -> Run:
    """A run that is held for a column that nobody mapped."""
    office.take_in(ANN, BOB)
    rows = ("0001;Ann;03/04/1980;99,00;x", f"{BOB};x", "0003;Eve;;1,00;x", "0004;Bad;99/99/9999;1,00;x")
    return office.take_in(*rows, header=f"{HEADER};New")


def test_a_held_run_changes_nothing_and_can_be_looked_at(office: Office, held: Run) -> None:
    shown = show_run(held.id, office.place, field=None, limit=5)

    assert (held.outcome, codes(held)) == (Outcome.HELD, ["header.unmapped", "contract.proposal", "date.unreadable"])
    assert office.live() == values(BOTH)
    ((example,),) = shown.changed.values()
    assert (example.key, example.before, example.after, example.line) == (("0001",), "12.50", "99.00", 2)


def test_a_released_run_is_published_under_its_own_number_exactly_as_planned(office: Office, held: Run) -> None:
    released = office.release(held)

    assert (released.id, released.outcome, released.rows) == (held.id, Outcome.PUBLISHED, held.rows)
    assert released.plan_digest == held.plan_digest
    assert office.live() == values(RICHER)
    assert office.ledger() == [office.ledger()[0], released]
    assert sum(frame.height for frame in office.place.store.rejects("clients", held.id)) == 1


def test_a_released_run_can_be_taken_back(office: Office, held: Run) -> None:
    office.undo(office.release(held))

    assert office.live() == values(BOTH)


def test_a_run_held_while_others_edited_what_it_would_change_is_not_released(office: Office, held: Run) -> None:
    office.edit("update clients set balance = '13.00' where client_no = '0001'")

    with pytest.raises(PlanChanged, match="by edits of others"):
        office.release(held)

    assert office.live(("balance",)) == values({"0001": "13.00", "0002": "-1234.00"})
    assert office.place.require_run(held.id).outcome is Outcome.HELD


def test_a_run_held_while_another_published_the_same_change_is_not_released(office: Office, held: Run) -> None:
    between = office.take_in("0001;Ann;03/04/1980;99,00", BOB)

    with pytest.raises(PlanChanged, match=f"{between.name} was published since"):
        office.release(held)


def test_edits_of_what_a_held_run_leaves_alone_are_in_nobodys_way(office: Office, held: Run) -> None:
    office.edit("insert into clients (client_no, name, balance) values ('0009', 'Own', '0.00')")

    office.release(held)

    assert office.live(("name",)) == values({"0001": "Ann", "0002": "Bob", "0003": "Eve", "0009": "Own"})


def test_a_run_held_under_a_contract_that_was_replaced_is_not_released(office: Office, held: Run) -> None:
    office.agree(fields={**FIELDS, "born_on": {**FIELDS["born_on"], "format": "%m/%d/%Y"}})

    with pytest.raises(NotApproved):
        office.release(held)

    assert office.live() == values(BOTH)


def test_a_dropped_run_is_gone_for_good_and_its_rows_can_be_read(office: Office, held: Run) -> None:
    dropped = office.drop(held)

    with pytest.raises(UsageError, match="is not held: it is dropped"):
        office.release(held)
    assert dropped.outcome is Outcome.DROPPED
    assert office.live() == values(BOTH)
    assert sum(frame.height for frame in office.place.store.rejects("clients", held.id)) == 1


def test_a_run_is_released_once(office: Office, held: Run) -> None:
    office.release(held)

    with pytest.raises(UsageError, match="is not held: it is published"):
        office.release(held)
    with pytest.raises(UsageError, match="is not held: it is published"):
        office.drop(held)


def test_a_run_that_is_not_there_is_said(office: Office) -> None:
    with pytest.raises(UsageError, match="there is no run R7"):
        office.place.require_run(7)
