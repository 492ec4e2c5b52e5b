"""Invented clients: as good as true ones, the same everywhere, and nobody's."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date, datetime
from decimal import Decimal

import phonenumbers
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringback.contracts import parse
from ringback.model.rows import LINE
from ringback.steps.interpret import interpret
from ringback.steps.invent import CONTRACT_YAML, SCHEMA, as_delivered, invent, next_night


@pytest.fixture(scope="module")
def clients() -> pl.DataFrame:
    return invent(20_000, seed=10)


def test_one_seed_gives_the_same_clients_on_every_machine() -> None:
    delivered = as_delivered(invent(1_000, seed=1)).write_csv(separator=";")

    assert hashlib.sha256(delivered.encode()).hexdigest() == (
        "25abb3e430e93423e0595fa1e590d75709cde758eff59552cd4ec6828cb8995f"
    )


def test_one_seed_gives_the_same_night_on_every_machine() -> None:
    tonight = as_delivered(next_night(invent(1_000, seed=1), seed=2)).write_csv(separator=";")

    assert (
        hashlib.sha256(tonight.encode()).hexdigest()
        == "59c07a4a32cc98249b305f88ac48c76a35906930a6874a6004cb962d1357406c"
    )


def test_another_seed_gives_other_clients() -> None:
    assert not invent(100, seed=1).equals(invent(100, seed=2))


def test_every_client_has_a_number_of_its_own_and_they_ascend(clients: pl.DataFrame) -> None:
    numbers = clients["client_no"]

    assert clients.schema == SCHEMA
    assert numbers.n_unique() == len(clients)
    assert numbers.is_sorted()
    assert numbers.str.contains(r"^0\d{7}$").all()


def test_names_go_beyond_ascii_and_include_those_that_break_imports(clients: pl.DataFrame) -> None:
    names = set(clients["last_name"])

    assert {"Müller", "Wójcik", "Núñez", "田中", "Παπαδόπουλος", "O'Neill", "Null"} <= names


def test_every_mail_address_is_ascii_its_own_and_of_a_reserved_domain(clients: pl.DataFrame) -> None:
    given_ones = clients["email"].drop_nulls()

    assert given_ones.is_unique().all()
    assert given_ones.str.contains(r"^[a-z]+\.[a-z]+\d+@example\.(com|net|org)$").all()
    assert 0.03 < clients["email"].null_count() / len(clients) < 0.05


def test_every_phone_number_is_valid(clients: pl.DataFrame) -> None:
    numbers = clients["phone"].drop_nulls().unique()

    assert [number for number in numbers if not phonenumbers.is_valid_number(phonenumbers.parse(number))] == []


def test_nobody_is_a_client_before_the_age_of_16(clients: pl.DataFrame) -> None:
    ages = clients["client_since"].dt.year() - clients["born_on"].dt.year()

    assert clients["born_on"].is_between(date(1930, 1, 1), date(2006, 12, 31)).all()
    assert (clients["client_since"] < date(2024, 8, 9)).all()
    assert (ages >= 16).all()


def test_balances_are_below_nil_nil_and_above_a_thousand(clients: pl.DataFrame) -> None:
    balance = clients["balance"]

    assert (balance < 0).any()
    assert (balance == 0).any()
    assert (balance > 1000).any()


def test_some_postcodes_begin_with_a_zero(clients: pl.DataFrame) -> None:
    assert clients["postcode"].str.starts_with("0").sum() > 0.05 * len(clients)


def test_what_the_supplier_sends_reads_back_as_the_truth(clients: pl.DataFrame) -> None:
    sent = as_delivered(clients).write_csv(separator=";")

    read = [_read(row) for row in csv.DictReader(io.StringIO(sent), delimiter=";")]

    assert pl.DataFrame(read, schema=SCHEMA, orient="row").equals(clients)


def _read(row: dict[str, str]) -> tuple[object, ...]:
    """The contract's meaning, one value at a time."""
    return (
        row["Client No"],
        row["First Name"],
        row["Last Name"],
        row["E-mail"] or None,
        _e164(row["Phone"]),
        _day(row["Date of Birth"]),
        _day(row["Client Since"]),
        row["Address"],
        row["Postcode"],
        _amount(row["Balance"]),
        _amount(row["Credit Limit"]),
        {"A": "active", "S": "suspended", "C": "closed"}[row["Status"]],
    )


def _e164(text: str) -> str | None:
    if not text:
        return None
    return str(phonenumbers.format_number(phonenumbers.parse(text, "GB"), phonenumbers.PhoneNumberFormat.E164))


def _day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 (a day of the calendar)


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


def test_a_fortune_has_a_mark_at_every_thousand(clients: pl.DataFrame) -> None:
    rich = clients.head(1).with_columns(pl.lit(Decimal("-1234567.80")).cast(pl.Decimal(38, 2)).alias("balance"))

    assert as_delivered(rich)["Balance"].to_list() == ["-1.234.567,80"]


def test_no_text_of_a_delivery_is_null(clients: pl.DataFrame) -> None:
    delivered = as_delivered(clients)

    assert set(delivered.dtypes) == {pl.String()}
    assert delivered.null_count().sum_horizontal().item() == 0


@settings(max_examples=25, deadline=None)
@given(
    count=st.integers(60, 400),
    seed=st.integers(0, 2**32),
    share=st.sampled_from([0.0, 0.005, 0.2]),
    joined=st.integers(0, 20),
    left=st.integers(0, 20),
)
def test_a_night_changes_as_many_clients_as_it_says(
    count: int, seed: int, share: float, joined: int, left: int
) -> None:
    today = invent(count, seed=seed)

    tonight = next_night(today, seed=seed, changed_share=share, joined=joined, left=left)

    stayed = today.join(tonight.select("client_no"), on="client_no", how="semi")
    stayed_tonight = tonight.head(len(stayed))
    changed = (stayed.hash_rows() != stayed_tonight.hash_rows()).sum()
    assert stayed_tonight["client_no"].equals(stayed["client_no"])
    assert (len(stayed), len(tonight), changed) == (count - left, count - left + joined, round(share * count))
    assert tonight["client_no"].is_unique().all()


def test_a_night_leaves_names_and_dates_of_birth_alone_and_moves_the_rest(clients: pl.DataFrame) -> None:
    tonight = next_night(clients, seed=3, changed_share=0.05, joined=0, left=0)

    differing = {field for field in SCHEMA if (clients[field].ne_missing(tonight[field])).any()}

    assert differing == {"phone", "address", "postcode", "balance", "status"}


def test_the_contract_names_every_delivered_column_and_has_no_fault(clients: pl.DataFrame) -> None:
    contract = parse(CONTRACT_YAML, name="clients.yaml").contract

    assert [spec.column for spec in contract.fields.values()] == as_delivered(clients).columns
    assert {name: spec.dtype for name, spec in contract.fields.items()} == dict(SCHEMA)


def test_the_fast_reader_reads_the_invented_delivery_as_the_truth(clients: pl.DataFrame) -> None:
    contract = parse(CONTRACT_YAML, name="clients.yaml").contract
    rows = as_delivered(clients).with_row_index(LINE).cast({LINE: pl.Int64})

    read = interpret(rows, contract)

    assert read.rejects.is_empty()
    assert read.records.drop(LINE).equals(clients)
