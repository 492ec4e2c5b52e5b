"""Taking a run back: each value is restored, kept because it changed since, or could not be; and that can be undone."""

from __future__ import annotations

import pytest

from ringback.errors import ReadBackMismatch, UsageError
from ringback.model.run import Outcome, Run, RunKind

from .office import FIELDS, OPEN_POLICY, Office, values

ANN, BOB, EVE = "0001;Ann;03/04/1980;12,50", "0002;Bob;31/12/1999;-1.234,00", "0003;Eve;;0,00"
BOTH = {"0001": "Ann 1980-04-03 12.50", "0002": "Bob 1999-12-31 -1234.00"}
WRONG_DAYS = ("0001;Anna;04/03/1980;12,50", "0002;Bob;12/11/1999;-1.234,00")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def target(request: pytest.FixtureRequest) -> str:
    """On a server, `test_truth` does the like in the quick tier."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def second(office: Office) -> Run:
    """The run of a night that changed three values and brought a client."""
    office.take_in(ANN, BOB)
    return office.take_in(*WRONG_DAYS, EVE)


def test_a_run_taken_back_leaves_the_table_as_it_was(office: Office, second: Run) -> None:
    receipt = office.undo(second)

    assert office.live() == values(BOTH)
    assert (receipt.answers.restored, receipt.answers.kept.total()) == (4, 0)
    assert (receipt.run.kind, receipt.run.undoes, receipt.run.outcome) == (RunKind.UNDO, second.id, Outcome.PUBLISHED)
    assert (receipt.run.rows.changed, receipt.run.removed) == (2, 1)


def test_the_undo_taken_back_leaves_the_table_as_the_run_made_it(office: Office, second: Run) -> None:
    made = office.live()

    receipt = office.undo(office.undo(second).run)

    assert office.live() == made
    assert receipt.answers.restored == 4  # three values, and a whole client
    assert receipt.answers.kept.total() == 0


def test_a_dry_undo_tells_the_same_and_writes_nothing(office: Office, second: Run) -> None:
    made = office.live()

    told = office.undo(second, dry=True)

    assert office.live() == made
    assert told.run.id == 0
    assert told.answers == office.undo(second).answers


def test_one_field_taken_back_leaves_the_others(office: Office, second: Run) -> None:
    receipt = office.undo(second, field="born_on")

    assert receipt.answers.restored == 2
    assert receipt.run.partial
    assert office.live() == values({**BOTH, "0001": "Anna 1980-04-03 12.50", "0003": "Eve - 0.00"})


def test_one_client_taken_back_leaves_the_others(office: Office, second: Run) -> None:
    receipt = office.undo(second, key=("0002",))

    assert receipt.answers.restored == 1
    assert office.live(("born_on",)) == values({"0001": "1980-03-04", "0002": "1999-12-31", "0003": "-"})


def test_after_a_part_was_taken_back_the_rest_still_can_be(office: Office, second: Run) -> None:
    part = office.undo(second, field="born_on")

    receipt = office.undo(second)

    assert receipt.answers.restored == 2
    assert receipt.answers.kept == {f"changed by {part.run.name}": 2}
    assert office.live() == values(BOTH)


def test_a_value_that_a_later_run_changed_is_kept_and_it_is_said_for_which_run(office: Office, second: Run) -> None:
    third = office.take_in("0001;Anna;05/05/1985;12,50", WRONG_DAYS[1], EVE)

    receipt = office.undo(second)

    assert receipt.answers.restored == 3
    assert receipt.answers.kept == {f"changed by {third.name}": 1}
    assert office.live() == values({**BOTH, "0001": "Ann 1985-05-05 12.50"})


def test_a_later_run_that_was_taken_back_itself_is_in_nobodys_way(office: Office, second: Run) -> None:
    office.undo(office.take_in("0001;Anna;05/05/1985;12,50", WRONG_DAYS[1], "0003;Eva;;1,00"))

    receipt = office.undo(second)

    assert receipt.answers.kept.total() == 0
    assert office.live() == values(BOTH)


def test_a_client_that_was_brought_back_and_taken_out_again_is_in_nobodys_way(office: Office) -> None:
    office.agree(missing="delete")
    office.take_in(ANN, BOB)
    removing = office.take_in(ANN)
    office.undo(office.take_in("0001;Ann;03/04/1980;13,00", BOB))

    receipt = office.undo(removing)

    assert (receipt.answers.restored, receipt.answers.kept.total()) == (1, 0)
    assert office.live() == values(BOTH)


def test_what_others_edited_since_is_kept(office: Office, second: Run) -> None:
    office.edit("update clients set name = 'Annie' where client_no = '0001'", "delete from clients where name = 'Bob'")

    receipt = office.undo(second)

    assert receipt.answers.restored == 2
    assert receipt.answers.kept == {"edited outside ringback": 1, "removed since": 1}
    assert office.live() == values({"0001": "Annie 1980-04-03 12.50"})


def test_a_client_that_others_edited_since_it_was_added_stays(office: Office, second: Run) -> None:
    office.edit("update clients set balance = '7.00' where client_no = '0003'")

    receipt = office.undo(second)

    assert receipt.answers.kept == {"edited outside ringback": 1}
    assert office.live(("balance",))["0003"] == ("7.00",)


def test_clients_deleted_by_a_run_come_back_whole(office: Office) -> None:
    office.agree(missing="delete")
    office.take_in(ANN, BOB, EVE)
    office.take_in("0009;Only;01/01/2000;0,00")

    office.undo(office.ledger()[-1])

    assert office.live() == values({**BOTH, "0003": "Eve - 0.00"})


def test_a_client_deleted_by_a_run_and_put_back_by_others_stays_as_they_wrote_it(office: Office) -> None:
    office.agree(missing="delete")
    office.take_in(ANN, BOB)
    removing = office.take_in(ANN)
    office.edit("insert into clients (client_no, name, balance) values ('0002', 'Bobby', '1.00')")

    receipt = office.undo(removing)

    assert receipt.answers.kept == {"came back since": 1}
    assert office.live(("name",))["0002"] == ("Bobby",)


@pytest.mark.parametrize("policy", ["reject", "first", "last"])
def test_a_client_delivered_twice_is_taken_back_as_one(office: Office, policy: str) -> None:
    office.agree(policy={**OPEN_POLICY, "duplicates": policy})
    run = office.take_in(ANN, BOB, "0002;Bobby;31/12/1999;0,00", BOB)

    receipt = office.undo(run)

    assert receipt.answers.restored == (1 if policy == "reject" else 2)
    assert receipt.answers.kept.total() == 0
    assert office.live() == {}


def test_a_first_delivery_taken_back_leaves_an_empty_table(office: Office) -> None:
    office.undo(office.take_in(ANN, BOB))

    assert office.live() == {}


def test_values_of_a_field_whose_type_changed_could_not_be_restored_and_that_is_said(
    office: Office, second: Run
) -> None:
    fields = {**FIELDS, "born_on": {"from": "Born", "type": "string"}}
    fields["born_on"] = {**fields["born_on"], "trim": "true"}
    office.agree(fields=fields, target={"table": "clients"})

    receipt = office.undo(second, key=("0001",))

    assert receipt.answers.restored == 1
    assert receipt.answers.impossible == {"the field is no longer in the contract": 1}
    assert office.live(("name", "born_on"))["0001"] == ("Ann", "1980-03-04")


def test_a_run_is_taken_back_once(office: Office, second: Run) -> None:
    undo = office.undo(second).run

    with pytest.raises(UsageError, match=f"was undone already, by {undo.name}") as told:
        office.undo(second)

    assert told.value.mend == f"to bring it back: ringback undo {undo.name}"


def test_a_held_run_cannot_be_taken_back(office: Office) -> None:
    held = office.take_in(f"{ANN};x", header="Client No;Name;Born;Balance;New")

    with pytest.raises(UsageError, match="cannot be undone: it is held"):
        office.undo(held)


def test_a_run_made_under_another_key_cannot_be_taken_back(office: Office, second: Run) -> None:
    office.agree(key=["name"])

    with pytest.raises(UsageError, match="key or table is another one since"):
        office.undo(second)


def test_a_field_or_key_that_the_feed_does_not_have_is_said(office: Office, second: Run) -> None:
    with pytest.raises(UsageError, match="shoe_size is not a field of clients"):
        office.undo(second, field="shoe_size")
    with pytest.raises(UsageError, match="the key of clients has 1 parts"):
        office.undo(second, key=("0001", "Ann"))


def test_an_undo_that_a_trigger_disturbs_is_taken_back_itself(office: Office, second: Run) -> None:
    made = office.live()
    if office.target.startswith("sqlite"):
        office.edit(
            "create trigger shout after update on clients begin"
            " update clients set name = upper(name) where client_no = new.client_no; end"
        )
    else:
        office.edit(
            "create function shout() returns trigger language plpgsql as"
            " $$ begin new.name := upper(new.name); return new; end $$",
            "create trigger shout before update on clients for each row execute function shout()",
        )

    with pytest.raises(ReadBackMismatch):
        office.undo(second)

    assert office.live() == made
    assert office.ledger()[-1].outcome is Outcome.FAILED
