"""A sample follows the same clients through all deliveries."""

from __future__ import annotations

import polars as pl

from ringback.model.contract import Contract
from ringback.model.rows import LINE, REJECT_SCHEMA
from ringback.steps.interpret import FIELD_TYPES
from ringback.steps.read import RowChunk
from ringback.steps.trial.sample import drawn

_FIELDS = {"client_no": FIELD_TYPES["string"](**{"type": "string", "from": "No"})}
CONTRACT = Contract(feed="clients", key=("client_no",), target={"table": "clients"}, fields=_FIELDS)  # type: ignore[arg-type]


def _chunk(numbers: list[str], *, first_line: int = 2) -> RowChunk:
    lines = list(range(first_line, first_line + len(numbers)))
    rejects = [{**dict.fromkeys(REJECT_SCHEMA), "line": line + 10_000} for line in lines]
    return RowChunk(
        rows=pl.DataFrame({LINE: lines, "No": numbers}, schema={LINE: pl.Int64(), "No": pl.String()}),
        rejects=pl.DataFrame(rejects, schema=REJECT_SCHEMA),
        skipped={"total": 1},
        row_count=2 * len(numbers) + 1,
        texts=lambda places: [f"row {numbers[place]}" for place in places],
    )


def test_the_same_clients_are_drawn_wherever_they_stand_and_however_their_key_is_padded() -> None:
    numbers = [str(number) for number in range(400)]

    one = drawn(_chunk(numbers), CONTRACT, 0.25)
    other = drawn(_chunk([f" {number} " for number in reversed(numbers)], first_line=900), CONTRACT, 0.25)

    assert set(one.rows["No"]) == {number.strip() for number in other.rows["No"]}
    assert 60 <= one.rows.height <= 140


def test_a_drawn_row_keeps_its_own_text_and_the_counts_are_those_of_the_sample() -> None:
    sample = drawn(_chunk([str(number) for number in range(200)]), CONTRACT, 0.25)

    places = list(range(sample.rows.height))

    assert sample.texts(places) == [f"row {number}" for number in sample.rows["No"]]
    assert sample.row_count == sample.rows.height + sample.rejects.height
    assert sample.skipped == {}


def test_where_two_contracts_split_rows_differently_the_line_decides_for_rows_and_rejects_alike() -> None:
    chunk = _chunk([str(number) for number in range(300)])
    as_rejects = pl.DataFrame(
        [{**dict.fromkeys(REJECT_SCHEMA), "line": line} for line in chunk.rows[LINE]], schema=REJECT_SCHEMA
    )
    rejected = RowChunk(rows=chunk.rows.clear(), rejects=as_rejects, skipped={}, row_count=300, texts=lambda places: [])

    assert drawn(chunk, None, 0.25).rows[LINE].to_list() == drawn(rejected, None, 0.25).rejects["line"].to_list()
