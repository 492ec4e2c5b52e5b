"""Tables that were there before ringback: filled as they stand, or refused with how to mend them."""

from __future__ import annotations

from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from ringback.errors import StoreError
from ringback.store.postgresql import Postgresql
from ringback.store.shape import Column


def test_columns_of_others_keep_their_values_and_defaults(small: Any, target: str, administer: Any) -> None:
    administer(
        target,
        "create table clients (mark text default 'theirs', client_no text primary key, name text, balance "
        + ("text)" if target.startswith("sqlite") else "numeric(38,2))"),
        "insert into clients (client_no, mark) values ('1', 'mine')",
    )

    small.publish(small.change("1", name="Ann"))
    small.add({"client_no": "2"})
    administer(target, "create table seen as select client_no, mark, name from clients")

    assert small.held()["name"].to_list() == ["Ann", None]
    assert _marks(target) == {"1": "mine", "2": "theirs"}


def test_all_that_is_wrong_with_a_table_is_told_at_once(small: Any, target: str, administer: Any) -> None:
    administer(target, "create table clients (client_no text, balance double precision)")

    with pytest.raises(StoreError) as refused:
        small.add({"client_no": "1"})

    assert "no column name" in refused.value.why
    assert "Column balance" in refused.value.why
    assert "no unique index on the key (client_no)" in refused.value.why
    assert 'add column "name"' in refused.value.mend
    assert "create unique index" in refused.value.mend


def test_a_broken_rule_of_the_table_is_told_by_its_name_and_nothing_is_in(
    small: Any, target: str, administer: Any
) -> None:
    money = "text" if target.startswith("sqlite") else "numeric(38,2)"
    administer(
        target,
        f"create table clients (client_no text primary key, name text constraint no_eve check (name <> 'Eve'),"
        f" balance {money} unique, since text not null default '')",
    )

    with pytest.raises(StoreError, match="constraint no_eve") as broken:
        small.add({"client_no": "1"}, {"client_no": "2", "name": "Eve"})
    with pytest.raises(StoreError, match=r"would be there twice, against clients.balance"):
        small.add({"client_no": "1", "balance": Decimal("12.34")}, {"client_no": "2", "balance": Decimal("12.34")})

    assert "Eve" not in str(broken.value)
    assert "Nothing of this run is in the database" in broken.value.why
    assert small.held().is_empty()


def test_a_column_that_must_be_filled_and_is_not_in_the_contract_is_told(
    small: Any, target: str, administer: Any
) -> None:
    administer(target, *_table(target, "since text not null"))

    with pytest.raises(StoreError, match="since may not be empty"):
        small.add({"client_no": "1"})


def test_a_value_that_others_wrote_and_the_contract_cannot_say_is_told_by_its_column(
    make_feed: Any, target: str, administer: Any
) -> None:
    feed = make_feed("client_no", "balance")
    kind = "text" if target.startswith("sqlite") else "numeric"
    administer(
        target,
        f"create table clients (client_no text primary key, balance {kind})",
        "insert into clients values ('1', '12.345')",
    )

    with pytest.raises(StoreError, match="column balance holds values") as told:
        feed.held()

    assert "12.345" not in str(told.value)


def test_a_view_is_no_live_table(small: Any, target: str, administer: Any) -> None:
    administer(target, "create view clients as select '1' as client_no")

    with pytest.raises(StoreError, match="is no table"):
        small.held()


def test_sqlite_columns_are_judged_by_what_they_do_to_values(make_feed: Any, target: str, administer: Any) -> None:
    if not target.startswith("sqlite"):
        pytest.skip("PostgreSQL has types of its own")
    feed = make_feed()
    administer(
        target,
        "create table clients (Client_No VARCHAR(5), name, born_on DATE, balance CLOB, visits BIGINT,"
        " active BOOLEAN, opens_at TEXT, seen_at DATETIME, extra JSON)",
        "create unique index k on clients (client_no)",
    )
    with pytest.raises(StoreError, match="cannot hold this feed") as refused:
        feed.add({"client_no": "00000012"})
    administer(target, "alter table clients drop column extra", "alter table clients add column extra TEXT")

    told = {"client_no": "00000012", "name": "007", "balance": Decimal("1.50"), "active": True, "opens_at": time(7)}
    feed.add(told)

    assert refused.value.why.startswith("Column extra (JSON) turns text that looks like a number into a number.")
    assert feed.held().rows() == feed.records(told).drop("ringback.line").rows()


def test_postgresql_columns_of_other_types_hold_their_fields_exactly(
    make_feed: Any, target: str, administer: Any
) -> None:
    if target.startswith("sqlite"):
        pytest.skip("SQLite has no types to choose from")
    feed = make_feed()
    administer(
        target,
        "create table clients (client_no character varying, name varchar, born_on date, balance numeric(20,4),"
        " visits integer, active boolean, opens_at time, seen_at timestamptz, extra text,"
        " unique (client_no) include (name))",
    )
    told = {"client_no": "1", "name": "x", "balance": Decimal("1.50"), "visits": 3, "opens_at": time(7), "extra": "{}"}

    feed.add(told, {"client_no": "2"})
    feed.publish(feed.change("1", visits=4, balance=Decimal("2.25"), seen_at=datetime(2024, 8, 10, tzinfo=UTC)))

    assert feed.held().filter(pl.col("client_no") == "1").select("balance", "visits", "extra").row(0) == (
        Decimal("2.25"),
        4,
        "{}",
    )
    feed.publish(feed.changes(removed=feed.held()))
    assert feed.held().is_empty()


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ("name character(10)", "does not keep text as it is"),
        ("name varchar(10)", "maxLength"),
        ("name text generated always as ('x') stored", "is computed by the database"),
        ("balance numeric(10,1)", "would round to 1 of 2 digits"),
        ("balance money", "does not keep decimals exactly"),
        ("visits numeric", "does not keep whole numbers"),
        ("seen_at timestamp", "has no zone"),
        ("opens_at time(0)", "is not time without time zone"),
        ("extra jsonb", "does not keep JSON text as it is"),
        ("active text", "is not boolean"),
    ],
)
def test_a_postgresql_column_that_would_change_values_is_refused(
    postgresql: str, administer: Any, make_contract: Any, column: str, why: str, opened: Any
) -> None:
    contract = make_contract("client_no", column.split()[0])
    administer(postgresql, f"create table clients (client_no text primary key, {column})")

    with pytest.raises(StoreError) as refused:
        list(opened(postgresql).held(contract))

    assert why in refused.value.why
    assert column.split()[0] in refused.value.mend


def test_text_that_postgresql_compares_loosely_is_refused() -> None:
    column = Column("name", pl.String())  # the test server cannot make such a collation itself

    assert Postgresql("", 1).refuses(column, "text collate nosy") == "does not keep text as it is"
    assert Postgresql("", 1).refuses(column, "text") is None


def test_a_number_too_large_for_an_adopted_column_is_told_without_its_value(
    make_feed: Any, target: str, administer: Any
) -> None:
    if target.startswith("sqlite"):
        pytest.skip("SQLite keeps 64 bits in every integer")
    feed = make_feed("client_no", "visits")
    administer(target, "create table clients (client_no text primary key, visits integer)")

    with pytest.raises(StoreError, match="too large for its column") as told:
        feed.add({"client_no": "1", "visits": 12_345_678_901})

    assert "12345678901" not in str(told.value)
    assert feed.held().is_empty()


def test_a_table_in_a_schema_of_its_own_is_found_there(make_feed: Any, target: str, administer: Any) -> None:
    feed = make_feed("client_no", "name", target={"table": "clients", "schema": "crm"})
    if target.startswith("sqlite"):
        with pytest.raises(StoreError, match="SQLite has no schemas"):
            feed.add({"client_no": "1"})
        return
    with pytest.raises(StoreError, match="is not there"):
        feed.add({"client_no": "1"})
    administer(target, "create schema crm", "create table clients (other text)")

    feed.add({"client_no": "1"})
    feed.publish(feed.change("1", name="x"))

    assert feed.held().rows() == [("1", "x")]


def test_a_trigger_that_drops_rows_is_noticed(small: Any, target: str, administer: Any) -> None:
    small.add({"client_no": "1", "name": "a"})
    if target.startswith("sqlite"):
        administer(
            target,
            "create trigger t before update on clients begin select raise(ignore); end",
        )
    else:
        administer(
            target,
            "create function nothing() returns trigger language plpgsql as 'begin return null; end'",
            "create trigger t before update on clients for each row execute function nothing()",
        )

    with pytest.raises(StoreError):
        small.publish(small.change("1", name="b"))

    assert small.held()["name"].to_list() == ["a"]


def _table(target: str, more: str) -> tuple[str, ...]:
    money = "text" if target.startswith("sqlite") else "numeric(38,2)"
    return (f"create table clients (client_no text primary key, name text, balance {money}, {more})",)


def _marks(target: str) -> dict[str, str]:
    from adbc_driver_manager import dbapi

    if target.startswith("sqlite"):
        import adbc_driver_sqlite.dbapi as adbc

        connection: dbapi.Connection = adbc.connect(target.removeprefix("sqlite:///"), autocommit=True)
    else:
        import adbc_driver_postgresql.dbapi as adbc_postgresql

        connection = adbc_postgresql.connect(target, autocommit=True)
    with connection, connection.cursor() as cursor:
        cursor.execute("select client_no, mark from clients order by client_no")
        return dict(cursor.fetch_polars().rows())
