"""Read back sees every kind of damage between what was planned and what the table holds."""

from __future__ import annotations

import polars as pl
import pytest

from ringback.steps.digest import digest
from ringback.steps.readback import LiveCheck

SCHEMA = {"no": pl.String, "name": pl.String, "visits": pl.Int64}
TABLE = pl.DataFrame([("1", "Ann", 1), ("2", "Bob", None), ("3", None, 3)], schema=SCHEMA, orient="row")
READ = pl.DataFrame(
    [(2, "1", "Ann", "1"), (3, "2", "Bob", None), (4, "3", None, "3")],
    schema={"line": pl.Int64, "no": pl.String, "name": pl.String, "visits": pl.String},
    orient="row",
)

DAMAGE = {
    "another value": (TABLE.with_columns(name=pl.col("name").replace("Ann", "ANN")), ("name",), (2,)),
    "a value gone": (TABLE.with_columns(visits=pl.when(pl.col("no") != "1").then("visits")), ("visits",), (2,)),
    "a value from nowhere": (TABLE.with_columns(name=pl.col("name").fill_null("Eve")), ("name",), (4,)),
    "values exchanged": (
        TABLE.with_columns(name=pl.col("name").replace({"Ann": "Bob", "Bob": "Ann"})),
        ("name",),
        (2, 3),
    ),
    "a client gone": (TABLE.head(2), ("no",), (4,)),
}


def test_a_table_as_planned_and_delivered_has_no_mismatch() -> None:
    check = _looked_at(TABLE)

    assert check.against(digest(TABLE, ["no"], list(SCHEMA))) is None
    assert check.against_delivered() is None


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_seen_in_its_fields_and_lines(kind: str) -> None:
    table, fields, lines = DAMAGE[kind]
    check = _looked_at(table)

    planned, delivered = check.against(digest(TABLE, ["no"], list(SCHEMA))), check.against_delivered()

    assert planned is not None
    assert set(fields) <= set(planned.fields)
    assert delivered is not None
    assert (delivered.fields, delivered.lines, delivered.row_count) == (fields, lines, len(lines))


def test_a_client_too_many_is_seen_by_the_digest_of_all() -> None:
    more = pl.concat([TABLE, pl.DataFrame([("4", None, None)], schema=SCHEMA, orient="row")])

    mismatch = _looked_at(more).against(digest(TABLE, ["no"], list(SCHEMA)))

    assert mismatch is not None
    assert mismatch.row_count == 1


def _looked_at(table: pl.DataFrame) -> LiveCheck:
    check = LiveCheck(("no",), list(SCHEMA), READ)
    for frame in table.iter_slices(2):
        check.take(frame)
    return check
