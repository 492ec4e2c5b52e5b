"""The catalogue as a whole: a contract that misreads is told by what made it, an honest night by nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import polars as pl
import pytest

from ringback.contracts import parse
from ringback.model.contract import Contract
from ringback.model.rows import LINE
from ringback.steps.diagnose import diagnose
from ringback.steps.interpret import interpret
from ringback.steps.interpret.constraints import checks
from ringback.steps.invent import CONTRACT_YAML, SCHEMA, as_delivered, invent, next_night
from ringback.steps.misreadings import FEED_MISREADINGS, MISREADINGS, Mutant

CLIENTS = 2_000
SET_ASIDE = 15  # changed values: fewer say nothing
# Where many clients share a value, nobody can say whose it was.
NOT_TOLD = {("column.misaligned", name) for name in ("last_name", "postcode", "credit_limit")}
OTHER_TYPES = r"""feed: visits
key: [client_no]
source: {delimiter: ";"}
target: {table: visits}
fields:
  client_no: {from: Client No, type: string}
  seen_at: {from: Seen At, type: datetime, format: "%Y-%m-%d %H:%M", zone: Europe/Berlin}
  born_on: {from: Born, type: date, format: "%d.%m.%y", pivot: 1930}
  joined_on: {from: Joined, type: date, format: "%-m/%-d/%Y"}
  paperless: {from: Paperless, type: boolean, trueValues: [Y], falseValues: [N]}
  weight: {from: Weight, type: decimal, scale: 3, decimalChar: ",", groupChar: "."}
  height: {from: Height, type: decimal, scale: 3, decimalChar: "."}
  visits: {from: Visits, type: integer, missingValues: ["", "0"]}
  branch: {from: Branch, type: code, codes: {N: north, S: south, E: east, W: west}}
  note: {from: Note, type: string, missingValues: ["", "NA"]}
  region: {from: Region, type: string}
  phone: {from: Phone, type: phone, region: DE}
"""


def visits() -> pl.DataFrame:
    """Rows of text for OTHER_TYPES."""
    rng = np.random.default_rng(11)
    clients = invent(CLIENTS, seed=11)
    drawn = {name: rng.integers(0, 10_000, CLIENTS) for name in ("thousandths", "minutes", "few", "some", "area")}
    numbers = pl.DataFrame(drawn).with_columns(pl.all().cast(pl.Int64))
    return pl.concat([clients, numbers], how="horizontal").select(
        (pl.int_range(CLIENTS, dtype=pl.Int64) + 2).alias(LINE),
        pl.col("client_no").alias("Client No"),
        (pl.col("client_since").cast(pl.Datetime("us")) + pl.duration(minutes=240 + pl.col("minutes") % 1_200))
        .dt.to_string("%Y-%m-%d %H:%M")
        .alias("Seen At"),
        pl.col("born_on").clip(pl.lit(date(1931, 1, 1)), None).dt.to_string("%d.%m.%y").alias("Born"),
        pl.col("client_since").dt.to_string("%-m/%-d/%Y").alias("Joined"),
        pl.when(pl.col("few") % 3 == 0).then(pl.lit("Y")).otherwise(pl.lit("N")).alias("Paperless"),
        pl.format(
            "{},{}", pl.col("few") % 90 + 10, pl.col("thousandths").cast(pl.String).str.head(3).str.zfill(3)
        ).alias("Weight"),
        pl.format("{}.{}", pl.col("few") % 2 + 1, pl.col("some").cast(pl.String).str.head(3).str.zfill(3)).alias(
            "Height"
        ),
        (pl.col("some") % 7).cast(pl.String).alias("Visits"),
        pl.Series(["N", "S", "E", "W"]).gather(pl.Series(drawn["area"] % 4)).alias("Branch"),
        pl.when(pl.col("some") % 9 == 0).then(pl.lit("NA")).otherwise(pl.format("  {} ", "address")).alias("Note"),
        pl.when(pl.col("area") % 8 == 0).then(pl.lit("NA")).otherwise(pl.col("postcode")).alias("Region"),
        pl.format("030 23125{}", pl.col("area").cast(pl.String).str.zfill(4).str.head(3)).alias("Phone"),
    )


def feeds() -> Iterator[tuple[Contract, pl.DataFrame]]:
    invented = as_delivered(invent(CLIENTS, seed=10)).with_row_index(LINE, offset=2).cast({LINE: pl.Int64})
    yield parse(CONTRACT_YAML, name="clients.yaml").contract, invented
    yield parse(OTHER_TYPES, name="visits.yaml").contract, visits()


FEEDS = {contract.feed: (contract, rows) for contract, rows in feeds()}


def mutants() -> Iterator[tuple[str, Mutant]]:
    for feed, (contract, _) in FEEDS.items():
        for misreading in MISREADINGS:
            for name, spec in contract.fields.items():
                if misreading.applies(spec):
                    yield from ((feed, mutant) for mutant in misreading.contract_mutants(contract, name))
        for entry in FEED_MISREADINGS:
            yield from ((feed, mutant) for mutant in entry.contract_mutants(contract))


MUTANTS = [(feed, mutant) for feed, mutant in mutants() if mutant.contract.source == FEEDS[feed][0].source]


def changed(before: pl.DataFrame, after: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What a change set would have of two readings of the same rows."""
    names = list(contract.fields)
    both = before.select(names).join(after.select(names), on="client_no", suffix=".new", maintain_order="left")
    others = [name for name in names if name != "client_no"]
    both = both.filter(pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}.new")) for name in others))
    return both.select(names), both.select("client_no", *(pl.col(f"{name}.new").alias(name) for name in others))


def test_the_invented_feeds_are_read_without_a_fault() -> None:
    for contract, rows in FEEDS.values():
        assert interpret(rows, contract).rejects.is_empty()


def test_every_contract_that_misreads_is_told_first_by_what_made_it() -> None:
    told, unclear = set(), []
    held = {feed: interpret(rows, contract).records for feed, (contract, rows) in FEEDS.items()}
    for feed, mutant in MUTANTS:
        contract, rows = FEEDS[feed]
        before, after = changed(held[feed], interpret(rows, mutant.contract).records, contract)
        cells = sum(int(before[name].ne_missing(after[name]).sum()) for name in mutant.fields if name in after.columns)
        if cells < SET_ASIDE:  # unreadable, or the same
            continue
        first = next(iter(diagnose(before, after, contract)), None)
        told.add(mutant.code)
        if first is None or first.code != mutant.code or first.share_explained < 0.95:
            unclear.append((feed, mutant.code, mutant.fields, mutant.line, cells, first))

    assert unclear == []
    assert told >= {
        *("date.day_month", "date.order", "date.century", "datetime.zone"),
        *("number.mark", "code.table", "boolean.polarity", "phone.region", "text.spaces"),
        *("missing.as_value", "missing.as_missing", "columns.exchanged"),
    }


def test_a_contract_that_misreads_is_one_that_can_be_loaded() -> None:
    for feed, mutant in MUTANTS:
        contract = FEEDS[feed][0]
        for spec in mutant.contract.fields.values():
            assert type(spec).model_validate(spec.model_dump()) == spec
            assert checks(spec)
        assert mutant.contract != contract, mutant.line
        assert " -> " in mutant.line or mutant.code == "columns.shifted", mutant.line


def test_a_limit_that_the_misread_field_could_not_read_makes_no_contract() -> None:
    limited = CONTRACT_YAML.replace(
        "    stable: true\n    constraints: {required: true}", "    constraints: {minimum: 31/12/1929}", 1
    )
    contract = parse(limited, name="clients.yaml").contract
    day_month = next(each for each in MISREADINGS if each.code == "date.day_month")

    assert list(day_month.contract_mutants(contract, "born_on")) == []
    assert len(list(day_month.contract_mutants(contract, "client_since"))) == 1


def test_a_mutant_says_what_its_contract_says_otherwise() -> None:
    contract = FEEDS["clients"][0]
    lines = {mutant.line for feed, mutant in MUTANTS if feed == "clients"}

    assert contract.feed == "clients"
    assert {
        "format: %d/%m/%Y -> %m/%d/%Y",
        "region: GB -> DE",
        "codes: {A: active, S: suspended, C: closed} -> {A: suspended, S: active, C: closed}",
        "decimalChar: , -> ., groupChar: . -> ,",
        "from: First Name -> Last Name, and the reverse",
        "delivers: snapshot -> changes",
    } <= lines


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_no_misreading_explains_what_clients_change_in_a_night(share: float) -> None:
    contract = FEEDS["clients"][0]
    today = invent(20_000, seed=12)
    before, after = changed(today, next_night(today, seed=13, changed_share=share, joined=0, left=0), contract)

    for name in SCHEMA:
        count = int(before[name].ne_missing(after[name]).sum())
        for misreading in MISREADINGS:
            if count and misreading.applies(contract.fields[name]):
                explained = int(misreading.explains(before[name], after[name], contract.fields[name]).sum())
                assert explained <= 0.05 * count, (misreading.code, name)
    assert diagnose(before, after, contract) == ()


@pytest.mark.parametrize("share", [1.0, 0.3, 0.05])
def test_a_slice_of_misread_records_is_told_among_a_nights_changes(share: float) -> None:
    whole, rows = FEEDS["clients"]
    where = pl.Series(np.random.default_rng(2).random(CLIENTS) < share)
    truth = interpret(rows, whole).records.drop(LINE)
    tonight = next_night(truth, seed=14, changed_share=0.02, joined=0, left=0)
    sent = as_delivered(tonight).with_columns(rows[LINE])
    told = {}
    for name in ("born_on", "last_name", "postcode", "credit_limit", "status"):
        fields = {part: whole.fields[part] for part in ("client_no", name, "balance")}
        contract = whole.model_copy(update={"fields": fields})
        for misreading in MISREADINGS:
            if not misreading.applies(contract.fields[name]) or (misreading.code, name) in NOT_TOLD:
                continue
            for mutant in misreading.delivery_mutants(sent, contract, name, where=where, seed=1):
                records = interpret(mutant.rows, contract).records
                false = records.join(tonight, on="client_no", suffix=".true")
                if int(false[name].ne_missing(false[f"{name}.true"]).sum()) >= SET_ASIDE:
                    causes = {one.code for one in diagnose(*changed(truth, records, contract), contract)}
                    told[(mutant.code, name, mutant.line)] = mutant.code in causes

    missed = [case for case, is_told in told.items() if not is_told]
    assert len(missed) <= 0.05 * len(told), missed
    assert len(told) >= 20
