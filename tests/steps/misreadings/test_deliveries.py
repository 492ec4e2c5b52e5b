"""Accidents of whole deliveries, and contracts that read them otherwise."""

from __future__ import annotations

import io
from collections import Counter

import polars as pl
import pytest

from ringback.contracts import parse
from ringback.model.contract import Contract
from ringback.model.rows import LINE
from ringback.steps.diagnose import diagnose, diagnose_keys
from ringback.steps.interpret import interpret
from ringback.steps.invent import CONTRACT_YAML, as_delivered, invent
from ringback.steps.misreadings import FEED_MISREADINGS, MISREADINGS, DeliveryMutant
from ringback.steps.read import read


@pytest.fixture(scope="module")
def contract() -> Contract:
    return parse(CONTRACT_YAML, name="clients.yaml").contract


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    return as_delivered(invent(1_000, seed=5)).with_row_index(LINE, offset=2).cast({LINE: pl.Int64})


def accidents(code: str, rows: pl.DataFrame, contract: Contract) -> list[DeliveryMutant]:
    entry = next(each for each in FEED_MISREADINGS if each.code == code)
    return list(entry.delivery_mutants(rows, contract, seed=1, earlier=rows.head(900)))


def test_every_accident_delivers_rows_of_text(rows: pl.DataFrame, contract: Contract) -> None:
    of_fields = [
        mutant
        for misreading in MISREADINGS
        for name, spec in contract.fields.items()
        if misreading.applies(spec)
        for mutant in misreading.delivery_mutants(rows, contract, name, where=None, seed=1)
    ]
    of_feeds = [each for entry in FEED_MISREADINGS for each in accidents(entry.code, rows, contract)]

    for mutant in [*of_fields, *of_feeds]:
        assert mutant.rows.schema.dtypes() == rows.schema.dtypes(), mutant.line
        assert mutant.rows.null_count().sum_horizontal().item() == 0, mutant.line
        assert mutant.rows[LINE].is_unique().all(), mutant.line
    assert len(of_fields) > 100


def test_an_accident_touches_only_the_rows_that_it_is_given(rows: pl.DataFrame, contract: Contract) -> None:
    where = pl.Series([place % 20 == 0 for place in range(rows.height)])

    for misreading in MISREADINGS:
        for name, spec in contract.fields.items():
            if misreading.applies(spec):
                for mutant in misreading.delivery_mutants(rows, contract, name, where=where, seed=1):
                    assert mutant.rows.filter(~where).equals(rows.filter(~where)), (mutant.code, name)


def test_one_seed_gives_the_same_accidents(rows: pl.DataFrame, contract: Contract) -> None:
    for entry in FEED_MISREADINGS:
        once, again = (accidents(entry.code, rows, contract) for _ in range(2))

        assert [one.line for one in once] == [one.line for one in again]
        assert all(one.rows.equals(other.rows) for one, other in zip(once, again, strict=True))


@pytest.mark.parametrize(
    ("code", "counts"),
    [
        ("rows.first_lost", [999]),
        ("rows.header_as_record", [1_001]),
        ("rows.footer_as_record", [1_001]),
        ("delivery.twice", [2_000]),
        ("delivery.stale", [900]),
        ("delivery.kind", [10]),
    ],
)
def test_accidents_of_whole_rows_have_the_rows_that_their_name_says(
    rows: pl.DataFrame, contract: Contract, code: str, counts: list[int]
) -> None:
    assert [mutant.rows.height for mutant in accidents(code, rows, contract)] == counts


def test_a_filter_drops_a_share_half_a_file_or_one_value(rows: pl.DataFrame, contract: Contract) -> None:
    heights = [mutant.rows.height for mutant in accidents("delivery.rows_dropped", rows, contract)]

    assert 650 < heights[0] < 750
    assert 930 < heights[1] < 970
    assert heights[2] == 500
    assert all(height < 1_000 for height in heights)


def test_a_mark_before_the_first_name_makes_a_column_that_the_contract_does_not_know(
    rows: pl.DataFrame, contract: Contract
) -> None:
    (mutant,) = accidents("file.bom", rows, contract)

    with pytest.raises(ValueError, match="Client No"):
        interpret(mutant.rows, contract)


@pytest.mark.parametrize("code", ["key.leading_zeros", "key.marks", "key.cut"])
def test_clients_whose_keys_are_written_otherwise_are_told(rows: pl.DataFrame, contract: Contract, code: str) -> None:
    held = rows.select(client_no=pl.col("Client No"))
    for mutant in accidents(code, rows, contract):
        added = mutant.rows.select(client_no=pl.col("Client No"))

        told = diagnose_keys(held, added, contract)

        assert told is not None, mutant.line
        assert (told.code, told.share_explained) == (code, 1.0)


def test_keys_in_small_letters_are_told_and_new_clients_are_not(contract: Contract) -> None:
    held = pl.DataFrame({"client_no": [f"GB{number}X" for number in range(1_000, 1_400)]})
    small = held.with_columns(pl.col("client_no").str.to_lowercase())
    new = pl.DataFrame({"client_no": [f"GB{number}X" for number in range(1_400, 1_440)]})

    told = diagnose_keys(held, small, contract)

    assert told is not None
    assert told.code == "key.case"
    assert diagnose_keys(held, new, contract) is None
    assert diagnose_keys(held.head(30), new, contract) is None


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp437"])
def test_a_contract_with_the_wrong_encoding_is_one_cause_in_all_names(
    rows: pl.DataFrame, contract: Contract, encoding: str
) -> None:
    content = rows.drop(LINE).write_csv(separator=";").encode()
    entry = next(each for each in FEED_MISREADINGS if each.code == "file.encoding")
    (mutant,) = [
        each for each in entry.contract_mutants(contract) if each.line == f"source: encoding: utf-8 -> {encoding}"
    ]
    before, after = _changed(_records(content, contract), _records(content, mutant.contract), contract)

    (told,) = diagnose(before, after, contract)

    assert (told.code, told.fields) == (mutant.code, ("first_name", "last_name", "address"))
    assert told.share_explained >= 0.95


def test_quotes_read_as_text_are_one_cause(contract: Contract) -> None:
    names = ("client_no", "first_name", "last_name", "address")
    columns = [str(contract.fields[name].column) for name in names]
    sent = as_delivered(invent(200, seed=7)).filter(~pl.col("Address").str.contains('"', literal=True)).select(columns)
    records = sent.with_columns(pl.format('"{}"', name).alias(name) for name in columns[1:]).write_csv(
        separator=";", quote_style="never"
    )
    few = contract.model_copy(update={"fields": {name: contract.fields[name] for name in names}})
    entry = next(each for each in FEED_MISREADINGS if each.code == "file.quotes")
    (mutant,) = entry.contract_mutants(few)
    before, after = _changed(_records(records.encode(), few), _records(records.encode(), mutant.contract), few)

    (told,) = diagnose(before, after, few)

    assert mutant.line == 'source: quoteChar: " -> nothing'
    assert (told.code, told.fields, told.share_explained) == (mutant.code, names[1:], 1.0)


def test_a_line_more_before_the_header_or_at_the_end_loses_records(contract: Contract) -> None:
    numbered = contract.model_copy(
        update={
            "source": contract.source.model_copy(update={"header": False, "delimiter": ";"}),
            "fields": {
                name: spec.model_copy(update={"column": place})
                for place, (name, spec) in enumerate(contract.fields.items(), 1)
            },
        }
    )
    content = as_delivered(invent(50, seed=6)).write_csv(separator=";", include_header=False).encode()
    lost: Counter[str] = Counter()
    for code in ("rows.first_lost", "rows.last_lost"):
        entry = next(each for each in FEED_MISREADINGS if each.code == code)
        for mutant in entry.contract_mutants(numbered):
            lost[code] = _records(content, numbered).height - _records(content, mutant.contract).height

    assert lost == {"rows.first_lost": 1, "rows.last_lost": 1}


def _records(content: bytes, contract: Contract) -> pl.DataFrame:
    reading = read(io.BytesIO(content), contract.source, file_name="clients.csv")
    return pl.concat([interpret(chunk.rows, contract).records for chunk in reading.chunks()])


def _changed(held: pl.DataFrame, delivered: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, pl.DataFrame]:
    names = list(contract.fields)
    both = held.select(names).join(delivered.select(names), on="client_no", suffix=".new", maintain_order="left")
    before = both.select(names)
    after = both.select(pl.col(f"{name}.new" if f"{name}.new" in both.columns else name).alias(name) for name in names)
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}.new")) for name in names if name != "client_no")
    where = both.select(differs).to_series()
    return before.filter(where), after.filter(where)
