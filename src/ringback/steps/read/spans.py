"""Where the rows of a block lie."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

import numpy as np

Places: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]
Bytes: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint8]]
Mask: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bool_]]


class Fault(IntEnum):
    """What is wrong with a row's shape."""

    NONE = 0
    QUOTE = 1  # a quote stands where none may
    UNCLOSED = 2  # a quoted value that nothing closes
    SWALLOWED = 3  # a quoted value with whole rows inside
    TOO_LONG = 4
    ENCODING = 5
    NUL = 6
    RAGGED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """Rows in the order of the block, one entry a row; skipped and faulty rows too.

    starts  first byte.
    ends    behind the last byte of the text, before the line end.
    nexts   behind the line end.
    lines   number of the first line.
    cells   number of cells; 0 where the row has no shape.
    faults  `Fault`.
    stop    bytes of the block that are spoken for; the rest needs more bytes to decide.
    """

    starts: Places
    ends: Places
    nexts: Places
    lines: Places
    cells: Places
    faults: Bytes
    stop: int
    next_line: int

    def __len__(self) -> int:
        return len(self.starts)
