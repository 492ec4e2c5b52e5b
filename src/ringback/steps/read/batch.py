"""Records of formats that name every value: gathered one by one, then made columns, a batch at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import polars as pl

from ringback.model.rows import LINE

RECORDS = 20_000
CELLS = 4_000_000  # rows times columns: an empty cell costs 16 bytes too
TEXT = "\0"  # the column of a row's text as delivered; no delivered column may have a NUL in its name
TEXT_CHARS = 16 * 2**20


@dataclass(slots=True)
class Batch:
    """Some records, in the order of the file. `rejects` are line, code, text, reason."""

    lines: list[int] = field(default_factory=list)
    cells: list[dict[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    rejects: list[tuple[int, str, str, str]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    columns: dict[str, None] = field(default_factory=dict)
    chars: int = 0

    def add(self, line: int, cells: dict[str, str], text: str) -> None:
        """Take one record."""
        self.lines.append(line)
        self.cells.append(cells)
        self.texts.append(text)
        self.chars += len(text)
        if not cells.keys() <= self.columns.keys():
            self.columns.update(dict.fromkeys(cells))

    def reject(self, line: int, code: str, text: str, reason: str) -> None:
        """Take one record that cannot be read."""
        self.rejects.append((line, code, text, reason))
        self.chars += len(text)

    @property
    def is_full(self) -> bool:
        """Whether it is to be made columns now."""
        count = len(self.lines)
        return (
            count >= RECORDS
            or self.chars >= TEXT_CHARS
            or count * len(self.columns) >= CELLS
            or len(self.rejects) >= RECORDS
        )

    @property
    def row_count(self) -> int:
        """Records, good or not, and those left out."""
        return len(self.lines) + len(self.rejects) + sum(self.skipped.values())

    def frame(self) -> pl.DataFrame:
        """LINE, TEXT and the columns; an empty text where a record has none of its own."""
        columns: dict[str, list[str] | list[int]] = {LINE: self.lines, TEXT: self.texts}
        columns |= {name: [cells.get(name, "") for cells in self.cells] for name in self.columns}
        return pl.DataFrame(columns, schema={LINE: pl.Int64(), **dict.fromkeys((TEXT, *self.columns), pl.String())})
