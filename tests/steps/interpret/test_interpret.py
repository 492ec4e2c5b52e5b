"""Rows of text become records, or rejects with all their faults."""

from __future__ import annotations

import json
import random

import polars as pl
import pytest

from ringback.model.contract import Contract
from ringback.model.rows import LINE, REJECT_SCHEMA
from ringback.steps.interpret import FIELD_TYPES, interpret
from ringback.steps.interpret.reference import WHITE_SPACE, read_record, read_records

CONTRACT = Contract.model_validate(
    {
        "feed": "clients",
        "key": "client_no",
        "target": {"table": "clients"},
        "missingValues": ["", "NA"],
        "fields": {
            name: FIELD_TYPES[keys["type"]].model_validate(keys)
            for name, keys in {
                "client_no": {
                    "from": "Client No",
                    "type": "string",
                    "constraints": {"pattern": r"\d{4}|x+", "required": True, "maxLength": 5},
                },
                "born_on": {
                    "from": "Born",
                    "type": "date",
                    "format": "%d/%m/%Y",
                    "constraints": {"minimum": "01/01/1900", "maximum": "31/12/2023"},
                },
                "balance": {
                    "from": "Balance",
                    "type": "decimal",
                    "decimalChar": ",",
                    "scale": 2,
                    "constraints": {"minimum": "-10", "enum": ["-11", "0,5", "1", "7,25"], "minLength": 2},
                },
                "status": {"from": "Status", "type": "code", "codes": {"A": "active"}, "missingValues": ["-"]},
                "note": {"from": "Note", "type": "string", "trim": False, "constraints": {"required": True}},
                "phone": {"from": "Phone", "type": "phone", "region": "GB"},
                "born_text": {"from": "Born", "type": "string", "constraints": {"enum": ["01/02/1980", "é"]}},
            }.items()
        },
    }
)
GOOD = {
    "Client No": "0012",
    "Born": "01/02/1980",
    "Balance": "7,25",
    "Status": "A",
    "Note": "n",
    "Phone": "020 7946 0958",
}


def rows_of(*cells: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame([{LINE: line, **GOOD, **row} for line, row in enumerate(cells, 2)])


def codes_of(**cells: str) -> list[str]:
    renamed = {key.replace("_", " "): text for key, text in cells.items()}
    return interpret(rows_of(renamed), CONTRACT).rejects["code"].to_list()


def test_a_good_row_becomes_a_typed_record() -> None:
    found = interpret(rows_of({}), CONTRACT)

    assert found.rejects.is_empty()
    assert found.rejects.schema == REJECT_SCHEMA
    assert found.records.schema == {LINE: pl.Int64, **{name: spec.dtype for name, spec in CONTRACT.fields.items()}}
    assert found.records.row(0)[:2] == (2, "0012")


def test_a_bad_row_is_rejected_with_all_of_its_faults_and_the_others_stay() -> None:
    rows = rows_of({}, {"Client No": "123456", "Born": "31.02.1984", "Note": "NA"}, {})

    found = interpret(rows, CONTRACT)

    assert found.records[LINE].to_list() == [2, 4]
    assert found.rejects.select("line", "fault", "column", "field", "code", "raw").rows() == [
        (3, 1, "Client No", "client_no", "constraint.pattern", "123456"),
        (3, 2, "Client No", "client_no", "constraint.maxLength", "123456"),
        (3, 3, "Born", "born_on", "date.unreadable", "31.02.1984"),
        (3, 4, "Note", "note", "constraint.required", "NA"),
        (3, 5, "Born", "born_text", "constraint.enum", "31.02.1984"),
    ]


def test_a_reject_holds_the_row_as_it_was_delivered() -> None:
    awkward = {"Born": "x", "Note": ' "q"\\ \n\t\x01é😀\u2028', "Status": "\x00"}

    found = interpret(rows_of(awkward), CONTRACT)

    assert json.loads(found.rejects["row"][0]) == {**GOOD, **awkward}
    assert found.rejects["reason"][0] == "is not a date written as %d/%m/%Y"


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({"Client_No": ""}, ["constraint.required"]),
        ({"Client_No": " NA "}, ["constraint.required"]),
        ({"Client_No": "0012x"}, ["constraint.pattern"]),
        ({"Client_No": "xxxxxx"}, ["constraint.maxLength"]),
        ({"Born": "31/12/1899"}, ["constraint.minimum", "constraint.enum"]),
        ({"Born": "01/01/2024"}, ["constraint.maximum", "constraint.enum"]),
        ({"Born": "NA"}, []),
        ({"Balance": "-11"}, ["constraint.minimum"]),
        ({"Balance": "2,00"}, ["constraint.enum"]),
        ({"Balance": "1,00"}, []),
        ({"Balance": "1"}, ["constraint.minLength"]),
        ({"Balance": ""}, []),
        ({"Status": "B"}, ["code.unreadable"]),
        ({"Status": "-"}, []),
        ({"Status": "NA"}, ["code.unreadable"]),
        ({"Note": "NA "}, []),
        ({"Phone": "020"}, ["phone.unreadable"]),
    ],
)
def test_every_broken_promise_is_told_by_its_name(cells: dict[str, str], codes: list[str]) -> None:
    assert codes_of(**cells) == codes


@pytest.mark.parametrize("letter", [*WHITE_SPACE, "\x1c", "\x1f", "\u200b", "\ufeff", "\u180e"])
def test_both_readers_trim_the_same_white_space(letter: str) -> None:
    cells = {**GOOD, "Client No": f"{letter}0012{letter}"}

    record = read_record(cells, CONTRACT)
    records = interpret(rows_of(cells), CONTRACT).records

    assert bool(record.faults) == records.is_empty() == (letter not in WHITE_SPACE)


def test_white_space_is_what_unicode_says_it_is() -> None:
    letters = [chr(code) for code in range(0x11_0000) if not 0xD800 <= code <= 0xDFFF]

    trimmed = pl.Series(letters).str.strip_chars()

    assert [letter for letter, rest in zip(letters, trimmed, strict=True) if not rest] == list(WHITE_SPACE)


def test_a_delivery_without_a_mapped_column_is_no_matter_of_this_step() -> None:
    with pytest.raises(ValueError, match="Born, Note"):
        interpret(rows_of({}).drop("Born", "Note"), CONTRACT)


def test_a_file_without_names_is_read_by_the_numbers_of_its_columns() -> None:
    field = FIELD_TYPES["string"].model_validate({"from": 2, "type": "string"})
    contract = CONTRACT.model_copy(update={"fields": {"client_no": field}})

    found = interpret(pl.DataFrame({LINE: [1], "1": ["a"], "2": ["b"]}), contract)

    assert found.records.rows() == [(1, "b")]


def test_no_rows_are_no_records() -> None:
    found = interpret(rows_of({}).clear(), CONTRACT)

    assert found.records.is_empty()
    assert found.rejects.is_empty()


@pytest.mark.parametrize("count", [2_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_both_readers_make_the_same_records_and_find_the_same_faults(count: int) -> None:
    dice = random.Random(count)
    texts = {
        "Client No": ["0012", " 0013\u2003", "x" * 6, "NA", "", "٣٣٣٣", "12\n"],
        "Born": ["01/02/1980", "31/02/1980", "", "01/01/1800", "é", "1/2/1980", "01/01/2024", " NA"],
        "Balance": ["7,25", "1", "1,00", "-11", "-12", "1.00", "", "0,50 ", "0,505"],
        "Status": ["A", "a", "-", "", " A"],
        "Note": ["n", "", " ", "NA", "\x00"],
        "Phone": ["020 7946 0958", "+49 30 901820", "", "x", "020"],
    }
    cells = [{column: dice.choice(choices) for column, choices in texts.items()} for _ in range(count)]

    found = interpret(rows_of(*cells), CONTRACT)
    records = read_records(cells, CONTRACT)

    good = [record.values for record in records if not record.faults]
    faults = [
        (line, number, fault.column, fault.field, fault.code, fault.raw, fault.reason)
        for line, record in enumerate(records, 2)
        for number, fault in enumerate(record.faults, 1)
    ]
    assert 0 < len(good) < count
    assert found.records.drop(LINE).to_dicts() == good
    assert found.rejects.drop("row").rows() == faults


def test_every_type_of_the_contract_is_found_by_itself() -> None:
    assert set(FIELD_TYPES) >= {
        *("string", "integer", "decimal", "boolean", "date", "time", "datetime"),
        *("phone", "email", "code", "iban", "number", "json"),
    }
    assert all(kind.model_fields["type"].default == name for name, kind in FIELD_TYPES.items())
