"""SQLite by hand: csv, executemany, one transaction: `python -m bench.sides.executemany DATABASE FILE`.

The file is the typed one; the table has its primary key from the start; as durable as ringback (WAL, synchronous=FULL).
A client who is held already is replaced.
"""

from __future__ import annotations

import csv
import sqlite3
import sys
from pathlib import Path

from bench.sides.columns import COLUMNS

DEFINITION = ", ".join(f"{name} TEXT" for name in COLUMNS)


def load(database: str, path: Path) -> None:
    """Insert or replace every row of the file."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    with connection, path.open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source)
        next(rows)
        connection.execute(f"CREATE TABLE IF NOT EXISTS clients ({DEFINITION}, PRIMARY KEY (client_no))")
        marks = ", ".join("?" * len(COLUMNS))
        connection.executemany(f"INSERT OR REPLACE INTO clients VALUES ({marks})", rows)
    connection.close()


if __name__ == "__main__":
    load(sys.argv[1], Path(sys.argv[2]))
