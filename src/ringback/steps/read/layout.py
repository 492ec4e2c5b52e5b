"""Where the columns of a fixed-width row are, and how rows are cut there: all at once, and one (the specification)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from ringback.model.contract import Source
from ringback.model.rows import cells_of

_PACKED_SIGNS = {"A": "+", "B": "-", "C": "+", "D": "-", "E": "+", "F": ""}  # IBM packed decimal; F: no sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A part of a row. `start` is counted from 0."""

    name: str
    start: int
    length: int
    packed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A contract's layout, with the parts that it gives no name: they are columns too, named by their place.

    unit  what is counted: "characters", "utf-8" bytes, or bytes of an encoding that has to be asked row by row.
    """

    slots: tuple[Slot, ...]
    length: int
    unit: str
    encoding: str

    @property
    def names(self) -> tuple[str, ...]:
        """The columns."""
        return tuple(slot.name for slot in self.slots)


def layout_of(source: Source) -> Layout:
    """The layout of a fixed-width source."""
    named = tuple(
        Slot(name=column.name, start=column.start - 1, length=column.length, packed=column.packed)
        for column in source.layout
    )
    end = max((slot.start + slot.length for slot in named), default=0)
    length = max(end, source.record_length or 0)
    return Layout(
        slots=(*named, *_gaps(named, length)),
        length=length,
        unit=_unit(source),
        encoding=source.encoding,
    )


def _gaps(named: tuple[Slot, ...], length: int) -> Iterator[Slot]:
    """What no column covers, named as people count: "149-150"."""
    reached = 0
    for start, end in sorted([*((slot.start, slot.start + slot.length) for slot in named), (length, length)]):
        if start > reached:
            name = f"{reached + 1}-{start}" if start > reached + 1 else str(start)
            yield Slot(name=name, start=reached, length=start - reached)
        reached = max(reached, end)


def _unit(source: Source) -> str:
    if source.offsets == "characters" or is_single_byte(source.encoding):
        return "characters"
    return "utf-8" if codecs.lookup(source.encoding).name == "utf-8" else source.encoding


@lru_cache(maxsize=64)
def is_single_byte(encoding: str) -> bool:
    """Whether every byte is a character of its own, whatever stands before it."""
    every = range(256)
    pairs = (bytes(byte for second in every for byte in (first, second)) for first in every)
    return all(len(pair.decode(encoding, "replace")) == len(pair) for pair in pairs)


def lengths(texts: pl.Series, layout: Layout) -> pl.Series:
    """How long each row is, in the layout's unit."""
    if layout.unit == "characters":
        return texts.str.len_chars()
    if layout.unit == "utf-8":
        return texts.str.len_bytes()
    return pl.Series([len(text.encode(layout.unit)) for text in texts], dtype=pl.UInt32)


def cut(texts: pl.Series, layout: Layout) -> pl.DataFrame:
    """Rows of the right length -> columns. Null, where a column begins or ends inside a character."""
    if layout.unit not in ("characters", "utf-8"):
        rows = [_cut_or_none(text, layout) for text in texts]
        return pl.DataFrame(rows, schema=dict.fromkeys(layout.names, pl.String()), orient="row")
    row = pl.col("row")
    if layout.unit == "characters":
        parts = [row.str.slice(slot.start, slot.length).alias(slot.name) for slot in layout.slots]
    else:
        whole = pl.when(~_cuts_a_letter(row.cast(pl.Binary), layout)).then(row.cast(pl.Binary))
        parts = [whole.bin.slice(slot.start, slot.length).cast(pl.String).alias(slot.name) for slot in layout.slots]
    cells = texts.rename("row").to_frame().select(parts)
    packed = [_unpacked(cells_of(slot.name), layout.encoding).alias(slot.name) for slot in layout.slots if slot.packed]
    return cells.with_columns(packed) if packed else cells


def _cuts_a_letter(row: pl.Expr, layout: Layout) -> pl.Expr:
    """Whether a column begins or ends inside a letter of UTF-8: at a byte that begins none."""
    borders = {place for slot in layout.slots for place in (slot.start, slot.start + slot.length)}
    inner = [row.bin.slice(place, 1).bin.encode("hex").str.contains("^[89ab]") for place in sorted(borders)]
    return pl.any_horizontal(inner)


def _unpacked(cell: pl.Expr, encoding: str) -> pl.Expr:
    digits = cell.str.replace_many(_letters(encoding), [f"{byte:02X}" for byte in range(256)])
    sign = digits.str.tail(1).replace_strict(_PACKED_SIGNS, default=None, return_dtype=pl.String)
    number = digits.str.head(-1) + sign
    readable = digits.str.contains("^[0-9]+[A-F]$")
    return pl.when(readable).then(number).otherwise(pl.lit("x'") + digits + "'")


def _letters(encoding: str) -> list[str]:
    return [bytes([byte]).decode(encoding) for byte in range(256)]


def _cut_or_none(text: str, layout: Layout) -> list[str] | list[None]:
    try:
        return cut_one(text, layout)
    except UnicodeDecodeError:
        return [None] * len(layout.slots)


def cut_one(text: str, layout: Layout) -> list[str]:
    """One row -> its cells: the specification. Raises: UnicodeDecodeError, where a character is cut."""
    if layout.unit == "characters":
        return [_cell(text[slot.start : slot.start + slot.length], slot, layout.encoding) for slot in layout.slots]
    content = text.encode(layout.unit)
    return [content[slot.start : slot.start + slot.length].decode(layout.unit) for slot in layout.slots]


def _cell(text: str, slot: Slot, encoding: str) -> str:
    if not slot.packed:
        return text
    digits = text.encode(encoding).hex().upper()
    return digits[:-1] + _PACKED_SIGNS[digits[-1]] if re.fullmatch("[0-9]+[A-F]", digits) else f"x'{digits}'"
