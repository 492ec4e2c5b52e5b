"""JSON Lines: every line an object."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from json import JSONDecodeError
from typing import BinaryIO

from ringback.model.contract import Source
from ringback.model.rows import LINE
from ringback.steps.read.batch import Batch
from ringback.steps.read.chunk import BLANK
from ringback.steps.read.csv import PRODUCTION, CsvReading
from ringback.steps.read.dialect import Limits
from ringback.steps.read.jsontext import Unfit, cells_of, decode, require_letters
from ringback.steps.read.lines import TEXT, read_lines
from ringback.steps.read.named import NamedReading
from ringback.steps.read.reading import RowChunk

_SPACE = re.compile(r"[ \t]*")


def read_jsonl(content: BinaryIO, source: Source, *, file_name: str, limits: Limits = PRODUCTION) -> NamedReading:
    """A `Reading` of JSON Lines. Raises: DeliveryRefused."""
    lines = read_lines(content, source, file_name=file_name, limits=limits)
    return NamedReading(
        _batches(lines, frozenset(source.unfold)),
        byte_count=lambda: lines.byte_count,
        optional=source.optional,
        file_name=file_name,
        most_columns=limits.columns,
    )


def _batches(lines: CsvReading, unfold: frozenset[str]) -> Iterator[Batch]:
    for chunk in lines.chunks():
        batch = Batch(skipped=_counter(chunk))
        batch.rejects += chunk.rejects.select("line", "code", "raw", "reason").rows()
        if TEXT in chunk.rows.columns:
            for line, text in zip(chunk.rows[LINE].to_list(), chunk.rows[TEXT].to_list(), strict=True):
                _take(line, text, batch, unfold)
                if batch.is_full:
                    yield batch
                    batch = Batch()
        yield batch


def _counter(chunk: RowChunk) -> Counter[str]:
    return Counter(chunk.skipped)


def _take(line: int, text: str, batch: Batch, unfold: frozenset[str]) -> None:
    try:
        cells = record_of(text, unfold)
    except Unfit as unfit:
        batch.reject(line, "row.json", text, str(unfit))
        return
    if cells is None:
        batch.skipped[BLANK] += 1
    else:
        batch.add(line, cells, text)


def record_of(text: str, unfold: frozenset[str]) -> dict[str, str] | None:
    """One line's cells; None for a blank one. Raises: Unfit."""
    start = _SPACE.match(text).end()  # type: ignore[union-attr]
    if start == len(text):
        return None
    try:
        value, end = decode(text, start)
    except JSONDecodeError as fault:
        raise Unfit(f"is not JSON: {fault.msg} at character {fault.pos + 1}") from None
    except RecursionError:
        raise Unfit("is nested too deeply") from None
    if _SPACE.fullmatch(text, end) is None:
        raise Unfit("has something behind its object")
    cells = cells_of(value, unfold)
    require_letters(text, cells)
    return cells
