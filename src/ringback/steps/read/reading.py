"""What reading a delivery gives, whatever its format: a header and chunks of text rows with their origins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from ringback.model.rows import LINE
from ringback.steps.read.spans import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderProblem:
    """One thing wrong with the header; the audit makes a finding of it."""

    code: str  # "header.duplicate", "header.unnamed"
    column: str  # the name that the rows have it under
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChunk:
    """Some rows of a delivery, in its order. row_count = rows + distinct lines of rejects + skipped.

    rows     LINE, then one String column per delivered column, never null.
    rejects  REJECT_SCHEMA; one a row. NUL and bad bytes are shown as \\x00, \\xff.
    skipped  rows left out, by the name of the rule.
    texts    positions in `rows` -> these rows' text as delivered, without the line end.
    rejected the rejected rows in the order of `rejects`: their text as UTF-8, bad bytes and all, and what is wrong.
    """

    rows: pl.DataFrame
    rejects: pl.DataFrame
    skipped: dict[str, int]
    row_count: int
    texts: Callable[[list[int]], list[str]]
    rejected: Callable[[], list[tuple[bytes, Fault]]] = list


class Reading(Protocol):
    """One delivery being read. Its chunks come once; what is counted is complete when they are exhausted."""

    @property
    def header(self) -> tuple[str, ...]:
        """Names as delivered, unchanged; "1", "2", ... where the file has none."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names that the rows have, each once: see `unique_names`."""

    @property
    def header_problems(self) -> tuple[HeaderProblem, ...]:
        """What is wrong with the header."""

    @property
    def row_count(self) -> int:
        """Rows so far: good, rejected and skipped."""

    @property
    def skipped(self) -> dict[str, int]:
        """Rows left out so far, by the name of the rule."""

    @property
    def byte_count(self) -> int:
        """Bytes read so far, after decompression."""

    @property
    def parts(self) -> dict[str, int]:
        """Bytes of UTF-8 text so far by what they belong to: preamble, header, rows, footer, byte order mark."""

    def chunks(self) -> Iterator[RowChunk]:
        """The rows. Raises: DeliveryRefused, where reading cannot go on; StoreError, where the bytes are not whole."""


def unique_names(header: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[HeaderProblem, ...]]:
    """Give every column a name of its own.

    The first column of a name keeps it; the second becomes NAME#2, and so on. A column without a name (or with one of
    white space) becomes its number, counted from 1. Names that the header itself has are never given to another column.
    """
    taken, names, problems = {LINE, *header}, list(header), []
    seen, numbers = {LINE}, dict[str, int]()
    for place, name in enumerate(header):
        if name.strip() == "":
            names[place] = _free_name(str(place + 1), taken, numbers)
            problems.append(_problem("header.unnamed", names[place], f"Column {place + 1} has no name."))
        elif name in seen:
            names[place] = _free_name(name, taken, numbers)
            problems.append(_problem("header.duplicate", names[place], f"Column {place + 1} repeats a name."))
        seen.add(name)
        taken.add(names[place])
    return tuple(names), tuple(problems)


def _free_name(wanted: str, taken: set[str], numbers: dict[str, int]) -> str:
    """`numbers` has the last one given for each name: 10,000 columns may share one."""
    if wanted not in taken:
        return wanted
    number = numbers.get(wanted, 1) + 1
    while f"{wanted}#{number}" in taken:
        number += 1
    numbers[wanted] = number
    return f"{wanted}#{number}"


def _problem(code: str, column: str, why: str) -> HeaderProblem:
    return HeaderProblem(code=code, column=column, why=why)
