"""A delivery that does not fit its contract comes with the change of the contract that would fit."""

from __future__ import annotations

import pytest

from ringback.errors import UsageError
from ringback.model.run import Outcome, Plan
from ringback.workflows.accept import accept
from ringback.workflows.import_file import plan_file

from .office import HEADER, Office, asked, codes

ROWS = [f"{number:04d};Client {number};{1 + number % 28:02d}/04/1980;{number},50" for number in range(1, 41)]


def planned(office: Office, text: str | bytes) -> Plan:
    path = office.folder / "clients.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return plan_file(path, "clients", office.place, asked())


def delivered(header: str, rows: list[str] | None = None, *, mark: str = ";") -> str:
    return "".join(f"{line}\n" for line in [header, *(rows or ROWS)]).replace(";", mark)


def reasons(plan: Plan) -> tuple[str, ...]:
    assert plan.proposal is not None
    return plan.proposal.reasons


def test_a_renamed_column_is_found_by_its_values_and_by_what_is_held(office: Office) -> None:
    office.take_in(*ROWS)

    plan = planned(office, delivered("Client No;Name;birth_date;Balance"))

    assert plan.receipt.run.outcome is Outcome.REFUSED
    assert reasons(plan) == (
        '"Born" is missing; "birth_date" is new: 100.0 % of its values fit born_on, '
        "and 100.0 % of them are what is held",
    )
    assert '+   "from": birth_date,' in plan.proposal.diff.replace("    ", "  ")  # type: ignore[union-attr]


def test_an_accepted_change_is_imported_after_it_was_approved(office: Office) -> None:
    office.take_in(*ROWS[1:])
    plan = planned(office, delivered("Client No;Name;birth_date;Balance"))

    accept(plan, office.place)

    path = office.folder / "clients.csv"
    assert "gate.not_approved" in codes(office.take_in_file(path))
    office.approve()
    assert office.take_in_file(path).outcome is Outcome.PUBLISHED


def test_a_renamed_key_is_found_by_the_clients_that_are_held(office: Office) -> None:
    office.take_in(*ROWS)

    plan = planned(office, delivered("Nummer;Name;Born;Balance"))

    assert [reason.partition(":")[0] for reason in reasons(plan)] == ['"Client No" is missing; "Nummer" is new']


def test_a_column_that_holds_other_values_is_not_taken_for_the_missing_one(office: Office) -> None:
    office.take_in(*ROWS)
    others = [row.replace("/04/1980", "/05/1991") for row in ROWS]

    plan = planned(office, delivered("Client No;Name;Died;Balance", others))

    assert reasons(plan) == ('"Died" is new, and no field reads it',)
    assert plan.proposal is not None
    assert plan.proposal.left == ('"Born" is missing, and no new column fits born_on',)


def test_before_anything_is_held_only_a_name_like_it_speaks_for_a_new_column(office: Office) -> None:
    alike = planned(office, delivered("Client No;Name;born;Balance"))
    unlike = planned(office, delivered("Client No;Name;Since;Balance"))

    assert reasons(alike) == ('"Born" is missing; "born" is new: 100.0 % of its values fit born_on',)
    assert reasons(unlike) == ('"Since" is new, and no field reads it',)


def test_an_added_column_is_proposed_to_be_ignored(office: Office) -> None:
    plan = planned(office, delivered(f"{HEADER};Loyalty", [f"{row};gold" for row in ROWS]))

    assert plan.receipt.run.outcome is Outcome.HELD
    assert reasons(plan) == ('"Loyalty" is new, and no field reads it',)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (delivered(HEADER, mark="|").encode(), 'its values are separated by "|", and the contract says ";"'),
        (delivered(HEADER).encode("utf-16"), "its bytes are utf-16, and the contract says utf-8"),
        (
            delivered(HEADER, [row.replace("Client", "Zoë Müller") for row in ROWS]).encode("cp1252"),
            "its bytes are cp1252, and the contract says utf-8",
        ),
        (("Export\n\n" + delivered(HEADER)).encode(), "2 lines stand before its header, and the contract says 0"),
    ],
    ids=["delimiter", "utf-16", "cp1252", "preamble"],
)
def test_another_way_of_writing_the_file_is_told(office: Office, content: bytes, reason: str) -> None:
    office.write_contract(policy={"quarantined": {"hold_above": "0.5 %"}})

    plan = planned(office, content)

    assert reasons(plan) == (reason,)
    accept(plan, office.place)
    assert planned(office, content).receipt.run.outcome is Outcome.PUBLISHED


def test_a_file_that_fits_has_nothing_to_accept(office: Office) -> None:
    plan = planned(office, delivered(HEADER))

    assert plan.proposal is None
    with pytest.raises(UsageError, match="no change to accept"):
        accept(plan, office.place)


def test_an_import_that_is_refused_tells_of_the_change_too(office: Office) -> None:
    run = office.take_in(*ROWS, header="Client No;Name;born;Balance")

    assert run.outcome is Outcome.REFUSED
    (told,) = [finding for finding in run.findings if finding.code == "contract.proposal"]
    assert told.because[0].startswith('"Born" is missing')


def test_a_file_of_very_many_new_columns_is_another_file_and_no_change_is_proposed(office: Office) -> None:
    names = ";".join(f"c{number}" for number in range(10_000))

    plan = planned(office, f"{names}\n{names}\n")

    assert plan.receipt.run.outcome is Outcome.REFUSED
    assert plan.proposal is None
