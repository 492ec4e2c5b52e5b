"""Rows beyond memory on one machine: frames go to disk past a budget, and are joined partition by partition.

Source of the method: the Grace hash join (Kitsuregawa, Tanaka, Moto-oka 1983).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self, TypeVar, cast

import polars as pl

from ringback.model.change import ChangeSet

T = TypeVar("T")

MEMORY_BYTES = 256 * 2**20  # of frames a side; 1,000,000 clients x 12 fields are about 180
PARTITIONS = 64  # 256 MiB each: 16 GiB of records


def ahead(frames: Iterator[T]) -> Iterator[T]:
    """The same frames, the next one made in another thread while one is worked on.

    An exception comes out where its frame would have come. Leaving early ends the making of frames after the next one.
    """
    with ThreadPoolExecutor(max_workers=1) as beside:
        end = object()
        coming = beside.submit(next, frames, end)
        while (frame := coming.result()) is not end:
            coming = beside.submit(next, frames, end)
            yield cast("T", frame)


class Workspace:
    """A temporary folder for frames, gone with the run."""

    def __init__(self, memory_bytes: int = MEMORY_BYTES) -> None:
        self.memory_bytes = memory_bytes
        self._folder = TemporaryDirectory(prefix="ringback-", ignore_cleanup_errors=True)
        self._file_count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._folder.cleanup()

    def file(self) -> Path:
        """The name of a new file in it."""
        self._file_count += 1
        return Path(self._folder.name) / f"{self._file_count}.arrow"

    def keep(self, frame: pl.DataFrame) -> Path:
        """Write one frame to a file of its own."""
        path = self.file()
        frame.write_ipc(path)
        return path


class Spool:
    """Frames in the order they came: in memory up to the budget, on disk beyond it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._frames: list[pl.DataFrame | Path] = []
        self._bytes = 0
        self.row_count = 0

    def append(self, frame: pl.DataFrame) -> None:
        """Keep a frame."""
        if frame.is_empty():
            return
        self.row_count += frame.height
        self._bytes += int(frame.estimated_size())
        self._frames.append(frame if self._bytes <= self._workspace.memory_bytes // 4 else self._workspace.keep(frame))

    def __iter__(self) -> Iterator[pl.DataFrame]:
        for frame in self._frames:
            yield pl.read_ipc(frame) if isinstance(frame, Path) else frame


class Partitions:
    """Records split by a hash of their key, once they outgrow memory; until then one partition, in memory."""

    def __init__(self, workspace: Workspace, schema: pl.Schema, *, key: Sequence[str]) -> None:
        self._workspace = workspace
        self._schema = schema
        self._key = list(key)
        self._frames: list[pl.DataFrame] = []
        self._parts: list[list[Path]] = []
        self._bytes = 0
        self.row_count = 0

    @property
    def count(self) -> int:
        """How many partitions there are: 1 or PARTITIONS."""
        return len(self._parts) or 1

    def append(self, frame: pl.DataFrame) -> None:
        """Keep a frame of records."""
        self.row_count += frame.height
        if self._parts:
            self._scatter(frame)
            return
        self._frames.append(frame)
        self._bytes += int(frame.estimated_size())
        if self._bytes > self._workspace.memory_bytes:
            self.split()

    def split(self) -> None:
        """Go from memory to disk; nothing to do when that is done."""
        if self._parts:
            return
        self._parts = [[] for _ in range(PARTITIONS)]
        self._frames.reverse()
        while self._frames:  # each is let go as soon as it is on disk
            self._scatter(self._frames.pop())

    def part(self, number: int) -> pl.DataFrame:
        """One partition, whole."""
        empty = pl.DataFrame(schema=self._schema)
        if not self._parts:
            self._frames = [pl.concat([empty, *self._frames], rechunk=True)]
            return self._frames[0]
        return pl.concat([empty, *(pl.read_ipc(path) for path in self._parts[number])])

    def _scatter(self, frame: pl.DataFrame) -> None:
        number = (pl.struct(self._key).hash(seed=1) % PARTITIONS).alias("ringback.part")
        pieces = frame.with_columns(number).partition_by("ringback.part", as_dict=True, include_key=False)
        for (part,), piece in pieces.items():
            self._parts[int(part)].append(self._workspace.keep(piece))


def align(*sides: Partitions) -> None:
    """Give all sides of a join the same partitions."""
    if len({side.count for side in sides}) > 1:
        for side in sides:
            side.split()


class ChangeSpool:
    """Change sets in the order they came: in memory up to the budget, on disk beyond it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._kept: list[ChangeSet | _OnDisk] = []
        self._bytes = 0

    def append(self, changes: ChangeSet) -> None:
        """Keep a change set."""
        frames = (changes.added, changes.before, changes.after, changes.removed, changes.missing)
        self._bytes += sum(int(frame.estimated_size()) for frame in frames)
        if self._bytes <= self._workspace.memory_bytes // 4:
            self._kept.append(changes)
        else:
            paths = tuple(self._workspace.keep(frame) for frame in frames)
            self._kept.append(_OnDisk(changes.key, changes.unchanged_count, paths))

    def __iter__(self) -> Iterator[ChangeSet]:
        for kept in self._kept:
            yield kept.read() if isinstance(kept, _OnDisk) else kept


@dataclass(frozen=True, slots=True)
class _OnDisk:
    """A change set in files."""

    key: tuple[str, ...]
    unchanged_count: int
    paths: tuple[Path, ...]

    def read(self) -> ChangeSet:
        added, before, after, removed, missing = (pl.read_ipc(path) for path in self.paths)
        return ChangeSet(
            key=self.key,
            added=added,
            before=before,
            after=after,
            removed=removed,
            missing=missing,
            unchanged_count=self.unchanged_count,
        )
