"""The rows of samples, read by the reader that imports will use, up to a bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ringback.errors import UsageError
from ringback.model.contract import Source
from ringback.model.rows import LINE
from ringback.steps.read import read

MOST_ROWS = 1_000_000  # of each sample


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRows:
    """One sample's rows.

    Shapes: rows: the delivered columns (String), without LINE; at most MOST_ROWS of them.
    """

    path: Path
    header: tuple[str, ...]
    rows: pl.DataFrame
    rejects: pl.DataFrame
    complete: bool
    skipped: Mapping[str, int]  # rows left out, by the name of the rule


def read_samples(paths: Sequence[Path], source: Source) -> tuple[SampleRows, ...]:
    """Read all samples. Raises: DeliveryRefused; UsageError, when they do not have the same columns."""
    samples = read_samples_apart(paths, source)
    first = samples[0]
    for other in samples[1:]:
        if set(other.rows.columns) != set(first.rows.columns):
            raise UsageError(
                "the samples do not have the same columns",
                where=f"{first.path.name}, {other.path.name}",
                why=_difference(first.rows.columns, other.rows.columns),
                mend="Draft from samples with one header; later deliveries are compared with the contract anyway.",
            )
    return samples


def read_samples_apart(paths: Sequence[Path], source: Source) -> tuple[SampleRows, ...]:
    """Read all samples, whatever their columns. Raises: DeliveryRefused; UsageError, when one has no rows."""
    return tuple(_read(path, source) for path in paths)


def _read(path: Path, source: Source) -> SampleRows:
    with path.open("rb") as content:
        reading = read(content, source, file_name=path.name)
        frames, rejects, count, complete = [], [], 0, True
        for chunk in reading.chunks():
            if count >= MOST_ROWS:
                complete = False
                break
            frames.append(chunk.rows.drop(LINE))
            rejects.append(chunk.rejects)
            count += chunk.rows.height
    if not frames:
        raise UsageError("has no rows", where=path.name, mend="Give a sample with at least one record.")
    rows = pl.concat(frames).head(MOST_ROWS)
    return SampleRows(
        path=path,
        header=tuple(reading.header),
        rows=rows,
        rejects=pl.concat(rejects),
        complete=complete and count <= MOST_ROWS,
        skipped=reading.skipped,
    )


def _difference(first: Sequence[str], other: Sequence[str]) -> str:
    lost = [name for name in first if name not in other]
    new = [name for name in other if name not in first]
    return f"Only in the first: {', '.join(lost) or 'none'}. Only in the other: {', '.join(new) or 'none'}."
