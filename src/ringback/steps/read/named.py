"""Deliveries in which every record names its own values: their header is known when all of it has been read.

So all is read before the first chunk is given: records become columns batch by batch and wait in a spool, in memory
up to a bound and on disk beyond it. The header is every name that some record has, in the order of their appearance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from weakref import finalize

import polars as pl

from ringback.engine.local import Spool, Workspace
from ringback.errors import DeliveryRefused
from ringback.model.delivery import Origin
from ringback.model.rows import LINE, cells_of
from ringback.steps.read.batch import CELLS, TEXT, Batch
from ringback.steps.read.reading import RowChunk, unique_names
from ringback.steps.read.rejects import SHOWN, row_rejects
from ringback.steps.read.text import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A batch that waits: its frame is in the spool, unless it has no rows."""

    has_rows: bool
    rejects: pl.DataFrame
    skipped: dict[str, int]


class NamedReading:
    """A delivery of records that name their values: a `Reading`."""

    def __init__(
        self,
        batches: Iterator[Batch],
        *,
        byte_count: Callable[[], int],
        optional: tuple[str, ...],
        file_name: str,
        most_columns: int,
    ) -> None:
        self._workspace = Workspace()
        finalize(self, self._workspace.__exit__, None, None, None)  # a refused header: nobody asks for the chunks
        self._spool, self._kept = Spool(self._workspace), list[_Kept]()
        self._names: dict[str, None] = {}
        self._skipped: Counter[str] = Counter()
        self.row_count = 0
        for batch in batches:
            self._names.update(batch.columns)
            _require_at_most(most_columns, len(self._names), batch, file_name)
            self._keep(batch)
        self.byte_count = byte_count()
        self._names.update(dict.fromkeys(optional))
        self.header = tuple(self._names)
        self.columns, self.header_problems = unique_names(self.header)

    @property
    def skipped(self) -> dict[str, int]:
        return dict(self._skipped)

    @property
    def parts(self) -> dict[str, int]:
        return {"rows": self.byte_count}

    def chunks(self) -> Iterator[RowChunk]:
        frames = iter(self._spool)
        with self._workspace:
            for kept in self._kept:
                yield from self._chunks_of(next(frames) if kept.has_rows else None, kept)

    def _keep(self, batch: Batch) -> None:
        self.row_count += batch.row_count
        self._skipped.update(batch.skipped)
        if batch.lines:
            self._spool.append(batch.frame())
        self._kept.append(_Kept(has_rows=bool(batch.lines), rejects=_rejects(batch), skipped=dict(batch.skipped)))

    def _chunks_of(self, frame: pl.DataFrame | None, kept: _Kept) -> Iterator[RowChunk]:
        names = list(self._names)
        whole = pl.DataFrame(schema={LINE: pl.Int64()}) if frame is None else frame
        step = max(1, CELLS // max(1, len(names)))
        yield _chunk(whole.head(step), names, self.columns, rejects=kept.rejects, skipped=kept.skipped)
        for start in range(step, whole.height, step):
            part = whole.slice(start, step)
            yield _chunk(part, names, self.columns, rejects=kept.rejects.clear(), skipped={})


def _chunk(
    frame: pl.DataFrame, names: list[str], columns: tuple[str, ...], *, rejects: pl.DataFrame, skipped: dict[str, int]
) -> RowChunk:
    there = set(frame.columns)
    cells = (
        (cells_of(name) if name in there else pl.lit("", dtype=pl.String)).alias(column)
        for name, column in zip(names, columns, strict=True)
    )
    texts = frame[TEXT] if TEXT in there else pl.Series(TEXT, [], dtype=pl.String)
    return RowChunk(
        rows=frame.select(pl.col(LINE), *cells),
        rejects=rejects,
        skipped=skipped,
        row_count=frame.height + rejects.height + sum(skipped.values()),
        texts=lambda positions: [texts[position] for position in positions],
    )


def _rejects(batch: Batch) -> pl.DataFrame:
    lines, codes, texts, reasons = zip(*batch.rejects, strict=True) if batch.rejects else ((), (), (), ())
    seen = [shown(text[:SHOWN].encode("utf-8", "surrogatepass")) for text in texts]
    return row_rejects(lines, codes, texts=seen, reasons=reasons)


def _require_at_most(most: int, count: int, batch: Batch, file_name: str) -> None:
    if count > most:
        raise DeliveryRefused(
            "there are too many columns",
            where=str(Origin(file_name=file_name, line=batch.lines[-1])),
            why=f"Its records have {count:,} different names up to here, and {most:,} are read.",
            mend="Check where the records are (source.record); names that are values belong into a list.",
        )
