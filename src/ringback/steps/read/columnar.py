"""Parquet and Arrow files: typed columns, made text in one way; the contract gives it its meaning, as to any other.

    string, category       as it is                   boolean     true, false
    integer                1234                       decimal     1.10, all places of its scale
    float                  the shortest that is the   date        2024-08-09
                           same number; NaN, inf      time        23:58:59.5, no more places than needed
    date and time          2024-08-09T23:58:59.5      with a zone 2024-08-09T23:58:59.5+00:00, in UTC
    bytes                  hexadecimal                duration    PT1H, ISO 8601
    list                   its JSON text              struct      a column for each part: address.city

null is an empty text. A row's number stands for its line. Such a file is read from its end, so it lies in a temporary
file meanwhile; its rows are streamed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from weakref import finalize

import polars as pl

from ringback.engine.local import Workspace
from ringback.errors import DeliveryRefused, StoreError
from ringback.model.contract import Source
from ringback.model.rows import LINE, cells_of
from ringback.steps.read.csv import PRODUCTION
from ringback.steps.read.dialect import Limits
from ringback.steps.read.reading import RowChunk, unique_names
from ringback.steps.read.rejects import SHOWN, row_rejects
from ringback.steps.read.text import shown

_ROWS = 50_000  # at a time
_CHUNK_BYTES = 32 * 2**20
_MAGIC = {"parquet": (b"PAR1", b"PAR1"), "arrow": (b"ARROW1", b"ARROW1")}
_DEEPEST = 64
_FAULTS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError, OverflowError, MemoryError)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """A column as delivered, and its text."""

    name: str
    text: pl.Expr


class ColumnarReading:
    """A Parquet or Arrow delivery being read: a `Reading`."""

    def __init__(self, content: BinaryIO, source: Source, *, file_name: str, limits: Limits = PRODUCTION) -> None:
        self._source, self._file_name, self._limits = source, file_name, limits
        self._workspace = Workspace()
        finalize(self, self._workspace.__exit__, None, None, None)
        self._path = self._workspace.file()
        self.byte_count = self._spool(content)
        self._frame = self._opened()
        found = self._columns()
        self.header = tuple(column.name for column in found)
        self.columns, self.header_problems = unique_names(self.header)
        self._texts = [column.text.fill_null("").alias(name) for column, name in zip(found, self.columns, strict=True)]
        self.row_count = 0

    @property
    def skipped(self) -> dict[str, int]:
        return {}

    @property
    def parts(self) -> dict[str, int]:
        return {"rows": self.byte_count}

    def chunks(self) -> Iterator[RowChunk]:
        with self._workspace:
            for frame in self._batches():
                for part in _parts(frame):
                    yield self._chunk(part)

    def _spool(self, content: BinaryIO) -> int:
        count = 0
        try:
            with self._path.open("wb") as spooled:
                while block := content.read(2**20):
                    spooled.write(block)
                    count += len(block)
        except OSError as fault:
            raise StoreError(
                "the temporary folder cannot be written",
                why=f"The system says: {fault.strerror}. Nothing was stored.",
                mend="Make room there, then import the file again.",
            ) from fault
        return count

    def _opened(self) -> pl.LazyFrame:
        first, last = _MAGIC[self._source.format]
        with self._path.open("rb") as spooled:
            begins = spooled.read(len(first)) == first
            spooled.seek(max(0, self.byte_count - len(last)))
            ends = spooled.read() == last
        if not begins:
            raise self._refused(f"this is no {self._source.format} file", "Its first bytes are others.")
        if not ends or self.byte_count < len(first) + len(last) + 4:
            raise self._refused(f"the {self._source.format} file is cut short", "Its end is missing.")
        scan = pl.scan_parquet if self._source.format == "parquet" else pl.scan_ipc
        return scan(self._path, glob=False) if self._source.format == "parquet" else scan(self._path)

    def _columns(self) -> list[_Column]:
        try:
            schema = self._frame.collect_schema()
        except _FAULTS:
            raise self._damaged() from None
        found = [column for name, kind in schema.items() for column in self._told(cells_of(name), name, kind, depth=0)]
        if len(found) > self._limits.columns:
            raise self._refused(
                "there are too many columns", f"It has {len(found):,}, and {self._limits.columns:,} are read."
            )
        return found

    def _told(self, value: pl.Expr, name: str, kind: pl.DataType, *, depth: int) -> Iterator[_Column]:
        if depth > _DEEPEST:
            raise self._refused("the columns are nested too deeply", f"{_DEEPEST} structs inside one another are read.")
        if isinstance(kind, pl.Struct) and kind.fields:
            for field in kind.fields:
                inner = value.struct.field(field.name)
                yield from self._told(inner, f"{name}.{field.name}", _type(field.dtype), depth=depth + 1)
            return
        text = _text(value, kind)
        if text is None:
            raise self._refused("a column is of a type that is not read", f'Column "{name}" is {kind}.')
        yield _Column(name=name, text=text)

    def _batches(self) -> Iterator[pl.DataFrame]:
        batches = iter(self._frame.select(self._texts).collect_batches(chunk_size=_ROWS, lazy=True))
        while True:
            try:
                frame = next(batches, None)
            except _FAULTS:
                raise self._damaged() from None
            if frame is None:
                return
            yield frame

    def _chunk(self, cells: pl.DataFrame) -> RowChunk:
        first = self.row_count + 1
        self.row_count += cells.height
        rows = cells.insert_column(0, pl.int_range(first, first + cells.height, dtype=pl.Int64, eager=True).alias(LINE))
        fault = rows.select(_fault(self.columns, self._limits.record_bytes))["fault"]
        good, bad = rows.filter(fault.is_null()), rows.filter(fault.is_not_null())
        return RowChunk(
            rows=good,
            rejects=_rejects(bad, fault.drop_nulls().to_list()),
            skipped={},
            row_count=rows.height,
            texts=lambda positions: _json(good[positions]) if positions else [],
        )

    def _damaged(self) -> DeliveryRefused:
        return self._refused(f"the {self._source.format} file is damaged", "It cannot be read to its end.")

    def _refused(self, what: str, why: str) -> DeliveryRefused:
        return DeliveryRefused(
            what, where=self._file_name, why=why, mend="Ask for the file again, or mend the contract's `source`."
        )


def _type(kind: object) -> pl.DataType:
    return kind if isinstance(kind, pl.DataType) else kind()  # type: ignore[operator]


def _text(value: pl.Expr, kind: pl.DataType) -> pl.Expr | None:
    """A value's text as the table above has it; None for a type that is not read."""
    if isinstance(kind, pl.Datetime):
        text = value if kind.time_zone is None else value.dt.convert_time_zone("UTC")
        return text.dt.strftime("%Y-%m-%dT%H:%M:%S%.f" + ("" if kind.time_zone is None else "%:z"))
    if isinstance(kind, pl.Time):
        return value.dt.strftime("%H:%M:%S%.f")
    if isinstance(kind, pl.Duration):
        return value.dt.to_string("iso")
    if isinstance(kind, pl.Binary):
        return value.bin.encode("hex")
    if isinstance(kind, pl.List | pl.Array | pl.Struct):
        json = pl.struct(value.alias("v")).struct.json_encode()
        return pl.when(value.is_not_null()).then(json.str.slice(5, json.str.len_chars() - 6))
    if kind.is_numeric() or isinstance(kind, pl.String | pl.Categorical | pl.Enum | pl.Boolean | pl.Date | pl.Null):
        return value.cast(pl.String)
    return None


def _parts(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Pieces whose text fits into memory several times over."""
    size = frame.select(pl.sum_horizontal(pl.all().str.len_bytes().sum().cast(pl.Int64))).item() if frame.width else 0
    count = min(frame.height, int(size or 0) // _CHUNK_BYTES + 1)
    step = -(-frame.height // max(1, count))
    for start in range(0, frame.height, max(1, step)):
        yield frame.slice(start, step)


def _fault(columns: tuple[str, ...], most: int) -> pl.Expr:
    if not columns:
        return pl.lit(None, dtype=pl.String).alias("fault")
    texts = cells_of(*columns)
    has_nul = pl.any_horizontal(texts.str.contains("\0", literal=True))
    too_long = pl.sum_horizontal(texts.str.len_bytes()) > most
    return pl.coalesce(pl.when(too_long).then(pl.lit("row.too_long")), pl.when(has_nul).then(pl.lit("row.nul"))).alias(
        "fault"
    )


_REASONS = {"row.nul": "has a NUL character", "row.too_long": "is too long; only its beginning is kept here"}


def _rejects(rows: pl.DataFrame, codes: list[str]) -> pl.DataFrame:
    texts = [shown(text.encode())[:SHOWN] for text in _json(rows)]
    return row_rejects(rows[LINE].to_list(), codes, texts=texts, reasons=[_REASONS[code] for code in codes])


def _json(rows: pl.DataFrame) -> list[str]:
    """Each row's texts as a JSON object: such a file has no text of its own."""
    cells = rows.drop(LINE)
    if cells.width == 0:
        return ["{}"] * rows.height
    return cells.select(pl.struct(pl.all()).struct.json_encode().alias("text"))["text"].to_list()
