"""Gauge: what change sets do to fields, and why, is the same however they are cut into partitions."""

from __future__ import annotations

from dataclasses import asdict

import polars as pl
import pytest

from ringback.contracts import parse
from ringback.model.change import ChangeSet
from ringback.model.contract import Contract
from ringback.model.rows import LINE
from ringback.steps import gauge as gauging
from ringback.steps.gauge import Gauge
from ringback.steps.interpret import interpret
from ringback.steps.invent import CONTRACT_YAML, as_delivered, invent, next_night
from ringback.steps.plan import plan

CONTRACT = parse(CONTRACT_YAML, name="clients.yaml").contract
WRONG = parse(CONTRACT_YAML.replace("%d/%m/%Y", "%m/%d/%Y", 1), name="clients.yaml").contract


def _records(clients: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    rows = as_delivered(clients).with_row_index(LINE, offset=2).cast({LINE: pl.Int64})
    return interpret(rows, contract).records


def _partitions(count: int) -> list[ChangeSet]:
    """A night whose birth dates were read with day and month exchanged, in partitions."""
    before = invent(2_000, seed=1)
    held, delivered = _records(before, CONTRACT).drop(LINE), _records(next_night(before, seed=2), WRONG)
    part = pl.col("client_no").hash(seed=1) % count
    return [plan(delivered.filter(part == number), held.filter(part == number), CONTRACT) for number in range(count)]


def _gauge(partitions: list[ChangeSet]) -> Gauge:
    gauge = Gauge(CONTRACT)
    assert list(gauge.watch(iter(partitions))) == partitions
    return gauge


@pytest.mark.parametrize("count", [2, 64, 500])
def test_partitions_of_a_few_clients_each_are_explained_as_the_whole_is(count: int) -> None:
    whole, parts = _gauge(_partitions(1)), _gauge(_partitions(count))

    assert parts.kept_count == whole.kept_count
    assert {name: found.changed for name, found in parts.churns.items()} == {
        name: found.changed for name, found in whole.churns.items()
    }
    assert {asdict(found)["code"] for found in whole.diagnoses} == {"date.day_month"}
    assert parts.diagnoses == whole.diagnoses


def test_changes_beyond_what_is_looked_at_together_are_all_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _gauge(_partitions(1))
    monkeypatch.setattr(gauging, "BATCH", 100)

    batches = _gauge(_partitions(8))

    assert batches.diagnoses == whole.diagnoses
    assert batches.churns["born_on"].explained == whole.churns["born_on"].explained > 500


def test_of_two_causes_found_for_a_field_in_different_partitions_the_larger_is_told() -> None:
    before = _records(invent(1_000, seed=1), CONTRACT)
    held = before.drop(LINE)
    lower = before.with_columns(pl.col("address").str.to_lowercase())
    cut = before.with_columns(pl.col("address").str.head(5))
    gauge = Gauge(CONTRACT)
    for number, delivered in enumerate((lower.head(900), cut.tail(100))):
        gauge.take(plan(delivered, held.slice(900 * number, 900), CONTRACT))
        gauge._diagnose()

    (told,) = gauge.diagnoses

    assert told.code == "text.case"
    assert told.share_explained == pytest.approx(0.9, abs=0.02)
