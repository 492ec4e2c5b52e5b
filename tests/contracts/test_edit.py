"""Changes of a contract's text leave everything else as people wrote it."""

from __future__ import annotations

import json

import pytest

from ringback.contracts import parse
from ringback.contracts.edit import edited


def test_a_value_is_changed_where_it_stands(clients: str) -> None:
    found = parse(clients, name="feeds/clients.yaml")

    text = edited(found, {("source", "delimiter"): "\t", ("fields", "born_on", "from"): "Geburtstag: neu"})

    assert text == clients.replace('delimiter: ";"', 'delimiter: "\\t"').replace(
        "from: Date of Birth", 'from: "Geburtstag: neu"'
    )
    contract = parse(text, name="feeds/clients.yaml").contract
    assert (contract.source.delimiter, contract.fields["born_on"].column) == ("\t", "Geburtstag: neu")


def test_a_key_that_was_not_written_is_added(clients: str) -> None:
    found = parse(clients, name="feeds/clients.yaml")

    contract = parse(edited(found, {("source", "preambleLines"): 2}), name="feeds/clients.yaml").contract

    assert contract.source.preamble_lines == 2
    assert contract.source.delimiter == ";"


@pytest.mark.parametrize(
    "ignored", ["ignored: [Internal Ref]\n", "ignored: []\n", "", "ignored:\n  - Internal Ref\n  - Other\n"]
)
def test_more_columns_are_ignored_however_the_list_is_written(clients: str, ignored: str) -> None:
    found = parse(clients.replace("ignored: [Internal Ref]\n", ignored), name="feeds/clients.yaml")

    contract = parse(edited(found, {}, ignored=("A: b", "No")), name="feeds/clients.yaml").contract

    assert set(contract.ignored) == {*found.contract.ignored, "A: b", "No"}


def test_a_contract_written_as_json_stays_one() -> None:
    written = {"feed": "a", "key": "no", "target": {"table": "a"}, "fields": {"no": {"from": "No", "type": "string"}}}
    found = parse(json.dumps(written), name="feeds/a.yaml")

    text = edited(found, {("source", "delimiter"): ";", ("fields", "no", "from"): "Nr"}, ignored=("x",))

    contract = parse(text, name="feeds/a.yaml").contract
    assert (contract.source.delimiter, contract.fields["no"].column, contract.ignored) == (";", "Nr", ("x",))
