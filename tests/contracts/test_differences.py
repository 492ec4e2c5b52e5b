"""What changed in a contract is told key by key, with the line to look at."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringback.contracts import differences, fingerprint, parse
from ringback.errors import NotApproved

SOFTWARE = {"polars": "2.1.0"}
PHONE = "  phone:\n    from: Phone\n    type: phone\n    region: GB\n"
CHANGES = {
    "title: Nightly": "title: Weekly",
    "%d/%m/%Y": "%Y/%m/%d",
    'decimalChar: ","': 'decimalChar: "\'"',
    "region: GB": "region: IE",
    "C: closed": "C: gone",
    "encoding: utf-8": "encoding: cp1252",
    "missing: keep": "missing: close",
    "0.5 %": "0.50 %",
    "20 rows": "21 rows",
    "[Internal Ref]": "[Internal Ref, Other]",
    "    stable: true\n": "",
}


def told(old: str, new: str) -> list[str]:
    return [str(found) for found in differences(parse(old, name="release 1"), parse(new, name="feeds/clients.yaml"))]


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if words in line)


@pytest.mark.parametrize(
    ("old", "new", "expected", "there"),
    [
        ("region: GB", "region: IE", 'phone.region: "GB" -> "IE"', "region: IE"),
        ("C: closed", "C: gone", 'status.codes.C: "closed" -> "gone"', "C: gone"),
        ("    stable: true\n", "", "born_on.stable: true -> (not written)", "born_on:"),
        ("missing: keep\n", "missing: close\n", 'missing: "keep" -> "close"', "missing: close"),
        ("0.5 %", "5 %", 'policy.quarantined.hold_above: "0.5 %" -> "5 %"', "5 %"),
        ("[Internal Ref]", "[]", 'ignored: ["Internal Ref"] -> []', "ignored: []"),
        (PHONE, "", 'phone: phone from "Phone" -> (not written)', "fields:"),
    ],
)
def test_a_change_of_meaning_is_told_with_its_line(clients: str, old: str, new: str, expected: str, there: str) -> None:
    assert old in clients
    changed = clients.replace(old, new, 1)

    found = told(clients, changed)

    assert found == [f"{expected} (line {line_of(changed, there)})"]


def test_a_field_by_another_name_is_one_new_and_one_gone(clients: str) -> None:
    changed = clients.replace("  phone:\n", "  mobile:\n")

    found = told(clients, changed)

    assert found == [
        f'phone: phone from "Phone" -> (not written) (line {line_of(changed, "fields:")})',
        f'mobile: (not written) -> phone from "Phone" (line {line_of(changed, "mobile:")})',
    ]


def test_what_a_new_type_has_by_default_is_not_told_beside_it(clients: str) -> None:
    changed = clients.replace("    type: phone\n    region: GB\n", "    type: decimal\n    scale: 2\n")

    found = told(clients, changed)

    assert found == [
        f'phone.region: "GB" -> (not written) (line {line_of(changed, "phone:")})',
        f'phone.type: "phone" -> "decimal" (line {line_of(changed, "from: Phone") + 1})',
        f"phone.scale: (not written) -> 2 (line {line_of(changed, 'from: Phone') + 2})",
    ]


def test_a_field_of_another_type_loses_what_only_the_old_type_has(clients: str) -> None:
    changed = clients.replace("    type: phone\n    region: GB\n", "    type: string\n")

    found = told(clients, changed)

    assert found == [
        f'phone.region: "GB" -> (not written) (line {line_of(changed, "phone:")})',
        f'phone.type: "phone" -> "string" (line {line_of(changed, "from: Phone") + 1})',
    ]


def test_several_changes_come_in_the_order_of_the_file(clients: str) -> None:
    new = clients.replace("C: closed", "C: gone").replace("encoding: utf-8", "encoding: cp1252")

    found = told(clients, new)

    assert [each.partition(":")[0] for each in found] == ["source.encoding", "status.codes.C"]


@given(chosen=st.sets(st.sampled_from(sorted(CHANGES))))
def test_there_is_a_difference_exactly_where_the_fingerprints_differ(clients: str, chosen: set[str]) -> None:
    plain = clients.replace("constraints: {minimum: 01/01/1900, maximum: 31/12/2023}", "trim: true")
    plain = plain.replace('    constraints: {minimum: "-1.000,00"}\n', "")
    new = plain
    for old in chosen:
        new = new.replace(old, CHANGES[old])

    found = told(plain, new)

    same = fingerprint(parse(plain, name="x").contract, SOFTWARE) == fingerprint(
        parse(new, name="x").contract, SOFTWARE
    )
    assert (not found) == same


def test_a_refusal_names_the_changes_also_after_it_travelled(clients: str) -> None:
    changed = differences(parse(clients, name="old"), parse(clients.replace("region: GB", "region: IE"), name="new"))
    refusal = NotApproved("is not approved", where="feeds/clients.yaml", why="why", mend="approve", differences=changed)

    travelled = pickle.loads(pickle.dumps(refusal))

    assert str(travelled) == str(refusal)
    assert str(refusal).splitlines() == [
        "feeds/clients.yaml: is not approved",
        "why",
        f'  phone.region: "GB" -> "IE" (line {line_of(clients, "region: GB")})',
        "approve",
    ]
