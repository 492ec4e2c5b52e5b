"""What a store does, on every kind of database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from ringback.errors import StaleChangeSet, StoreError
from ringback.model.progress import Silent
from ringback.model.rows import LINE, REJECT_SCHEMA
from ringback.model.run import RunKind

TWO = ({"client_no": "00012345", "name": "Zoë"}, {"client_no": "00012346", "name": None})


def test_a_new_database_has_nothing_and_is_not_written_by_looking(feed: Any, target: str) -> None:
    looked = (
        feed.store.runs(),
        feed.store.live_table(feed.contract),
        feed.store.releases("clients"),
        feed.held().height,
    )

    assert looked == ((), None, (), 0)
    assert not target.startswith("sqlite") or not _path(target).exists()


def test_every_value_comes_back_as_it_was_published(feed: Any) -> None:
    told = (
        {"client_no": "1"},
        {
            "client_no": "2 \u2003",
            "name": "Zoë 🦊 \u202e'\"\\;--\n\t\r\n",
            "born_on": date(1, 1, 1),
            "balance": Decimal("-999999999999999999999999999999999999.99"),
            "visits": -(2**63),
            "active": False,
            "opens_at": time(0, 0),
            "seen_at": datetime(1, 1, 1, tzinfo=UTC),
            "extra": '{"b": 1, "a": [null, 1.50]}',
        },
        {
            "client_no": "3",
            "name": "x" * 300_000,
            "born_on": date(9999, 12, 31),
            "balance": Decimal("999999999999999999999999999999999999.99"),
            "visits": 2**63 - 1,
            "active": True,
            "opens_at": time(23, 59, 59, 999999),
            "seen_at": datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
            "extra": "null",
        },
        {"client_no": "4", "name": "", "balance": Decimal("0.00"), "visits": 0, "extra": '""'},
    )

    feed.add(*told)

    assert feed.held().equals(feed.records(*told).drop(LINE), null_equal=True)
    assert feed.held().schema == feed.schema


def test_a_change_writes_its_cells_and_nothing_else(feed: Any) -> None:
    feed.add(*TWO)

    run = feed.publish(feed.change("00012345", born_on=date(1980, 4, 3), name="Zoë M"))

    assert feed.held()["born_on"].to_list() == [date(1980, 4, 3), None]
    assert feed.cells(run).sort("field").rows() == [
        (run.id, "changed", 9, "00012345", "born_on", None, "1980-04-03"),
        (run.id, "changed", 9, "00012345", "name", "Zoë", "Zoë M"),
    ]


def test_every_kind_of_value_can_change_and_go_back_to_nothing(feed: Any) -> None:
    values = {
        "name": "a",
        "born_on": date(2000, 2, 29),
        "balance": Decimal("1.50"),
        "visits": 3,
        "active": True,
        "opens_at": time(7, 30),
        "seen_at": datetime(2024, 8, 10, 7, tzinfo=UTC),
        "extra": '{"a":1}',
    }
    feed.add({"client_no": "1"})

    feed.publish(feed.change("1", **values))
    changed = feed.held().drop("client_no").row(0, named=True)
    run = feed.publish(feed.change("1", **dict.fromkeys(values)))

    assert changed == values
    assert feed.held().drop("client_no").row(0) == (None,) * len(values)
    assert dict(feed.cells(run).select("field", "before").rows()) == {
        "name": "a",
        "born_on": "2000-02-29",
        "balance": "1.50",
        "visits": "3",
        "active": "true",
        "opens_at": "07:30:00.000000",
        "seen_at": "2024-08-10T07:00:00.000000Z",
        "extra": '{"a":1}',
    }


def test_a_removed_record_leaves_all_its_values_in_history(small: Any) -> None:
    small.add({"client_no": "1", "name": "Ann", "balance": Decimal("2.50")}, {"client_no": "2"})

    run = small.publish(small.changes(removed=small.held().head(1)))

    assert small.held()["client_no"].to_list() == ["2"]
    assert sorted(small.cells(run).select("kind", "field", "before", "after").rows()) == [
        ("removed", "balance", "2.50", None),
        ("removed", "name", "Ann", None),
    ]


def test_an_added_record_is_one_cell_of_an_import_and_one_a_field_of_an_undo(small: Any) -> None:
    imported = small.add({"client_no": "1", "name": "Ann"})
    undone = small.publish(
        small.changes(added=small.records({"client_no": "2", "name": "Bob"})), kind=RunKind.UNDO, undoes=imported.id
    )

    assert small.cells(imported).rows() == [(imported.id, "added", 2, "1", None, None, None)]
    assert sorted(small.cells(undone).select("field", "after").rows(), key=str) == [("balance", None), ("name", "Bob")]
    assert [run.id for run in small.store.undos("clients")] == [undone.id]


def test_a_client_that_left_is_closed_and_opened_again(make_feed: Any) -> None:
    feed = make_feed("client_no", "name", missing="close")
    feed.publish(feed.changes(added=feed.records({"client_no": "1"}, {"client_no": "2"}).drop("closed")))

    feed.publish(feed.change("1", closed=True))
    closed = feed.held().rows()
    feed.publish(feed.change("1", closed=False))

    assert closed == [("1", None, True), ("2", None, False)]
    assert feed.held()["closed"].to_list() == [False, False]


def test_keys_of_several_columns_and_types_find_their_records(make_feed: Any) -> None:
    feed = make_feed("client_no", "born_on", "balance", "name", key=["born_on", "client_no", "balance"])
    keys = [(date(1980, 1, 2), "1", "1.00"), (date(1980, 1, 2), "2", "1.00"), (date(1980, 1, 2), "1", "1.10")]
    told = [{"born_on": born, "client_no": number, "balance": Decimal(b), "name": "x"} for born, number, b in keys]
    first = feed.add(*told)
    before = feed.held().filter(pl.col("balance") == Decimal("1.10"))
    after = before.with_columns(pl.lit("y").alias("name"), pl.lit(4, dtype=pl.Int64).alias(LINE))

    run = feed.publish(feed.changes(before=before, after=after, removed=feed.held().filter(pl.col("client_no") == "2")))

    assert feed.held().select("client_no", "balance", "name").rows() == [
        ("1", Decimal("1.00"), "x"),
        ("1", Decimal("1.10"), "y"),
    ]
    assert feed.store.cells_of_key(feed.contract, (date(1980, 1, 2), "1", Decimal("1.10")))["run"].to_list() == [
        first.id,
        run.id,
    ]
    assert feed.store.held_at(feed.contract, before).rows() == feed.held().filter(pl.col("name") == "y").rows()
    assert feed.store.cells_after(feed.contract, first.id, before)["field"].to_list() == ["name"]


def test_a_run_that_is_left_before_its_end_leaves_nothing(small: Any) -> None:
    small.add({"client_no": "1"})

    with small.store.publishing(small.contract, kind=RunKind.IMPORT, previous=1, progress=Silent()) as publication:
        publication.write(small.changes(added=small.records({"client_no": "2"})))
        publication.quarantine(_rejects([(1, 1, "x")]))
        seen = sum(frame.height for frame in publication.held())

    assert seen == 2
    assert small.held()["client_no"].to_list() == ["1"]
    assert len(small.store.runs()) == 1
    assert list(small.store.rejects("clients", 2)) == []


def test_values_edited_by_others_stop_the_run_that_would_write_over_them(
    feed: Any, target: str, administer: Any
) -> None:
    feed.add(*TWO)
    changes = feed.change("00012345", born_on=date(1980, 4, 3))
    administer(target, "update clients set visits = 7 where client_no = '00012345'")

    with pytest.raises(StaleChangeSet):
        feed.publish(changes)
    with pytest.raises(StaleChangeSet):
        feed.publish(feed.changes(removed=changes.before))

    assert feed.held().filter(pl.col("client_no") == "00012345").select("visits", "born_on").row(0) == (7, None)
    assert len(feed.store.runs()) == 1


def test_a_client_added_by_others_stops_the_run_that_would_add_it_too(small: Any, target: str, administer: Any) -> None:
    small.add({"client_no": "1"})
    administer(target, "insert into clients (client_no, name) values ('77', 'theirs')")

    with pytest.raises(StaleChangeSet) as stopped:
        small.add({"client_no": "76"}, {"client_no": "77", "name": "ours"})

    assert "77" not in str(stopped.value)
    assert small.held()["name"].to_list() == [None, "theirs"]


def test_a_client_twice_in_the_first_load_stops_it(small: Any) -> None:
    with pytest.raises(StaleChangeSet):
        small.add({"client_no": "1"}, {"client_no": "1"})

    assert small.store.live_table(small.contract) is None
    assert small.store.runs() == ()


def test_a_plan_made_before_another_run_is_stale(small: Any) -> None:
    small.add({"client_no": "1"})

    with (
        pytest.raises(StaleChangeSet),
        small.store.publishing(small.contract, kind=RunKind.IMPORT, previous=None, progress=Silent()),
    ):
        pytest.fail("the feed has another newest run")

    assert len(small.store.runs()) == 1


def test_a_text_with_a_nul_is_refused_by_name_and_nothing_is_in(small: Any) -> None:
    with pytest.raises(StoreError, match="field name holds a NUL") as refused:
        small.add({"client_no": "1", "name": "secret\0"})

    assert "secret" not in str(refused.value)
    assert small.store.live_table(small.contract) is None


def test_a_feed_with_the_longest_name_has_a_history_of_its_own(make_feed: Any) -> None:
    names = ["a" * 62 + "x", "a" * 62 + "y"]
    feeds = [make_feed("client_no", "name", feed=name, target={"table": f"t{name[-1]}"}) for name in names]

    runs = [feed.add({"client_no": feed.contract.feed[-1]}) for feed in feeds]

    assert [feed.cells(run)["client_no"].to_list() for feed, run in zip(feeds, runs, strict=True)] == [["x"], ["y"]]


def test_a_key_column_with_a_name_of_history_itself_is_refused(make_feed: Any) -> None:
    feed = make_feed("client_no", "name")
    fields = {"line": feed.contract.fields["client_no"]}
    feed.contract = feed.contract.model_copy(update={"key": ("line",), "fields": fields})

    with pytest.raises(StoreError, match="a key column cannot be called line"):
        feed.add({"line": "1"})


def test_history_under_a_key_of_another_type_is_told_and_not_misread(make_feed: Any) -> None:
    feed = make_feed("client_no", "visits", "name")
    run = feed.add({"client_no": "007"})
    number = feed.contract.fields["visits"].model_copy(update={"column": "client_no"})
    feed.contract = feed.contract.model_copy(update={"fields": {**feed.contract.fields, "client_no": number}})

    with pytest.raises(StoreError, match="no values of the key's type"):
        feed.cells(run)


def test_history_under_a_key_of_other_columns_is_told(make_feed: Any) -> None:
    feed = make_feed("client_no", "visits", "name")
    run = feed.add({"client_no": "1"})
    feed.contract = feed.contract.model_copy(update={"key": ("client_no", "name")})

    with pytest.raises(StoreError, match="another number of columns"):
        feed.cells(run)


def test_a_table_with_an_awkward_name_is_written_and_read(make_feed: Any) -> None:
    feed = make_feed("client_no", "name", target={"table": 'Kunden "Neu"; drop table x'})

    feed.add({"client_no": "1", "name": "a"})
    feed.publish(feed.change("1", name="b"))

    assert feed.held().rows() == [("1", "b")]


@pytest.mark.parametrize("name", ["ringback_run", "ü" * 32])
def test_a_table_name_that_cannot_be_one_is_refused(make_feed: Any, name: str) -> None:
    with pytest.raises(StoreError, match="cannot be the name of a live table"):
        make_feed("client_no", target={"table": name}).held()


def test_held_records_come_in_frames_of_bounded_size(make_feed: Any) -> None:
    feed = make_feed("client_no", "name")
    rows = pl.DataFrame({LINE: range(250_000)}).select(
        pl.col(LINE), pl.format("{}", LINE).alias("client_no"), pl.lit("n" * 50).alias("name")
    )
    feed.publish(feed.changes(added=rows))

    heights = [frame.height for frame in feed.store.held(feed.contract)]

    assert sum(heights) == 250_000
    assert max(heights) <= 120_000


def test_records_left_half_read_leave_the_store_usable(make_feed: Any) -> None:
    feed = make_feed("client_no", "name")
    feed.publish(feed.changes(added=_many(150_000)))

    for _ in range(5):
        reading = feed.store.held(feed.contract)
        next(reading)
        reading.close()

    assert feed.publish(feed.change("1", name="x")).id == 2


def _many(count: int) -> pl.DataFrame:
    return pl.DataFrame({LINE: range(count)}).select(
        pl.col(LINE), pl.format("{}", LINE).alias("client_no"), pl.lit("a").alias("name")
    )


def _rejects(told: list[tuple[int, int, str]]) -> pl.DataFrame:
    rows = [(line, fault, "Name", "name", "string.unreadable", raw, "is odd", "{}") for line, fault, raw in told]
    return pl.DataFrame(rows, schema=REJECT_SCHEMA, orient="row")


def _path(target: str) -> Any:
    from pathlib import Path

    return Path(target.removeprefix("sqlite:///"))
