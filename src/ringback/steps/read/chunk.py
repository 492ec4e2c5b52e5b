"""The general way: of every row of a block, whether it is good, rejected and why, or left out and by which rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from ringback.model.contract import Skip, Source
from ringback.model.rows import LINE, no_rejects
from ringback.steps.read import reference
from ringback.steps.read.plain import Plain
from ringback.steps.read.reading import RowChunk
from ringback.steps.read.rejects import SHOWN, row_rejects
from ringback.steps.read.spans import Fault, Mask, Places, Spans
from ringback.steps.read.text import shown

BLANK, COMMENT = "blank line", "comment"
MOST_REJECTS = 200_000  # of one block, where they are more than half of it: 8 MiB of short lines are 4 million

_CODES = {
    Fault.QUOTE: "row.quote",
    Fault.UNCLOSED: "row.quote",
    Fault.SWALLOWED: "row.quote",
    Fault.TOO_LONG: "row.too_long",
    Fault.ENCODING: "row.encoding",
    Fault.NUL: "row.nul",
    Fault.RAGGED: "row.ragged",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What every chunk of a delivery has in common."""

    source: Source
    columns: tuple[str, ...]
    record_bytes: int

    @property
    def width(self) -> int:
        """How many cells a row has."""
        return len(self.columns)


def chunk_of(plain: Plain, spans: Spans, table: Table) -> RowChunk:
    """The general way: every row has its place."""
    rules = [COMMENT, BLANK, *(skip.name for skip in table.source.skip)]
    skips = _skips(plain, spans, table)
    faults = np.where(skips >= 0, 0, _faults(plain, spans, table.width))
    _require_hope(faults, spans)
    good = np.flatnonzero((skips < 0) & (faults == 0))
    counts = np.bincount(skips[skips >= 0], minlength=len(rules))
    skipped: dict[str, int] = {}
    for name, count in zip(rules, counts.tolist(), strict=True):
        if count:
            skipped[name] = skipped.get(name, 0) + count
    return RowChunk(
        rows=numbered(_good_rows(plain, spans, good, table), spans.lines[good]),
        rejects=_rejects(plain, spans, faults, table),
        skipped=skipped,
        row_count=len(spans),
        texts=lambda positions: [_text(plain, spans, int(good[position])).decode() for position in positions],
        rejected=lambda: [
            (_text(plain, spans, place), Fault(int(faults[place]))) for place in np.flatnonzero(faults).tolist()
        ],
    )


class Hopeless(Exception):
    """Nearly nothing of a block can be read: it is not worth a reject for each of its rows. Has the first line."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _require_hope(faults: Places, spans: Spans) -> None:
    bad = np.flatnonzero(faults)
    if len(bad) > MOST_REJECTS and 2 * len(bad) > len(spans):
        raise Hopeless(int(spans.lines[bad[0]]))


def split_columns(content: bytes, plain: Plain, columns: tuple[str, ...], *, quote: str) -> pl.DataFrame | None:
    """Rows of the right shape -> columns; None, where Polars does not take them."""
    schema = dict.fromkeys(columns, pl.String())
    if content == b"" or not columns:
        return pl.DataFrame(schema=schema)
    try:
        return pl.read_csv(
            content,
            has_header=False,
            separator=plain.delimiter.decode(),
            quote_char=quote or None,
            schema=schema,
            empty_string_is_null=False,
            extra_columns="raise",
        )
    except pl.exceptions.PolarsError:
        return None  # its message may hold client values; what is wrong is found out row by row


def numbered(rows: pl.DataFrame, lines: Places) -> pl.DataFrame:
    """With LINE in front."""
    return rows.insert_column(0, pl.Series(LINE, lines, dtype=pl.Int64))


def _skips(plain: Plain, spans: Spans, table: Table) -> Places:
    """Which rule leaves a row out: 0 comment, 1 blank, 2... the contract's; -1 none."""
    skips = np.full(len(spans), -1)
    if table.width != 1:  # in a single column an empty line is an empty cell
        skips[spans.starts == spans.ends] = 1
    if plain.comment:
        skips[_starts_with(plain, spans, plain.comment)] = 0
    if table.source.skip:
        texts = pl.Series([shown(_text(plain, spans, place)) for place in range(len(spans))], dtype=pl.String)
        for number, skip in enumerate(table.source.skip):
            skips[(skips < 0) & _fits(texts, skip)] = number + 2
    return skips


def _starts_with(plain: Plain, spans: Spans, prefix: bytes) -> Mask:
    bytes_ = np.frombuffer(plain.content + bytes(len(prefix)), np.uint8)
    found = np.ones(len(spans), dtype=bool)
    for place, byte in enumerate(prefix):
        found &= bytes_[spans.starts + place] == byte
    return found


def _fits(texts: pl.Series, skip: Skip) -> Mask:
    return texts.str.contains(skip.pattern).to_numpy()


def _faults(plain: Plain, spans: Spans, width: int) -> Places:
    faults = spans.faults.astype(np.int64)
    faults[(faults == 0) & _has_bad_bytes(plain, spans)] = Fault.ENCODING
    if b"\0" in plain.content:
        places = np.flatnonzero(np.frombuffer(plain.content, np.uint8)[: spans.stop] == 0)
        with_nul = np.unique(np.searchsorted(spans.starts, places, side="right") - 1)
        faults[with_nul[faults[with_nul] == 0]] = Fault.NUL
    faults[(faults == 0) & (spans.cells != width)] = Fault.RAGGED
    return faults


def _has_bad_bytes(plain: Plain, spans: Spans) -> Mask:
    part = plain.content[: spans.stop]
    if part.isascii() or _is_utf8(part):
        return np.zeros(len(spans), dtype=bool)
    return np.array([not _is_utf8(part[start:end]) for start, end in _places(spans)], dtype=bool)


def _is_utf8(part: bytes) -> bool:
    try:
        part.decode()
    except UnicodeDecodeError:
        return False
    return True


def _places(spans: Spans) -> Iterator[tuple[int, int]]:
    return zip(spans.starts.tolist(), spans.ends.tolist(), strict=True)


def _text(plain: Plain, spans: Spans, place: int) -> bytes:
    return plain.text(int(spans.starts[place]), int(spans.ends[place]))


def _good_rows(plain: Plain, spans: Spans, good: Places, table: Table) -> pl.DataFrame:
    content = _content_of(plain, spans, good)
    rows = None
    if not content.startswith(b"\xef\xbb\xbf"):
        rows = split_columns(content, plain, table.columns, quote=plain.quote.decode())
    if rows is not None and rows.height == len(good):
        return plain.restored(rows)
    cells = [reference.split(_text(plain, spans, int(place)).decode(), table.source) for place in good]
    return pl.DataFrame(cells, schema=dict.fromkeys(table.columns, pl.String()), orient="row")


def _content_of(plain: Plain, spans: Spans, good: Places) -> bytes:
    """The good rows' bytes in one piece, each row ended by a line feed (or return and line feed)."""
    bytes_ = np.frombuffer(plain.content, np.uint8)[: spans.stop]
    last = spans.nexts - 1
    returns = last[bytes_[last] == ord("\r")]
    if len(returns):
        bytes_ = bytes_.copy()
        bytes_[returns] = ord("\n")
    if len(good) == len(spans):
        return bytes_.tobytes()
    borders = np.flatnonzero(np.diff(good) > 1) + 1
    firsts = good[np.concatenate(([0], borders))] if len(good) else good
    lasts = good[np.append(borders, len(good)) - 1] if len(good) else good
    pieces = zip(spans.starts[firsts].tolist(), spans.nexts[lasts].tolist(), strict=True)
    return b"".join(bytes_[start:end].tobytes() for start, end in pieces)


def _rejects(plain: Plain, spans: Spans, faults: Places, table: Table) -> pl.DataFrame:
    places = np.flatnonzero(faults).tolist()
    if not places:
        return no_rejects()
    kinds = [Fault(int(faults[place])) for place in places]
    texts = [_shown(plain, spans, place, kind) for place, kind in zip(places, kinds, strict=True)]
    return row_rejects(
        spans.lines[places].tolist(),
        [_CODES[kind] for kind in kinds],
        texts=texts,
        reasons=[_reason(kind, int(spans.cells[place]), table) for place, kind in zip(places, kinds, strict=True)],
    )


def _shown(plain: Plain, spans: Spans, place: int, kind: Fault) -> str:
    text = _text(plain, spans, place)
    return shown(text if kind is not Fault.TOO_LONG else text[:SHOWN])


def _reason(kind: Fault, cells: int, table: Table) -> str:
    reference_row = "the header" if table.source.header else "the first row"
    return {
        Fault.QUOTE: "has a quote where none may stand",
        Fault.UNCLOSED: "opens a quoted value that is not closed",
        Fault.SWALLOWED: "has a quoted value with whole rows inside: a quote may be missing",
        Fault.TOO_LONG: f"is longer than {table.record_bytes:,} bytes; only its beginning is kept here",
        Fault.ENCODING: f"has bytes that are not {table.source.encoding}",
        Fault.NUL: "has a NUL byte",
        Fault.RAGGED: f"has {_values(cells)} where {reference_row} has {table.width}",
    }[kind]


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count} values"
