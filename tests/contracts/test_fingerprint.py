"""A fingerprint changes with the meaning of a contract, and with nothing else."""

from __future__ import annotations

import pytest

from ringback.contracts import fingerprint, parse, software

SOFTWARE = {"ringback reading": "1", "polars": "2.1.0"}


def printed(text: str) -> str:
    return fingerprint(parse(text, name="feeds/clients.yaml").contract, SOFTWARE)


def test_a_fingerprint_is_a_sha256_in_hexadecimal(clients: str) -> None:
    assert len(bytes.fromhex(printed(clients))) == 32


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Nightly", "title: Weekly"),
        ("title: Nightly", "description: long\ntitle: Nightly"),
        ("    from: Phone", "    title: The phone\n    from: Phone"),
        ("# every client each time", "# a remark"),
        ("delivers: snapshot            # every client each time\nmissing: keep", "missing: keep\ndelivers: snapshot"),
        ("missing: keep\n", ""),
        ("0.5 %", "0.50%"),
        ("key: [client_no]", "key: client_no"),
        ("    type: phone\n    region: GB", "    region: GB\n    type: phone"),
    ],
)
def test_words_for_people_and_the_order_of_keys_leave_it(clients: str, old: str, new: str) -> None:
    assert old in clients

    assert printed(clients.replace(old, new)) == printed(clients)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("%d/%m/%Y", "%m/%d/%Y"),
        ('decimalChar: ","\n    groupChar: "."', 'decimalChar: "."\n    groupChar: ","'),
        ("region: GB", "region: IE"),
        ("{A: active, S: suspended", "{S: active, A: suspended"),
        ("required: true", "required: true, minLength: 8"),
        ("stable: true", "stable: false"),
        ("encoding: utf-8", "encoding: cp1252"),
        ("missing: keep", "missing: close"),
        ("0.5 %", "5 %"),
        ("table: clients", "table: customers"),
        ("ignored: [Internal Ref]", "ignored: [Internal Ref, Other]"),
    ],
)
def test_any_change_of_meaning_or_policy_changes_it(clients: str, old: str, new: str) -> None:
    assert old in clients
    plain = clients.replace(", maximum: 31/12/2023", "").replace("minimum: 01/01/1900", "unique: false")
    plain = plain.replace('minimum: "-1.000,00"', "unique: false")

    changed = plain.replace(old, new)

    assert printed(changed) != printed(plain)


def test_other_software_changes_it(clients: str) -> None:
    contract = parse(clients, name="x").contract

    assert fingerprint(contract, SOFTWARE) != fingerprint(contract, {**SOFTWARE, "polars": "2.2.0"})
    assert fingerprint(contract, SOFTWARE) == fingerprint(contract, dict(reversed(SOFTWARE.items())))


def test_the_software_that_reads_is_named_with_its_versions() -> None:
    found = software()

    assert list(found) == ["ringback reading", "polars", "phonenumbers", "python-stdnum", "tzdata"]
    assert all(version[0].isdigit() for version in found.values())
