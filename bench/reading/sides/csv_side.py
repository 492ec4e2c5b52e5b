"""The standard library's csv.reader: commas and double quotes, whatever the file."""

from __future__ import annotations

import csv
from pathlib import Path


def load(path: str) -> list[list[str]]:
    with Path(path).open(encoding="utf-8-sig", errors="replace", newline="") as content:
        return list(csv.reader(content))
