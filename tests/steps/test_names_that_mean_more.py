"""Columns named as Polars names several, "*" or "^.*$", are read, drawn, written and mutated as any others are."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from ringback.contracts import parse
from ringback.model.contract import Contract
from ringback.model.rows import LINE, cells_of
from ringback.steps.delimited import delimited
from ringback.steps.delivered_examples import DeliveredExamples
from ringback.steps.interpret import interpret
from ringback.steps.invent import CONTRACT_YAML, as_delivered, invent
from ringback.steps.misreadings import FEED_MISREADINGS, MISREADINGS, DeliveryMutant
from ringback.steps.scramble import Secret, scramble_rows
from ringback.steps.stratify import Telling, with_lots
from ringback.steps.telling_rows import telling_rows

PLAIN = parse(CONTRACT_YAML, name="clients.yaml").contract
ROWS = as_delivered(invent(300, seed=5)).with_row_index(LINE, offset=2).cast({LINE: pl.Int64})
COLUMNS = [name for name in ROWS.columns if name != LINE]
ODD = dict(zip(COLUMNS, ["*", "^.*$", "^$", "^[a-z]+$", "^ringback.*$", *COLUMNS[5:]], strict=True))


@pytest.fixture(scope="module")
def contract() -> Contract:
    fields = {name: spec.model_copy(update={"column": ODD[str(spec.column)]}) for name, spec in PLAIN.fields.items()}
    return PLAIN.model_copy(update={"fields": fields})


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    return ROWS.rename(ODD)


def mutants(rows: pl.DataFrame, contract: Contract) -> list[DeliveryMutant]:
    of_fields = [
        mutant
        for misreading in MISREADINGS
        for name, spec in contract.fields.items()
        if misreading.applies(spec)
        for mutant in misreading.delivery_mutants(rows, contract, name, where=None, seed=1)
    ]
    of_feeds = [
        mutant
        for entry in FEED_MISREADINGS
        for mutant in entry.delivery_mutants(rows, contract, seed=1, earlier=rows.head(250))
    ]
    return [*of_fields, *of_feeds]


def test_a_name_that_means_more_to_polars_names_one_column(rows: pl.DataFrame) -> None:
    for name in ODD.values():
        assert rows.select(cells_of(name)).columns == [name]


def test_the_rows_become_the_same_records(rows: pl.DataFrame, contract: Contract) -> None:
    assert interpret(rows, contract).records.equals(interpret(ROWS, PLAIN).records)


def test_a_drill_puts_the_same_accidents_into_them(rows: pl.DataFrame, contract: Contract) -> None:
    odd, plain = mutants(rows, contract), mutants(ROWS, PLAIN)
    names = {odd: plain for plain, odd in ODD.items()}  # one accident delivers the header as a record

    assert len(odd) == len(plain)
    for one, other in zip(odd, plain, strict=True):
        cells = [tuple(names.get(cell, cell) for cell in row) for row in one.rows.rows()]
        assert cells == other.rows.rows(), (one.code, other.line)


def test_the_same_rows_are_drawn_and_told(rows: pl.DataFrame, contract: Contract) -> None:
    drawn, plainly = with_lots(rows, contract), with_lots(ROWS, PLAIN)
    telling, told = Telling(contract), Telling(PLAIN)
    telling.take(drawn)
    told.take(plainly)

    assert drawn.rows() == plainly.rows()
    assert telling.ranked().equals(told.ranked())
    named = [
        replace(one, cells={ODD[name]: text for name, text in one.cells.items()}) for one in telling_rows(ROWS, PLAIN)
    ]
    assert list(telling_rows(rows, contract)) == named


def test_the_same_examples_are_shown_and_the_same_lines_written(rows: pl.DataFrame, contract: Contract) -> None:
    odd, plain = DeliveredExamples(contract), DeliveredExamples(PLAIN)
    odd.take(rows, interpret(rows, contract).records)
    plain.take(ROWS, interpret(ROWS, PLAIN).records)

    assert [odd.texts(name) for name in contract.fields] == [plain.texts(name) for name in PLAIN.fields]
    written, expected = (delimited(each, (), PLAIN.source, header=tuple(COLUMNS)) for each in (rows, ROWS))
    assert written == expected


def test_they_are_scrambled_alike(rows: pl.DataFrame, contract: Contract) -> None:
    odd = scramble_rows(rows, contract, Secret(word=b"told to nobody"))

    assert odd.rows() == scramble_rows(ROWS, PLAIN, Secret(word=b"told to nobody")).rows()
