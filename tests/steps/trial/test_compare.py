"""Two readings of the same rows compared: every count is what comparing them one by one gives."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ringback.model.canonical import text_of
from ringback.model.contract import Contract
from ringback.model.rows import LINE
from ringback.model.trial import FieldState, RowChanges
from ringback.steps.interpret import FIELD_TYPES, interpret
from ringback.steps.interpret.reference import Record, read_records
from ringback.steps.trial.compare import Comparison
from ringback.steps.trial.keys import examples, only_in, sharing
from ringback.steps.trial.piece import Piece

CLIENTS: dict[str, dict[str, Any]] = {
    "client_no": {"from": "No", "type": "string"},
    "born_on": {"from": "Born", "type": "date", "format": "%d/%m/%Y"},
    "balance": {"from": "Balance", "type": "decimal", "decimalChar": ",", "groupChar": ".", "scale": 2},
}
OTHER_WAYS: dict[str, list[dict[str, Any]]] = {
    "client_no": [{"constraints": {"pattern": "[0-9]+"}}, {"trim": False}],
    "born_on": [{"format": "%m/%d/%Y"}, {"missingValues": ["", "01/02/1980"]}, {"type": "string"}],
    "balance": [{"decimalChar": ".", "groupChar": ","}, {"constraints": {"maximum": "2,00"}}],
}
_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", "01", " 1", "x", ""]),
        st.sampled_from(["01/02/1980", "13/02/1980", "02/13/1980", ""]),
        st.sampled_from(["1,50", "1.50", "1.000", "", "9,00"]),
    ),
    max_size=10,
)
_OTHER = st.fixed_dictionaries({name: st.sampled_from([{}, *ways]) for name, ways in OTHER_WAYS.items()})


def _contract(told: dict[str, dict[str, Any]]) -> Contract:
    fields = {}
    for name, asked in told.items():
        known = {key: value for key, value in asked.items() if asked["type"] != "string" or key not in ("format",)}
        fields[name] = FIELD_TYPES[asked["type"]](**known)
    return Contract(feed="clients", key=("client_no",), target={"table": "clients"}, fields=fields)  # type: ignore[arg-type]


def _changed(ways: dict[str, dict[str, Any]]) -> Contract:
    return _contract({name: {**asked, **ways.get(name, {})} for name, asked in CLIENTS.items()})


def _rows(rows: list[tuple[str, str, str]]) -> pl.DataFrame:
    lines = pl.Series(LINE, range(2, 2 + len(rows)), dtype=pl.Int64)
    schema = dict.fromkeys(("No", "Born", "Balance"), pl.String())
    return pl.DataFrame(rows, schema=schema, orient="row").insert_column(0, lines)


def _piece(rows: pl.DataFrame, contract: Contract) -> Piece:
    read = interpret(rows, contract)
    return Piece(rows=rows, records=read.records, rejects=read.rejects)


def _compare(rows: list[tuple[str, str, str]], new: Contract) -> tuple[Comparison, RowChanges]:
    old = _contract(CLIENTS)
    comparison, frame = Comparison(old, new, example_count=3), _rows(rows)
    comparison.begin(7)
    return comparison, comparison.take(_piece(frame, old), _piece(frame, new))


def _one_by_one(rows: list[tuple[str, str, str]], contract: Contract) -> list[Record]:
    return read_records([dict(zip(("No", "Born", "Balance"), row, strict=True)) for row in rows], contract)


@settings(deadline=None, max_examples=150)
@given(_ROWS, _OTHER)
def test_counts_are_those_of_comparing_two_readings_value_by_value(
    rows: list[tuple[str, str, str]], ways: dict[str, dict[str, Any]]
) -> None:
    new = _changed(ways)
    comparison, changes = _compare(rows, new)

    pairs = list(zip(_one_by_one(rows, _contract(CLIENTS)), _one_by_one(rows, new), strict=True))
    both = [(one.values, other.values) for one, other in pairs if not one.faults and not other.faults]
    differ = {
        name: [(one, other) for one, other in both if text_of(one[name]) != text_of(other[name])] for name in CLIENTS
    }
    told = {each.field: each for each in comparison.fields()}
    assert changes.compared == len(both)
    assert changes.entered == sum(bool(other.faults) and not one.faults for one, other in pairs)
    assert changes.left == sum(bool(one.faults) and not other.faults for one, other in pairs)
    assert changes.rekeyed == len(differ["client_no"])
    assert changes.changed == sum(any(text_of(one[n]) != text_of(other[n]) for n in CLIENTS) for one, other in both)
    assert {name: each.changed for name, each in told.items()} == {name: len(some) for name, some in differ.items()}
    assert {name: each.blanked for name, each in told.items()} == {
        name: sum(other[name] is None for _, other in some) for name, some in differ.items()
    }


@settings(deadline=None)
@given(_ROWS)
def test_a_contract_against_itself_changes_nothing(rows: list[tuple[str, str, str]]) -> None:
    comparison, changes = _compare(rows, _contract(CLIENTS))

    assert changes.are_none
    assert not any(each.is_other for each in comparison.fields())
    assert (comparison.examples, comparison.keys, comparison.entering, comparison.leaving) == ({}, (), (), ())


def test_an_example_has_the_clients_key_its_line_both_values_and_the_text_as_delivered() -> None:
    comparison, _ = _compare([("1", "", ""), ("2", "01/02/1980", "")], _changed({"born_on": {"format": "%m/%d/%Y"}}))

    (seen,) = comparison.examples["born_on"]

    assert (seen.run, seen.example.key, seen.example.line) == (7, ("2",), 3)
    assert (seen.example.before, seen.example.after, seen.example.raw) == ("1980-02-01", "1980-01-02", "01/02/1980")


def test_what_makes_the_new_values_of_the_old_ones_is_named() -> None:
    rows = [(str(n), f"{1 + n % 12:02}/{1 + n % 5:02}/{1950 + n}", "") for n in range(40)]
    comparison, _ = _compare(rows, _changed({"born_on": {"format": "%m/%d/%Y"}}))

    told = next(each for each in comparison.fields() if each.field == "born_on")

    assert (told.misreading, told.explained) == ("date.day_month", told.changed)
    assert told.sentence is not None
    assert "day and month exchanged" in told.sentence


def test_why_rows_enter_and_why_those_that_leave_were_there() -> None:
    rows = [("1", "13/02/1980", ""), ("2", "02/13/1980", ""), ("3", "13/02/1990", "")]
    comparison, changes = _compare(rows, _changed({"born_on": {"format": "%m/%d/%Y"}}))

    (entering,), (leaving,) = comparison.entering, comparison.leaving

    assert (changes.entered, changes.left) == (2, 1)
    assert (entering.run, entering.group.row_count, entering.group.field) == (7, 2, "born_on")
    assert entering.group.raws == ((2, "13/02/1980"), (4, "13/02/1990"))
    assert leaving.group.reason == "is not a date written as %d/%m/%Y"


def test_a_field_that_comes_and_one_that_goes_are_told_as_such() -> None:
    fields = {"client_no": CLIENTS["client_no"], "birthday": CLIENTS["born_on"], "balance": CLIENTS["balance"]}
    comparison, changes = _compare([("1", "01/02/1980", "1,50")], _contract(fields))

    told = {each.field: each.state for each in comparison.fields()}

    assert changes.are_none
    assert told == {
        "client_no": FieldState.BOTH,
        "birthday": FieldState.NEW,
        "balance": FieldState.BOTH,
        "born_on": FieldState.GONE,
    }


def test_a_value_of_another_type_is_another_where_it_is_written_otherwise() -> None:
    fields = {**CLIENTS, "born_on": {"from": "Born", "type": "string"}}
    comparison, changes = _compare([("1", "01/02/1980", "1,50"), ("2", "", "")], _contract(fields))

    (seen,) = comparison.examples["born_on"]

    assert changes.changed == 1
    assert (seen.example.before, seen.example.after) == ("1980-02-01", "01/02/1980")


def test_a_record_that_is_another_clients_is_told_with_both_keys() -> None:
    fields = {**CLIENTS, "client_no": {"from": "Balance", "type": "string"}}
    comparison, changes = _compare([("1", "", "1,50"), ("7,50", "", "7,50")], _contract(fields))

    (seen,) = comparison.keys

    assert changes.rekeyed == 1
    assert (seen.example.line, seen.example.before, seen.example.after) == (2, "1", "1,50")


def test_rows_that_come_to_share_their_key_and_rows_that_no_longer_do_are_told_apart() -> None:
    lines = pl.Series(LINE, [2, 3, 4], dtype=pl.Int64)
    old = pl.DataFrame([lines, pl.Series("client_no", ["1", "2", "2"])])
    new = pl.DataFrame([lines, pl.Series("client_no", ["1", "1", "2"])])

    before, after = sharing(old, ["client_no"]), sharing(new, ["client_no"])
    merged, split = only_in(after, before), only_in(before, after)

    assert (merged[LINE].to_list(), split[LINE].to_list()) == ([2], [4])
    assert [(each.line, each.before, each.after) for each in examples(merged, split, 5)] == [
        (2, None, "1"),
        (4, "2", None),
    ]
