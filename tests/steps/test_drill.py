"""The drill's own parts: which rows are drawn, what is put into them, what would be false, and what would catch it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import polars as pl
import pytest

from ringback.contracts import parse
from ringback.model.contract import Contract, Source
from ringback.model.drill import Catch, Damage, Kind
from ringback.model.field import Constraints
from ringback.model.rows import LINE
from ringback.model.run import Outcome, Rows, Run, RunKind
from ringback.steps.drill.attempts import Attempt, attempts, clean, sources
from ringback.steps.drill.damage import damage
from ringback.steps.drill.draw import Draw, Drawn
from ringback.steps.drill.ground import Ground, ground_of
from ringback.steps.drill.passage import outcome, pass_through, usual_of
from ringback.steps.drill.promises import promises
from ringback.steps.drill.reading import _whole, take, take_as_it_is
from ringback.steps.drill.written import written
from ringback.steps.gauge import Gauge
from ringback.steps.interpret import interpret
from ringback.steps.invent import CONTRACT_YAML, as_delivered, invent, next_night
from ringback.steps.measure import Counts, measure
from ringback.steps.plan import plan
from ringback.steps.profile import profile
from ringback.steps.read import read

CLIENTS = 600
RUN = Run(
    id=3,
    feed="clients",
    kind=RunKind.IMPORT,
    outcome=Outcome.PUBLISHED,
    file_name="clients_2024-08-03.csv",
    sha256="ab" * 32,
    size_bytes=None,
    issued=None,
    fingerprint="cd" * 32,
    previous=2,
    undoes=None,
    repairs=None,
    partial=False,
    corrects=None,
    rows=Rows(read=CLIENTS),
    removed=0,
    closed=0,
    missing=0,
    changed_by_field={},
    findings=(),
    plan_digest=None,
    started_at=datetime(2024, 8, 3, tzinfo=UTC),
    by="night shift",
)


def contract_of(**told: Any) -> Contract:
    """The contract of the invented clients."""
    return parse(CONTRACT_YAML, name="clients.yaml").contract.model_copy(update=told)


def as_bytes(clients: pl.DataFrame) -> bytes:
    """The file that a supplier sends."""
    content = io.BytesIO()
    as_delivered(clients).write_csv(content, separator=";")
    return content.getvalue()


def drawn(content: bytes, *, size: int, seed: int = 0) -> Drawn:
    """A sample of a file."""
    contract = contract_of()
    reading = read(io.BytesIO(content), contract.source, file_name="clients.csv")
    draw = Draw(contract, reading, size=size, seed=seed)
    for chunk in reading.chunks():
        draw.take(chunk)
    return draw.drawn()


@cache
def ground() -> Ground:
    """Three nights of clients, the third of them in the archive and in the table."""
    contract, held, baseline = contract_of(), contract_of().fields, []
    clients, before = invent(CLIENTS, seed=3), None
    for night in range(3):
        rows = drawn(as_bytes(clients), size=10_000).rows
        records = interpret(rows, contract).records
        held = records.clear().drop(LINE) if before is None else before
        changes = plan(records, held, contract)
        gauge = Gauge(contract)
        gauge.take(changes)
        counts = Counts(
            rows=rows.height,
            held=held.height,
            kept=gauge.kept_count,
            added=changes.added.height,
            missing=changes.missing_count,
        )
        baseline.append(measure(profile(records, contract), gauge.churns, counts, contract))
        before, last = records.drop(LINE), clients
        clients = next_night(clients, seed=night + 7, joined=3, left=2)
    sample = drawn(as_bytes(last), size=10_000)
    found = ground_of(sample, contract, RUN, baseline=baseline, line_of=lambda *_: None, seed=5)
    return replace(found, held=before)


def tried(code: str, field: str | None = None) -> Iterator[Attempt]:
    """All attempts of one misreading."""
    for source in sources(ground().contract):
        if source.misreading.code == code and field in (None, source.field):
            yield from attempts(source, ground())


def caught(attempt: Attempt) -> Catch:
    """What holds an attempt."""
    taken = take(attempt, ground())
    passage = pass_through(taken, ground().held, ground())
    return outcome(attempt, passage, damage(taken, ground()), usual=frozenset()).catch


def test_one_seed_draws_the_same_clients_from_every_delivery() -> None:
    clients = invent(CLIENTS, seed=3)
    turned = clients.reverse()

    first, other = drawn(as_bytes(clients), size=50), drawn(as_bytes(turned), size=50)

    assert first.rows.height == 50
    assert set(first.rows["Client No"]) == set(other.rows["Client No"])
    assert first.rows[LINE].is_sorted()
    assert set(drawn(as_bytes(clients), size=50, seed=1).rows["Client No"]) != set(first.rows["Client No"])


def test_rows_are_drawn_as_they_were_delivered_whatever_the_chunks() -> None:
    content = as_bytes(invent(CLIENTS, seed=3))
    reading = read(io.BytesIO(content), contract_of().source, file_name="clients.csv")
    draw = Draw(contract_of(), reading, size=40, seed=0)
    (whole,) = reading.chunks()

    for start in range(0, CLIENTS, 97):
        places = list(range(start, min(start + 97, CLIENTS)))
        draw.take(
            replace(
                whole, rows=whole.rows[places], texts=lambda near, first=start: whole.texts([first + n for n in near])
            )
        )

    assert draw.drawn().rows.equals(drawn(content, size=40).rows)
    assert draw.drawn().row_count == CLIENTS
    lines = content.decode().splitlines()
    assert draw.drawn().texts.to_list() == [lines[line - 1] for line in draw.drawn().rows[LINE]]


@pytest.mark.parametrize(
    "source",
    [
        Source(),
        Source(delimiter=";", quote="'"),
        Source(delimiter="||", preamble_lines=2, footer_lines=1),
        Source(encoding="utf-16"),
        Source(encoding="cp1252", header=False),
    ],
    ids=lambda source: f"{source.delimiter}{source.encoding}",
)
def test_rows_written_back_are_read_as_the_same_rows(source: Source) -> None:
    mark, quote = source.delimiter, source.quote
    texts = pl.Series([f"1{mark}Zoë", f"2{mark}{quote}a{mark}b{quote}", f"3{mark}{quote}two\nlines{quote}", f"4{mark}"])

    reading = read(io.BytesIO(written(("no", "name"), texts, source)), source, file_name="x.csv")
    rows = pl.concat([chunk.rows for chunk in reading.chunks()])

    assert rows.drop(LINE).rows() == [("1", "Zoë"), ("2", f"a{mark}b"), ("3", "two\nlines"), ("4", "")]


def test_the_delivery_as_it_is_does_no_damage_and_is_not_held() -> None:
    taken = take_as_it_is(ground())

    assert damage(taken, ground()) == Damage()
    assert usual_of(pass_through(taken, ground().held, ground())) == frozenset()


def test_a_sample_is_not_taken_for_a_file_that_shrank() -> None:
    part = ground_of(
        drawn(as_bytes(invent(CLIENTS, seed=3)), size=100),
        contract_of(),
        RUN,
        baseline=ground().baseline,
        line_of=lambda *_: None,
        seed=0,
    )
    part = replace(part, held=part.records.drop(LINE))

    assert usual_of(pass_through(take_as_it_is(part), part.held, part)) == frozenset()


@pytest.mark.parametrize("field", ["born_on", "balance", "phone", "status", "address"])
def test_reading_only_what_can_differ_finds_the_same_as_reading_all(field: str) -> None:
    contract = ground().contract
    every = [each for source in sources(contract) if source.field == field for each in attempts(source, ground())]

    for attempt in every:
        narrow = take(attempt, ground())
        whole = _whole(
            attempt.rows, ground().rejects.clear(), attempt.contract, header=ground().header, ground=ground()
        )

        assert damage(narrow, ground()) == damage(whole, ground())
        assert narrow.summary == whole.summary
        assert narrow.spared.sort("client_no").equals(whole.spared.sort("client_no"))
        assert narrow.records.equals(whole.records.select(narrow.records.columns))


def test_clients_who_become_one_are_left_out_and_clients_under_other_keys_are_counted_once() -> None:
    rows, everyone = ground().rows, ground().records.height
    other = rows.with_columns(pl.col("Client No").str.replace("^.", "9"))
    pairs = rows.with_columns(pl.col("Client No").gather(pl.int_range(pl.len()) // 2))

    split, merged, doubled = (
        damage(take(attempt, ground()), ground())
        for attempt in (
            replace(clean(ground()), rows=other),
            replace(clean(ground()), rows=pairs),
            next(tried("delivery.twice")),
        )
    )

    assert split == Damage(left_out=everyone, invented=everyone)
    assert split.record_count == everyone
    assert merged == Damage(left_out=everyone)
    assert doubled == Damage(left_out=everyone)


def test_day_and_month_exchanged_are_held_by_the_guard_with_field_and_cause_named() -> None:
    by_contract, on_all, on_some = tried("date.day_month", "born_on")

    for attempt in (on_all, on_some):
        taken = take(attempt, ground())
        passage = pass_through(taken, ground().held, ground())
        told = outcome(attempt, passage, damage(taken, ground()), usual=frozenset())

        assert (told.catch, told.names_field, told.names_cause) == (Catch.GUARD, True, True)
    assert by_contract.kind is Kind.CONTRACT
    assert caught(by_contract) is not Catch.NOTHING


def test_what_the_delivery_has_as_it_is_counts_for_nothing() -> None:
    attempt = list(tried("date.day_month", "born_on"))[1]
    taken = take(attempt, ground())
    passage = pass_through(taken, ground().held, ground())

    told = outcome(attempt, passage, damage(taken, ground()), usual=usual_of(passage))

    assert told.catch is Catch.NOTHING


def test_a_contract_that_reads_bytes_otherwise_is_shown_where_bytes_are_read() -> None:
    found = {attempt.told: take(attempt, ground()) for code in ("text.encoding",) for attempt in by_source(code)}

    assert damage(found["source: encoding: utf-8 -> cp1252"], ground()).wrong > 0
    assert found["source: encoding: utf-8 -> utf-16"].is_refused
    assert damage(found["source: encoding: utf-8 -> utf-16"], ground()).left_out == ground().records.height


def by_source(code: str) -> Iterator[Attempt]:
    """Attempts of contracts that say otherwise about bytes."""
    for source in sources(ground().contract):
        if source.field is None:
            for attempt in attempts(source, ground()):
                if attempt.code == code and attempt.contract.source != ground().contract.source:
                    yield attempt


def test_promises_are_kept_by_all_clients_and_name_none_of_them() -> None:
    told = {name: [promise.told for promise in promises(name, ground())] for name in ground().contract.fields}

    assert told["client_no"] == ["unique: true"]  # its pattern is written already, and a part of the key is required
    assert told["balance"] == ['minimum: "-1000"', 'maximum: "1000000"']
    assert told["born_on"] == ['minimum: "01/01/1930"', 'maximum: "31/12/2009"']
    assert told["status"] == []  # its table lists what it can be
    texts = {text for column in ground().rows.columns[1:] for text in ground().rows[column].unique()}
    values = [line.partition(": ")[2].strip("'\"") for lines in told.values() for line in lines]
    assert texts.isdisjoint(values)


def test_a_promise_about_a_number_s_look_has_the_shape_of_all_of_them() -> None:
    bare = ground().contract.fields["client_no"].model_copy(update={"constraints": Constraints(required=True)})
    contract = ground().contract.model_copy(update={"fields": {**ground().contract.fields, "client_no": bare}})

    told = [promise.told for promise in promises("client_no", replace(ground(), contract=contract))]

    assert told == ["pattern: '[0-9]{8}'", "pattern: '[0-9]+'", "unique: true"]


def test_a_part_of_a_delivery_does_not_promise_that_there_are_no_twins() -> None:
    part = replace(ground(), share=0.5)

    assert [promise.key for promise in promises("client_no", part)] == []
