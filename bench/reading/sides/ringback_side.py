"""ringback."""

from __future__ import annotations

import ringback


def load(path: str) -> tuple[list[list[str]], list[str]]:
    table = ringback.read(path)
    head = [table.header] if table.header is not None else []
    return [*head, *table.rows()], [str(doubt) for doubt in table.doubts]
