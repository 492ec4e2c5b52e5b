"""Repair, as a step: what the corrected contract reads takes the place of what was misread; later words stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ringback.model.contract import Contract
from ringback.model.rows import LINE
from ringback.steps.last_word import last_words
from ringback.steps.plan import compared, held_schema
from ringback.steps.repair import Reread, concerned, repair
from ringback.steps.since import in_order, settled
from ringback.steps.undo import Situation, undo

from .records import _KEYS, _VALUES, applied, cells_of, contract, held, rows

OF = contract()
NAMES = ("name", "born_on", "balance")
RUN, LATER = 5, 9

Key = tuple[int, str]
Record = dict[str, Any]
Table = dict[Key, Record]

RECORDS = _VALUES.map(lambda values: dict(zip(NAMES, values, strict=True)))
TABLES = st.dictionaries(_KEYS, RECORDS, max_size=8)
READING = st.none() | st.tuples(_KEYS, RECORDS)  # of one row; none: it was rejected
ROWS = st.lists(st.tuples(READING, READING), max_size=10)
EDITS = st.lists(st.tuples(_KEYS, st.sampled_from(NAMES), RECORDS, st.booleans()), max_size=4)


@dataclass
class World:
    """A table before a run, the run's rows under both contracts, and what happened since."""

    before: Table
    then: dict[Key, tuple[int, Record]]
    now: dict[Key, tuple[int, Record]]
    unread: set[int]
    live: Table = field(default_factory=dict)
    later: set[tuple[Key, str]] = field(default_factory=set)

    @classmethod
    def of(cls, before: Table, readings: list[Any], edits: list[Any], gone: set[Key]) -> World:
        """What came to be: the run was published, a later run and others wrote, others deleted."""
        sides: list[dict[Key, tuple[int, Record]]] = [{}, {}]
        for line, both in enumerate(readings, 2):
            for side, reading in zip(sides, both, strict=True):
                if reading is not None and reading[0] not in side:
                    side[reading[0]] = (line, reading[1])
        taken = {line for line, _ in sides[1].values()}
        world = cls(before, *sides, unread=set(range(2, len(readings) + 2)) - taken)
        world.live = {**{key: dict(record) for key, record in before.items()}}
        world.live.update({key: dict(record) for key, (_, record) in world.then.items()})
        for key, name, record, by_run in edits:
            if key in world.live and world.live[key][name] != record[name]:
                world.live[key][name] = record[name]
                if by_run:
                    world.later.add((key, name))
        for key in gone:
            world.live.pop(key, None)
        return world

    def reread(self) -> Reread:
        """The same as frames."""
        then, now = _records(self.then), _records(self.now)
        keys = concerned(then, now, OF.key, NAMES)
        then, now = then.join(keys, on=OF.key, how="semi"), now.join(keys, on=OF.key, how="semi")
        cells = in_order(pl.concat([self._brought(), self._done_by_run(), self._done_later()]))
        every = settled(cells, (), OF.key)
        schema = held_schema(OF)
        words = last_words(
            every.filter(pl.col("run") != LATER),
            _table(self.before).with_columns(run=pl.lit(1, dtype=pl.Int64)),
            OF.key,
            schema,
        )
        return Reread(
            key=OF.key,
            fields=NAMES,
            then=then,
            now=now,
            words=words.join(then, on=OF.key, how="anti"),
            live=_table(self.live).join(keys, on=OF.key, how="semi"),
            later=every.filter(pl.col("run") == LATER),
            confirmed=_table({}).with_columns(run=pl.lit(0, dtype=pl.Int64)),
            cells=every.filter(pl.col("run") == RUN).join(now, on=OF.key, how="anti"),
            removed=_cells([]),
            left=keys.clear().with_columns(run=pl.lit(0, dtype=pl.Int64)),
            unread=pl.DataFrame([(line, "unread") for line in self.unread], schema=_UNREAD, orient="row"),
            is_snapshot=False,
        )

    def _brought(self) -> pl.DataFrame:
        return _cells([(1, "added", key, None, None, None) for key in self.before])

    def _done_by_run(self) -> pl.DataFrame:
        told: list[Any] = []
        for key, (_, record) in self.then.items():
            if key not in self.before:
                told.append((RUN, "added", key, None, None, None))
            else:
                was = self.before[key]
                told += [
                    (RUN, "changed", key, name, was[name], record[name]) for name in NAMES if was[name] != record[name]
                ]
        return _cells(told)

    def _done_later(self) -> pl.DataFrame:
        return _cells([(LATER, "changed", key, name, None, None) for key, name in self.later])


WORLDS = st.builds(World.of, TABLES, ROWS, EDITS, st.sets(_KEYS, max_size=2))


@settings(deadline=None)
@given(WORLDS)
def test_every_value_comes_to_what_the_truth_says_and_each_has_one_answer(world: World) -> None:
    expected, counts = _truth(world)

    changes, answers = repair(world.reread())

    assert rows(applied(changes, _table(world.live))) == rows(_table(expected))
    assert Counter(
        repaired=answers.restored,
        right=answers.right,
        kept=answers.kept.total(),
        impossible=answers.impossible.total(),
    ) == Counter({"repaired": 0, "right": 0, "kept": 0, "impossible": 0} | counts)


@settings(deadline=None)
@given(WORLDS)
def test_a_repair_taken_back_leaves_the_table_as_it_was(world: World) -> None:
    live = _table(world.live)
    changes, _ = repair(world.reread())
    made = applied(changes, live)
    cells = cells_of(changes, OF, added_whole=False)

    back, answers = undo(
        Situation(
            key=OF.key,
            cells=cells,
            later=cells.clear().with_columns(pl.lit(0, dtype=pl.Int64).alias("run")),
            live=made.join(cells.select(OF.key).unique(), on=OF.key, how="semi"),
            delivered=live.clear(),
        )
    )

    assert answers.kept.total() == answers.impossible.total() == 0
    assert rows(applied(back, made)) == rows(live)


@settings(deadline=None)
@given(TABLES, st.lists(READING, max_size=8), EDITS)
def test_a_delivery_that_reads_the_same_is_left_alone(before: Table, readings: list[Any], edits: list[Any]) -> None:
    world = World.of(before, [(reading, reading) for reading in readings], edits, set())

    changes, answers = repair(world.reread())

    assert answers.total == 0
    assert changes.added.height == changes.before.height == changes.removed.height == 0


def test_a_value_that_a_later_delivery_confirmed_is_not_made_older_again() -> None:
    key: Key = (1, "1")
    misread, read = {"name": "Bob", "born_on": None, "balance": None}, {"name": "Ann", "born_on": None, "balance": None}
    world = World.of({}, [((key, misread), (key, read))], [], set())
    confirmed = _table({key: misread}).with_columns(run=pl.lit(7, dtype=pl.Int64))

    changes, answers = repair(replace(world.reread(), confirmed=confirmed))

    assert changes.after.is_empty()
    assert answers.kept == {"confirmed by R7": 1}


def _truth(world: World) -> tuple[Table, Counter[str]]:
    """The table that a repair must make, and its answers; obvious, value by value."""
    table, counts = {key: dict(record) for key, record in world.live.items()}, Counter[str]()
    for key, (_, record) in world.now.items():
        made = world.then[key][1] if key in world.then else world.before.get(key)
        if key in world.live:
            for name in NAMES:
                counts += _value(world, table, key, name, made=made, right=record[name])
        elif key in world.then:
            assert made is not None
            counts["kept"] += sum(made[name] != record[name] for name in NAMES)
        elif made is not None:
            counts["kept"] += 1
        else:
            table[key] = dict(record)
            counts["repaired"] += 1
    for key, (line, record) in world.then.items():
        if key not in world.now:
            counts += Counter(impossible=1) if line in world.unread else _take_back(world, table, key, record)
    return table, +counts


def _value(world: World, table: Table, key: Key, name: str, *, made: Record | None, right: Any) -> Counter[str]:
    live = world.live[key][name]
    if made is None or made[name] == right:
        return Counter()
    if live == right:
        return Counter(right=1)
    if (key, name) in world.later or live != made[name]:
        return Counter(kept=1)
    table[key][name] = right
    return Counter(repaired=1)


def _take_back(world: World, table: Table, key: Key, record: Record) -> Counter[str]:
    before = world.before.get(key)
    if before is None:
        if key not in world.live:
            return Counter(right=1)
        if world.live[key] != record or any(of == key for of, _ in world.later):
            return Counter(kept=1)
        del table[key]
        return Counter(repaired=1)
    counts: Counter[str] = Counter()
    for name in NAMES if key in world.live else ():
        if before[name] == record[name]:
            continue
        if (key, name) in world.later or world.live[key][name] != record[name]:
            counts["kept"] += 1
        else:
            table[key][name] = before[name]
            counts["repaired"] += 1
    return counts


_UNREAD = {LINE: pl.Int64(), "why": pl.String()}


def _table(table: Table) -> pl.DataFrame:
    return held({key: (tuple(record.values()), False) for key, record in table.items()}, OF)


def _records(reading: dict[Key, tuple[int, Record]]) -> pl.DataFrame:
    lines = pl.Series(LINE, [line for line, _ in reading.values()], dtype=pl.Int64)
    records = _table({key: record for key, (_, record) in reading.items()})
    return records.select(lines, *compared(OF))


def _cells(told: list[Any], of: Contract = OF) -> pl.DataFrame:
    schema = {"run": pl.Int64(), "kind": pl.String(), "line": pl.Int64()}
    schema |= {name: of.fields[name].dtype for name in of.key} | dict.fromkeys(
        ("field", "before", "after"), pl.String()
    )
    flat = [(run, kind, None, *key, name, _text(old), _text(new)) for run, kind, key, name, old, new in told]
    return pl.DataFrame(flat, schema=schema, orient="row")


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
