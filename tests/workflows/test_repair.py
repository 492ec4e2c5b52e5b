"""A run's delivery read again under the corrected contract: what was misread is put right, later words stand."""

from __future__ import annotations

from typing import Any

import pytest

from ringback.errors import DeliveryRefused, NotApproved, ReadBackMismatch, UsageError
from ringback.model.run import Outcome, Run, RunKind
from ringback.report.repair import repair_text
from ringback.workflows.explain import explain
from ringback.workflows.quarantine import quarantined
from ringback.workflows.show import list_runs, show_run

from .office import FIELDS, Office, values

ANN, BOB, EVE = "0001;Ann;03/04/1980;12,50", "0002;Bob;31/12/1999;-1.234,00", "0003;Eve;05/06/1990;0,00"
MONTH_FIRST = {**FIELDS, "born_on": {**FIELDS["born_on"], "format": "%m/%d/%Y"}}
TRUE = {"0001": "Ann 1980-04-03 12.50", "0002": "Bob 1999-12-31 -1234.00", "0003": "Eve 1990-06-05 0.00"}
MISREAD = {"0001": "Ann 1980-03-04 12.50", "0003": "Eve 1990-05-06 0.00"}  # Bob's 31st month cannot be read


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def target(request: pytest.FixtureRequest) -> str:
    """On a server, `test_repair_truth` does the like in the quick tier."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def misread(office: Office) -> Run:
    """The run of a night whose contract had the month first; the contract is right again."""
    office.agree(fields=MONTH_FIRST)
    run = office.take_in(ANN, BOB, EVE)
    office.agree()
    return run


# -- what is put right


def test_what_was_misread_is_put_right_and_what_was_rejected_is_added(office: Office, misread: Run) -> None:
    assert office.live() == values(MISREAD)

    receipt = office.repair(misread)

    assert office.live() == values(TRUE)
    assert (receipt.answers.restored, receipt.answers.total) == (3, 3)  # two dates, one client
    assert (receipt.run.kind, receipt.run.repairs, receipt.run.outcome) == (
        RunKind.REPAIR,
        misread.id,
        Outcome.PUBLISHED,
    )
    assert (receipt.run.rows.changed, receipt.run.rows.added, receipt.run.changed_by_field) == (2, 1, {"born_on": 2})


def test_a_repair_taken_back_leaves_the_table_as_the_run_made_it(office: Office, misread: Run) -> None:
    repair = office.repair(misread).run

    undo = office.undo(repair)
    undone = office.live()
    office.undo(undo.run)

    assert undo.answers.kept.total() == undo.answers.impossible.total() == 0
    assert undone == values(MISREAD)
    assert office.live() == values(TRUE)


def test_a_repaired_run_taken_back_leaves_what_the_repair_wrote(office: Office, misread: Run) -> None:
    repair = office.repair(misread).run

    receipt = office.undo(misread)

    assert receipt.answers.kept == {f"changed by {repair.name}": 2}
    assert office.live() == values(TRUE)


def test_a_dry_repair_tells_the_same_and_writes_nothing(office: Office, misread: Run) -> None:
    told = office.repair(misread, dry=True)

    assert (office.live(), told.run.id, len(office.ledger())) == (values(MISREAD), 0, 1)
    assert told.answers == office.repair(misread).answers


def test_one_field_or_one_client_is_repaired_alone(office: Office, misread: Run) -> None:
    one = office.repair(misread, key=("0001",))
    two = office.repair(misread, field="born_on")

    assert (one.answers.restored, two.answers.restored) == (1, 1)  # Bob is a whole client, not a date
    assert one.run.partial
    assert two.run.partial
    assert office.live() == values({key: TRUE[key] for key in ("0001", "0003")})
    assert office.repair(misread).answers.restored == 1
    assert office.live() == values(TRUE)


# -- later words


def test_later_deliveries_and_edits_of_others_are_kept_and_it_is_said_for_whose_sake(
    office: Office, misread: Run
) -> None:
    third = office.take_in("0001;Ann;04/04/1980;12,50")
    office.edit("update clients set born_on = '2000-01-01' where client_no = '0003'")

    receipt = office.repair(misread)

    assert receipt.answers.kept == {f"changed by {third.name}": 1, "edited outside ringback": 1}
    assert office.live() == values(
        {"0001": "Ann 1980-04-04 12.50", "0002": TRUE["0002"], "0003": "Eve 2000-01-01 0.00"}
    )


def test_what_was_put_right_by_hand_is_right_already(office: Office, misread: Run) -> None:
    office.edit("update clients set born_on = '1980-04-03' where client_no = '0001'")

    receipt = office.repair(misread)

    assert (receipt.answers.restored, receipt.answers.right) == (2, 1)
    assert office.live() == values(TRUE)


def test_a_later_run_that_was_taken_back_is_in_nobodys_way(office: Office, misread: Run) -> None:
    office.undo(office.take_in("0001;Ann;04/04/1980;12,50"))

    receipt = office.repair(misread)

    assert receipt.answers.kept.total() == 0
    assert office.live() == values(TRUE)


def test_clients_removed_since_stay_away(office: Office, misread: Run) -> None:
    office.edit("delete from clients where client_no = '0001'")

    receipt = office.repair(misread)

    assert receipt.answers.kept == {"removed since": 1}
    assert office.live() == values({key: TRUE[key] for key in ("0002", "0003")})


def test_a_value_that_a_later_delivery_says_too_is_not_made_older_again(office: Office) -> None:
    """The client's flag was misread as the contrary, and then became it: no cell of history says so."""
    flags = {**FIELDS, "name": {"from": "Name", "type": "code", "codes": {"Y": "yes", "N": "no"}}}
    wrong = {**flags, "name": {**flags["name"], "codes": {"Y": "no", "N": "yes"}}}
    office.agree(fields=wrong)
    misread = office.take_in("0001;Y;;1,00", "0002;Y;;1,00")
    office.agree(fields=flags)
    later = office.take_in("0001;N;;1,00")

    receipt = office.repair(misread)

    assert receipt.answers.kept == {f"confirmed by {later.name}": 1}
    assert office.live(("name",)) == {"0001": ("no",), "0002": ("yes",)}


# -- several nights under one wrong contract


def test_all_nights_of_a_wrong_contract_are_repaired_one_after_the_other(office: Office) -> None:
    nights = [[ANN, EVE], [ANN.replace("03/04", "07/08"), EVE], [ANN.replace("03/04", "07/09"), EVE]]
    office.agree(fields=MONTH_FIRST)
    runs = [office.take_in(*night) for night in nights]
    office.agree()

    first, second, third = (office.repair(run) for run in runs)

    assert [other.id for other in first.others] == [runs[1].id, runs[2].id]
    assert [other.id for other in second.others] == [runs[2].id]
    assert third.others == ()
    assert office.live() == values({"0001": "Ann 1980-09-07 12.50", "0003": TRUE["0003"]})


def test_the_newest_night_repaired_first_is_not_made_older_by_the_next_repair(office: Office) -> None:
    office.agree(fields=MONTH_FIRST)
    runs = [office.take_in(ANN, EVE), office.take_in(ANN.replace("03/04", "07/08"), EVE)]
    office.agree()

    newest, oldest = office.repair(runs[1]), office.repair(runs[0])

    assert newest.others == ()
    assert oldest.answers.kept == {f"changed by {newest.run.name}": 1}
    assert oldest.answers.right == 1
    assert office.live() == values({"0001": "Ann 1980-08-07 12.50", "0003": TRUE["0003"]})


def test_a_contract_corrected_twice_repairs_twice(office: Office, misread: Run) -> None:
    first = office.repair(misread)
    shouting = {**FIELDS, "name": {"from": "Name", "type": "code", "codes": {"Ann": "ANN", "Bob": "BOB", "Eve": "EVE"}}}
    office.agree(fields=shouting)

    second = office.repair(misread)

    assert (first.answers.restored, second.answers.restored, second.answers.kept.total()) == (3, 3, 0)
    assert office.live() == values({key: text.replace(text[:3], text[:3].upper()) for key, text in TRUE.items()})


def test_after_an_undo_of_the_repair_it_can_be_repaired_again(office: Office, misread: Run) -> None:
    office.undo(office.repair(misread).run)

    receipt = office.repair(misread)

    assert receipt.answers.restored == 3
    assert office.live() == values(TRUE)


# -- clients held before, whose rows were rejected


def test_rows_rejected_then_come_in_where_the_client_is_as_ringback_left_it(office: Office) -> None:
    office.take_in(ANN, BOB, EVE)
    office.agree(fields=MONTH_FIRST)
    misread = office.take_in("0002;Rob;31/12/1999;5,00", "0003;Eva;30/06/1990;0,00")
    office.agree()
    office.edit("update clients set name = 'Evelyn' where client_no = '0003'")

    receipt = office.repair(misread)

    assert receipt.answers.restored == 3  # Bob's name and balance, Eve's birthday
    assert receipt.answers.kept == {"edited outside ringback": 1}
    assert office.live() == values(
        {"0001": TRUE["0001"], "0002": "Rob 1999-12-31 5.00", "0003": "Evelyn 1990-06-30 0.00"}
    )


def test_what_no_run_ever_wrote_is_not_overwritten_by_a_row_that_was_rejected(office: Office) -> None:
    office.take_in(ANN)
    office.edit("insert into clients (client_no, name) values ('0002', 'Robert')")
    office.agree(fields=MONTH_FIRST)
    misread = office.take_in(BOB)
    office.agree()

    receipt = office.repair(misread)

    assert receipt.answers.kept == {"written by others before any run wrote it": 1}
    assert office.live()["0002"] == ("Robert", "1999-12-31", "-1234.00")


def test_clients_closed_for_a_row_that_could_not_be_read_are_opened(office: Office) -> None:
    keyed = {**FIELDS, "client_no": {**FIELDS["client_no"], "constraints": {"pattern": "[0-2]{4}"}}}
    office.agree(missing="close")
    office.take_in(ANN, EVE)
    office.agree(missing="close", fields=keyed)
    misread = office.take_in_whatever(EVE, ANN)
    closed = office.live(("closed",))
    office.agree(missing="close")

    receipt = office.repair(misread)

    assert closed["0003"] == ("true",)
    assert receipt.answers.restored == 1
    assert office.live(("closed",)) == {"0001": ("false",), "0003": ("false",)}


# -- keys


def _keys(**codes: str) -> dict[str, Any]:
    """Fields whose key reads client 1 and 2 as other clients: one="0009"."""
    told = {"0001": codes.get("one", "0001"), "0002": codes.get("two", "0002"), "0003": "0003"}
    return {**FIELDS, "client_no": {"from": "Client No", "type": "code", "codes": told}}


def test_a_record_under_a_wrong_key_is_taken_out_and_the_right_one_added(office: Office) -> None:
    office.agree(fields=_keys(one="0009"))
    misread = office.take_in(ANN, BOB)
    office.agree(fields=_keys())

    receipt = office.repair(misread)

    assert receipt.answers.restored == 2
    assert (receipt.run.rows.added, receipt.run.removed) == (1, 1)
    assert office.live() == values({key: TRUE[key] for key in ("0001", "0002")})


def test_a_record_under_a_wrong_key_that_others_edited_stays_beside_the_right_one(office: Office) -> None:
    office.agree(fields=_keys(one="0009"))
    misread = office.take_in(ANN, BOB)
    office.agree(fields=_keys())
    office.edit("update clients set balance = '7.00' where client_no = '0009'")

    receipt = office.repair(misread)

    assert receipt.answers.kept == {"edited outside ringback": 1}
    assert set(office.live()) == {"0001", "0002", "0009"}


def test_a_client_who_was_overwritten_by_another_has_its_values_back(office: Office) -> None:
    office.agree(fields=_keys())
    office.take_in(ANN, EVE)
    office.agree(fields=_keys(two="0001"))
    merged = office.take_in(BOB)
    overwritten = office.live()["0001"]
    office.agree(fields=_keys())

    receipt = office.repair(merged)

    assert overwritten == values(TRUE)["0002"]
    assert receipt.answers.restored == 4  # Ann's three values, and Bob
    assert office.live() == values(TRUE)


def test_clients_who_fell_together_are_both_there_again(office: Office) -> None:
    office.agree(fields=_keys(two="0001"))
    merged = office.take_in(ANN, BOB, EVE)
    together = office.live()
    office.agree(fields=_keys())

    receipt = office.repair(merged)

    assert set(together) == {"0003"}  # no reason to believe one of two rows more than the other
    assert receipt.answers.restored == 2
    assert office.live() == values(TRUE)


def test_clients_who_fall_together_under_the_corrected_key_are_told(office: Office) -> None:
    office.agree(fields=_keys())
    run = office.take_in(ANN, BOB, EVE)
    office.agree(fields=_keys(two="0001"))

    receipt = office.repair(run)

    assert receipt.answers.impossible == {"the row shares its key with another one under the corrected contract": 2}
    assert receipt.run.outcome is Outcome.UNCHANGED
    assert office.live() == values(TRUE)


def test_a_client_deleted_because_its_key_was_misread_comes_back(office: Office) -> None:
    office.agree(fields=_keys(), missing="delete")
    office.take_in(ANN, BOB)
    office.agree(fields=_keys(one="0009"), missing="delete")
    misread = office.take_in(BOB, ANN)
    wrong = set(office.live())
    office.agree(fields=_keys(), missing="delete")

    office.repair(misread)

    assert wrong == {"0009", "0002"}
    assert office.live() == values({key: TRUE[key] for key in ("0001", "0002")})


# -- clients who are missing


def test_clients_removed_because_changes_were_taken_for_a_snapshot_come_back(office: Office) -> None:
    office.agree(missing="delete")
    office.take_in(ANN, BOB, EVE)
    mistaken = office.take_in("0001;Ann;03/04/1980;13,00")
    left = set(office.live())
    office.agree(delivers="changes")

    receipt = office.repair(mistaken)

    assert left == {"0001"}
    assert receipt.answers.restored == 2
    assert office.live() == values({**TRUE, "0001": "Ann 1980-04-03 13.00"})


def test_clients_closed_because_changes_were_taken_for_a_snapshot_are_told(office: Office) -> None:
    office.agree(missing="close")
    office.take_in(ANN, BOB, EVE)
    mistaken = office.take_in("0001;Ann;03/04/1980;13,00")
    office.agree(delivers="changes")  # the mark is no longer ringback's to write

    receipt = office.repair(mistaken)

    assert receipt.answers.impossible == {"the field is no longer in the contract": 2}
    assert office.live(("closed",))["0002"] == ("true",)


def test_clients_who_left_since_are_not_brought_in_by_the_repair_of_an_older_night(office: Office) -> None:
    office.agree(fields=MONTH_FIRST, missing="delete")
    misread = office.take_in(ANN, BOB, "0004;Joe;31/01/1999;1,00")
    office.agree(missing="delete")
    later = office.take_in(ANN, "0004;Joe;31/02/1999;1,00")  # Bob is gone; Joe's row cannot be read again

    receipt = office.repair(misread)

    assert receipt.answers.kept == {f"not in the file of {later.name}": 1}
    assert set(office.live()) == {"0001", "0004"}


# -- what is not possible, and what is not done


def test_rows_that_the_corrected_contract_cannot_read_are_told_and_left(office: Office) -> None:
    run = office.take_in(ANN, BOB)
    office.agree(fields=MONTH_FIRST)

    receipt = office.repair(run)

    assert receipt.answers.impossible == {"the row cannot be read under the corrected contract": 1}
    assert receipt.run.rows.quarantined == 1
    assert office.live()["0002"] == values(TRUE)["0002"]


def test_fields_that_the_corrected_contract_does_not_have_are_told(office: Office) -> None:
    run = office.take_in(ANN)
    office.agree(fields={name: spec for name, spec in FIELDS.items() if name != "balance"}, ignored=["Balance"])

    receipt = office.repair(run)

    assert receipt.answers.impossible == {"the field is no longer in the contract": 1}
    assert office.live()["0001"] == values(TRUE)["0001"]


def test_a_field_that_the_contract_did_not_have_is_filled(office: Office) -> None:
    born, balance = ("text", "text") if office.target.startswith("sqlite") else ("date", "numeric(38, 2)")
    office.edit(f"create table clients (client_no text primary key, name text, born_on {born}, balance {balance})")
    office.agree(fields={name: spec for name, spec in FIELDS.items() if name != "balance"}, ignored=["Balance"])
    run = office.take_in(ANN, EVE)
    office.edit("update clients set balance = '7.00' where client_no = '0003'")
    office.agree()

    receipt = office.repair(run)

    assert (receipt.answers.restored, receipt.answers.kept.total()) == (1, 1)
    assert office.live(("balance",)) == {"0001": ("12.50",), "0003": ("7.00",)}


def test_a_run_whose_contract_did_not_change_has_nothing_to_repair(office: Office) -> None:
    run = office.take_in(ANN)

    receipt = office.repair(run)

    assert receipt.run.outcome is Outcome.UNCHANGED
    assert len(office.ledger()) == 1
    assert "nothing to repair in R1" in repair_text(receipt)


def test_a_repair_with_nothing_to_change_is_in_the_ledger_and_writes_nothing(office: Office) -> None:
    run = office.take_in("0001;Ann;04/04/1980;12,50")
    office.agree(fields=MONTH_FIRST)

    receipt = office.repair(run)

    assert (receipt.run.outcome, receipt.answers.total) == (Outcome.UNCHANGED, 0)
    assert [(each.kind, each.outcome) for each in office.ledger()[1:]] == [(RunKind.REPAIR, Outcome.UNCHANGED)]
    assert office.history(receipt.run).is_empty()


def test_a_contract_that_is_not_approved_repairs_nothing(office: Office, misread: Run) -> None:
    office.write_contract(fields={**FIELDS, "name": {"from": "Name", "type": "string", "trim": "false"}})

    with pytest.raises(NotApproved):
        office.repair(misread)

    assert office.live() == values(MISREAD)


def test_a_run_taken_back_a_held_run_and_an_undo_cannot_be_repaired(office: Office, misread: Run) -> None:
    undo = office.undo(misread).run
    held = office.take_in(f"{ANN};x", header="Client No;Name;Born;Balance;New")

    with pytest.raises(UsageError, match=f"was undone already, by {undo.name}"):
        office.repair(misread)
    with pytest.raises(UsageError, match="it is an undo"):
        office.repair(undo)
    with pytest.raises(UsageError, match="it is held"):
        office.repair(held)


def test_whoever_repairs_a_repair_is_told_which_run_is_meant(office: Office, misread: Run) -> None:
    repair = office.repair(misread).run

    with pytest.raises(UsageError) as told:
        office.repair(repair)

    assert told.value.mend == f"repair that one again: ringback repair {misread.name}"


def test_a_run_made_under_another_key_cannot_be_repaired(office: Office, misread: Run) -> None:
    office.agree(key=["name"])

    with pytest.raises(UsageError, match="key or table is another one since") as told:
        office.repair(misread)

    assert told.value.mend.endswith(f"ringback undo {misread.name}")


def test_a_delivery_that_the_contract_does_not_fit_at_all_is_left_alone(office: Office, misread: Run) -> None:
    office.agree(fields={**FIELDS, "name": {"from": "Full Name", "type": "string"}})

    with pytest.raises(DeliveryRefused, match=f"the delivery of {misread.name} cannot be read again"):
        office.repair(misread)

    assert office.live() == values(MISREAD)


def test_a_repair_that_a_trigger_disturbs_is_taken_back_itself(office: Office, misread: Run) -> None:
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
        office.repair(misread)

    assert office.live() == values(MISREAD)
    assert (office.ledger()[-1].kind, office.ledger()[-1].outcome) == (RunKind.REPAIR, Outcome.FAILED)


# -- what people see


def test_explain_tells_the_line_the_raw_text_and_the_corrected_contract(office: Office, misread: Run) -> None:
    repair = office.repair(misread).run

    changed = explain("clients", ("0001",), office.place, field="born_on").fields[0].steps[-1]
    added = explain("clients", ("0002",), office.place, field="born_on").fields[0].steps[-1]

    assert (changed.run.id, changed.line, changed.raw) == (repair.id, 2, "03/04/1980")
    assert (changed.before, changed.after, changed.contract_name) == (
        "1980-03-04",
        "1980-04-03",
        "release 3 of clients",
    )
    assert (added.kind, added.line, added.raw, added.after) == ("added", 3, "31/12/1999", "1999-12-31")


def test_runs_and_show_name_the_repaired_run(office: Office, misread: Run) -> None:
    repair = office.repair(misread).run

    ledger, shown = list_runs(office.place, feed=None, limit=10), show_run(repair.id, office.place, field=None, limit=5)

    assert ledger.runs[0].repairs == misread.id
    assert {example.after for example in shown.changed["born_on"]} == {"1980-04-03", "1990-06-05"}


def test_rows_that_came_in_are_no_longer_waiting_and_others_still_are(office: Office) -> None:
    office.agree(fields=MONTH_FIRST)
    misread = office.take_in(ANN, BOB, "0004;Joe;31/02/1999;1,00")
    office.agree()
    waiting = quarantined("clients", office.place).faults.height

    repair = office.repair(misread).run

    left = quarantined("clients", office.place).faults
    assert waiting == 2
    assert left.select("run", "line").rows() == [(repair.id, 4)]
    assert repair.rows.quarantined == 1


def test_rows_waiting_of_the_newest_delivery_are_not_hidden_by_a_repair_of_an_older_one(
    office: Office, misread: Run
) -> None:
    newest = office.take_in(ANN, "0004;Joe;31/02/1999;1,00")

    office.repair(misread)

    assert quarantined("clients", office.place).faults["run"].to_list() == [newest.id]


def test_corrected_rows_taken_in_under_a_wrong_contract_are_repaired_too(office: Office) -> None:
    run = office.take_in(ANN, "0002;Bob;;x")
    path = office.export(run)
    told = path.read_text(encoding="utf-8").replace(',Bob,"",x', ',Bob,03/04/1999,"1,00"')
    path.write_text(told, encoding="utf-8")
    office.agree(fields=MONTH_FIRST)
    corrected = office.take_back(path, run)
    office.agree()

    receipt = office.repair(corrected)

    assert receipt.answers.restored == 1
    assert office.live()["0002"] == ("Bob", "1999-04-03", "1.00")


def test_a_misread_delivery_that_was_repaired_teaches_the_guard_nothing(office: Office, misread: Run) -> None:
    assert len(office.place.baseline("clients")) == 1

    repair = office.repair(misread).run
    without = office.place.baseline("clients")
    office.undo(repair)

    assert without == ()
    assert len(office.place.baseline("clients")) == 1


def test_sixty_four_partitions_come_to_the_same_as_one(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.agree(fields=MONTH_FIRST)
    rows = [f"{number:04};C{number};{number % 14 + 1:02}/04/1980;1,00" for number in range(300)]
    first, second = (
        office.take_in(*rows),
        office.take_in_whatever(*(row.replace("/1980", "/1981") for row in rows[:100])),
    )
    office.agree()
    told = office.repair(first, dry=True)
    monkeypatch.setattr("ringback.workflows.repair.MEMORY_BYTES", 1)

    receipt = office.repair(first)
    office.repair(second)

    assert receipt.answers == told.answers
    assert office.live(("born_on",)) == {
        f"{number:04}": (f"{1981 if number < 100 else 1980}-04-{number % 14 + 1:02}",) for number in range(300)
    }
