"""Files of which every line is a row: found as the rows of a delimited file with a single column are."""

from __future__ import annotations

from typing import BinaryIO

from ringback.model.contract import Source
from ringback.steps.read.csv import PRODUCTION, CsvReading
from ringback.steps.read.dialect import Limits

_NEVER = "\ufdd0\ufdd1"  # Unicode keeps these for no character; a line that has them is rejected
TEXT = "1"  # the column that has the line


def read_lines(content: BinaryIO, source: Source, *, file_name: str, limits: Limits = PRODUCTION) -> CsvReading:
    """The lines of a text, each a row of one column, `TEXT`. Raises: DeliveryRefused, UsageError."""
    lines = source.model_copy(
        update={
            "format": "csv",
            "delimiter": _NEVER,
            "quote": None,
            "escape": None,
            "header": False,
        }
    )
    return CsvReading(content, lines, file_name=file_name, limits=limits)
