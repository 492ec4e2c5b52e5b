"""A contract's text is changed in what differs, and in nothing else."""

from __future__ import annotations

from ringback.contracts.contract import ContractFile, parse
from ringback.contracts.rewritten import rewritten
from ringback.model.contract import Contract
from ringback.steps.invent import CONTRACT_YAML
from ringback.steps.misreadings import MISREADINGS
from ringback.steps.misreadings.misreading import respecify

NAME = "feeds/clients.yaml"
COMMENTED = CONTRACT_YAML.replace("    stable: true\n", "    stable: true  # nobody is born twice\n", 1)
FILE: ContractFile = parse(COMMENTED, name=NAME)


def test_only_the_line_that_says_something_else_is_another() -> None:
    wanted = _respecified("born_on", format="%m/%d/%Y")

    found = rewritten(FILE, wanted)

    assert found is not None
    pairs = zip(COMMENTED.splitlines(), found.text.splitlines(), strict=True)
    assert [(old, new) for old, new in pairs if old != new] == [
        ('    format: "%d/%m/%Y"', '    format: "%m/%d/%Y"'),
    ]
    assert found.contract == wanted


def test_every_misreading_of_the_catalogue_that_a_contract_can_say_can_be_written() -> None:
    mutants = [
        mutant
        for name, spec in FILE.contract.fields.items()
        for misreading in MISREADINGS
        if misreading.applies(spec)
        for mutant in misreading.contract_mutants(FILE.contract, name)
    ]

    lost = [(mutant.code, mutant.line) for mutant in mutants if rewritten(FILE, mutant.contract) is None]

    assert len(mutants) > 20
    assert lost == []


def test_a_contract_that_says_the_same_keeps_its_text() -> None:
    found = rewritten(FILE, FILE.contract)

    assert found is not None
    assert found.text == COMMENTED


def _respecified(field: str, **changes: object) -> Contract:
    wanted = respecify(FILE.contract, {field: changes})
    assert wanted is not None
    return wanted
