"""Frames beyond memory: the same records, in the same places on both sides of a join."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringback.engine.local import PARTITIONS, ChangeSpool, Partitions, Spool, Workspace, ahead, align
from ringback.model.change import ChangeSet

SCHEMA = pl.Schema({"branch": pl.Int64(), "no": pl.String(), "name": pl.String()})
FRAMES = st.lists(st.lists(st.tuples(st.integers(0, 9), st.text("ab", max_size=2)), max_size=5), max_size=6)


def _frames(told: list[list[tuple[int, str]]]) -> list[pl.DataFrame]:
    return [pl.DataFrame([(*row, "x") for row in rows], schema=SCHEMA, orient="row") for rows in told]


@settings(deadline=None, max_examples=30)
@given(FRAMES, st.sampled_from([0, 40, 10**6]))
def test_partitions_hold_every_record_once_however_little_memory_there_is(
    told: list[list[tuple[int, str]]], memory_bytes: int
) -> None:
    with Workspace(memory_bytes) as workspace:
        partitions = Partitions(workspace, SCHEMA, key=["branch", "no"])
        for frame in _frames(told):
            partitions.append(frame)

        parts = [partitions.part(number) for number in range(partitions.count)]

    assert all(part.schema == SCHEMA for part in parts)
    assert sorted(pl.concat(parts).rows()) == sorted((*row, "x") for rows in told for row in rows)
    assert partitions.row_count == sum(map(len, told))
    assert partitions.count in (1, PARTITIONS)


@settings(deadline=None, max_examples=30)
@given(FRAMES, FRAMES)
def test_the_same_key_is_in_the_same_partition_on_both_sides(
    one: list[list[tuple[int, str]]], other: list[list[tuple[int, str]]]
) -> None:
    with Workspace(memory_bytes=10**6) as wide, Workspace(memory_bytes=0) as narrow:
        sides = Partitions(wide, SCHEMA, key=["branch", "no"]), Partitions(narrow, SCHEMA, key=["branch", "no"])
        for side, told in zip(sides, (one, other), strict=True):
            for frame in _frames(told):
                side.append(frame)

        align(*sides)
        keys = [
            [set(side.part(number).select("branch", "no").rows()) for number in range(side.count)] for side in sides
        ]

    assert len(keys[0]) == len(keys[1])
    for number, (mine, yours) in enumerate(zip(*keys, strict=True)):
        assert not mine & set().union(*keys[1][:number], *keys[1][number + 1 :])
        assert not yours & set().union(*keys[0][:number], *keys[0][number + 1 :])


@settings(deadline=None, max_examples=30)
@given(FRAMES, st.sampled_from([0, 200, 10**6]))
def test_a_spool_gives_its_frames_back_in_their_order_as_often_as_asked(
    told: list[list[tuple[int, str]]], memory_bytes: int
) -> None:
    with Workspace(memory_bytes) as workspace:
        spool = Spool(workspace)
        for frame in _frames(told):
            spool.append(frame)

        once, again = ([row for frame in spool for row in frame.rows()] for _ in range(2))

    assert once == again == [(*row, "x") for rows in told for row in rows]


def test_a_workspace_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Workspace(memory_bytes=0) as workspace:
        workspace.keep(_frames([[(1, "a")]])[0])
        during = list(tmp_path.rglob("*.arrow"))

    assert len(during) == 1
    assert list(tmp_path.iterdir()) == []


def test_frames_made_ahead_come_in_order_and_an_error_comes_in_its_place() -> None:
    def frames() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("broken")

    seen: list[int] = []
    with pytest.raises(ValueError, match="broken"):
        seen.extend(ahead(frames()))

    assert seen == [1, 2]


@settings(deadline=None, max_examples=30)
@given(FRAMES, st.sampled_from([0, 2_000, 10**6]))
def test_change_sets_come_back_as_they_were_however_little_memory_there_is(
    told: list[list[tuple[int, str]]], memory_bytes: int
) -> None:
    frames = _frames(told)
    with Workspace(memory_bytes) as workspace:
        spool = ChangeSpool(workspace)
        for number, frame in enumerate(frames):
            spool.append(_changes(frame, number))

        kept = list(spool)

    assert [changes.unchanged_count for changes in kept] == list(range(len(frames)))
    for changes, frame in zip(kept, frames, strict=True):
        assert changes.key == ("branch", "no")
        for found, there in ((changes.added, frame), (changes.before, frame.head(1)), (changes.removed, frame.clear())):
            assert found.equals(there)


def _changes(frame: pl.DataFrame, number: int) -> ChangeSet:
    none, one = frame.clear(), frame.head(1)
    return ChangeSet(
        key=("branch", "no"),
        added=frame,
        before=one,
        after=one,
        removed=none,
        missing=none,
        unchanged_count=number,
    )
