"""DeliveredExamples of a delivery: a few texts of each shape, the same ones whatever the order of the rows."""

from __future__ import annotations

import random

import polars as pl
import pytest

from ringback.model.contract import Contract
from ringback.model.rows import LINE
from ringback.steps.delivered_examples import SHAPES, DeliveredExamples
from ringback.steps.interpret import FIELD_TYPES

CONTRACT = Contract(
    feed="clients",
    key=("client_no",),
    target={"table": "clients"},
    fields={name: FIELD_TYPES["string"](**{"type": "string", "from": name}) for name in ("client_no", "name")},
)


def _texts(names: list[str], *, chunk: int = 1000, records: set[int] | None = None) -> tuple[str, ...]:
    examples = DeliveredExamples(CONTRACT)
    lines = range(len(names))
    rows = pl.DataFrame({LINE: lines, "client_no": [f"{line:04}" for line in lines], "name": names})
    for part in rows.iter_slices(chunk):
        examples.take(part, part.filter(pl.col(LINE).is_in(list(records or lines))))
    return examples.texts("name")


def test_each_shape_is_shown_once_and_twice_where_there_are_few() -> None:
    many = _texts(["Ann", "Bob", "Ann Lee", "O'Neil", "12", "Cid"])
    few = _texts(["Ann", "Bob", "Cid", "12", "34", "56"])

    assert len(many) == 4
    assert {text for text in many if text in ("Ann", "Bob", "Cid")} != set()
    assert {"Ann Lee", "O'Neil", "12"} <= set(many)
    assert len(few) == 4
    assert len({text for text in few if text.isdigit()}) == 2


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_neither_the_order_of_the_rows_nor_the_chunks_decide(chunk: int) -> None:
    names = [f"{first} {last}-{number}" for number in range(9) for first in ("Ann", "bo") for last in ("Lee", "x'y")]
    shuffled = random.Random(1).sample(names, len(names))

    assert _texts(shuffled, chunk=chunk) == _texts(names)


def test_the_most_frequent_shapes_are_shown_however_late_they_come() -> None:
    marks = "!?+*=~^%&"
    rare = [f"{mark}a" for mark in marks for _ in range(2)]
    often = ["Ann", "Bob"] * 50

    found = _texts([*rare, *often], chunk=5)

    assert len(found) == SHAPES
    assert {"Ann", "Bob"} & set(found)


def test_texts_without_a_value_and_rows_that_were_rejected_are_no_examples() -> None:
    assert _texts(["", " ", "Ann", "12"], records={0, 1, 2}) == ("Ann",)
    assert _texts(["", " "]) == ()
