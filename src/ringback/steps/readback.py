"""Read back: the live table as it is, against what was planned and against the delivered bytes."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ringback.model.canonical import to_text
from ringback.model.change import Digest
from ringback.steps.digest import digest

_READ = "ringback.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """What the live table holds otherwise than planned or delivered. No values: these are for `show` and the pages."""

    fields: tuple[str, ...]
    row_count: int | None  # None: only the digests tell
    lines: tuple[int, ...] = ()  # some of the delivered rows concerned
    kind: str = "planned"  # or "delivered", where the reference reader disagrees


class LiveCheck:
    """Takes the live table frame by frame: digests of all of it, and the records of the sample.

    Shapes:
        read: the sample as the reference reader reads it: `line`, the key columns (typed), and every other field's
            canonical text; the key unique.
    """

    def __init__(self, key: tuple[str, ...], columns: list[str], read: pl.DataFrame) -> None:
        self._key, self._columns = list(key), columns
        self._sampled = read
        self._digest = Digest()
        self._found: list[pl.DataFrame] = []
        self._before: list[pl.DataFrame] = []

    def take(self, live: pl.DataFrame) -> None:
        """Look at one frame of the live table."""
        self._digest += digest(live, self._key, self._columns)
        if not self._sampled.is_empty():
            self._found.append(live.join(self._sampled.select(self._key), on=self._key, how="semi"))

    def take_unwritten(self, held: pl.DataFrame) -> None:
        """Look at records that were held before, for those of the sample that nothing was written to."""
        if not self._sampled.is_empty():
            self._before.append(held.join(self._sampled.select(self._key), on=self._key, how="semi"))

    def against(self, planned: Digest) -> Mismatch | None:
        """Compare all of the table with what was planned."""
        fields = planned.differing(self._digest)
        if not fields and planned.row_count == self._digest.row_count:
            return None
        difference = abs(planned.row_count - self._digest.row_count)
        return Mismatch(fields=fields, row_count=difference or None)

    def against_delivered(self) -> Mismatch | None:
        """Compare the sample with the live records of its clients."""
        read = self._sampled
        if read.is_empty():
            return None
        live = pl.concat(self._found) if self._found else pl.concat(self._before).clear()
        for before in self._before:
            live = pl.concat([live, before.join(live, on=self._key, how="anti")])
        fields = [name for name in self._columns if name in read.columns and name not in self._key]
        texts = live.select(*self._key, *(to_text(pl.col(name), live.schema[name]).alias(name) for name in fields))
        joined = read.join(
            texts.with_columns(pl.lit(value=True).alias(_READ)), on=self._key, how="left", suffix=".live"
        )
        differs = {name: joined[name].ne_missing(joined[name + ".live"]) for name in fields}
        absent = joined[_READ].is_null()
        rows = absent
        for mask in differs.values():
            rows = rows | mask
        if not rows.any():
            return None
        wrong = tuple(name for name, mask in differs.items() if (mask & ~absent).any()) or tuple(self._key)
        lines = tuple(joined.filter(rows)["line"].head(5).to_list())
        return Mismatch(fields=wrong, row_count=int(rows.sum()), lines=lines, kind="delivered")
