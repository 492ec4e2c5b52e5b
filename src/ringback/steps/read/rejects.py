"""Rows that cannot be taken whole, as rejects."""

from __future__ import annotations

import json
from collections.abc import Sequence

import polars as pl

from ringback.model.rows import REJECT_SCHEMA, no_rejects

SHOWN = 4096  # characters of a row that is too long to keep beside its reason; the archive has all of it


def row_rejects(
    lines: Sequence[int], codes: Sequence[str], *, texts: Sequence[str], reasons: Sequence[str]
) -> pl.DataFrame:
    """One reject a row: its text as people can see it, and why it was not taken."""
    if not lines:
        return no_rejects()
    return pl.DataFrame(
        {
            "line": lines,
            "fault": [1] * len(lines),
            "column": [None] * len(lines),
            "field": [None] * len(lines),
            "code": codes,
            "raw": texts,
            "reason": reasons,
            "row": [json.dumps(text, ensure_ascii=False) for text in texts],
        },
        schema=REJECT_SCHEMA,
    )
