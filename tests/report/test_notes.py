"""What is told to operators of a change, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ringback.contracts import ContractFile, differences
from ringback.contracts.contract import parse
from ringback.model.release import Approval, Release
from ringback.report.notes import drafted_notes
from ringback.steps.invent import CONTRACT_YAML

Edit = Callable[[str], str]
RELEASE = Release(
    id=1,
    feed="clients",
    fingerprint="f1",
    contract_text="",
    software={},
    approved_by="ana",
    approved_at=datetime(2024, 8, 10, tzinfo=UTC),
    reason="",
)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'format: "%d/%m/%Y"\n    stable: true\n    constraints: {required: true}\n  client_since',
            'format: "%-d %b %y"\n    pivot: 1930\n    stable: true\n    constraints: {required: true}\n  client_since',
            "`born_on` is now read as day month's short name two-digit year; it was day/month/year. "
            'E.g. "3 Apr 80" is 1980-04-03 now; it was not to be read.',
        ),
        (
            'decimalChar: ","\n    groupChar: "."\n    scale: 2\n    constraints: {required: true}\n  credit',
            'decimalChar: "."\n    groupChar: ","\n    scale: 2\n    constraints: {required: true}\n  credit',
            "the decimal mark of `balance` is now a point; it was a comma. "
            'E.g. "1.234" cannot be read any more; it was 1234.00.',
        ),
        ("from: Postcode", "from: ZIP", '`postcode` now comes from the column "ZIP"; it came from "Postcode".'),
        ("region: GB", "region: DE", '`phone` is now "DE"; it was "GB"'.replace("`phone`", "region of `phone`")),
        ("missing: keep", "missing: delete", "from now on clients who are not in a delivery are deleted; before: "),
        ('delimiter: ";"', 'delimiter: "|"', 'source.delimiter is now "|"; it was ";".'),
        ("A: active", "A: suspended", 'codes.A of `status` is now "suspended"; it was "active". E.g. "A" is suspended'),
        ("  address:\n    from: Address\n    type: string\n", "", "`address` is read no longer."),
    ],
)
def test_a_change_is_told_as_a_person_says_it(old: str, new: str, told: str) -> None:
    assert old in CONTRACT_YAML
    before, after = _contract(CONTRACT_YAML), _contract(CONTRACT_YAML.replace(old, new, 1))

    notes = _notes(before, after)

    assert told in notes


def test_a_new_field_is_told_in_the_other_direction() -> None:
    less = CONTRACT_YAML.replace("  address:\n    from: Address\n    type: string\n", "")

    assert '`address` is read now: string from "Address".' in _notes(_contract(less), _contract(CONTRACT_YAML))


def test_a_first_release_says_what_is_read_and_what_becomes_of_missing_clients() -> None:
    notes = drafted_notes(Approval(release=RELEASE, is_new=True), _contract(CONTRACT_YAML).contract, None)

    assert notes.startswith("First release: 12 fields of each client are read (client_no, first_name,")
    assert notes.endswith("a delivery has every client, and clients who are not in a delivery are kept.")


def test_software_is_told_with_its_versions() -> None:
    approval = Approval(release=RELEASE, is_new=True, compared_with=RELEASE, software=("polars 2.0 -> 2.1",))
    contract = _contract(CONTRACT_YAML).contract

    assert "Other software reads it: polars 2.0 -> 2.1." in drafted_notes(approval, contract, contract)


def test_of_very_many_changes_the_first_are_told_and_the_others_counted() -> None:
    many = CONTRACT_YAML.replace("from: ", "from: New ").replace("region: GB", "region: DE")

    notes = _notes(_contract(CONTRACT_YAML), _contract(many))

    assert notes.count("now comes from the column") + notes.count("region of") == 12
    assert "And 1 more places of the contract say something else." in notes


def _contract(text: str) -> ContractFile:
    return parse(text, name="feeds/clients.yaml")


def _notes(before: ContractFile, after: ContractFile) -> str:
    approval = Approval(release=RELEASE, is_new=True, compared_with=RELEASE, differences=differences(before, after))
    return drafted_notes(approval, after.contract, before.contract)
