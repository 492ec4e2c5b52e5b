"""Bare COPY into a staging table, INSERT ... SELECT, primary key: `python -m bench.sides.bare_copy WAY URI FILE`.

typed  the file already holds ISO dates and plain numbers: nothing is read from text that COPY does not read itself.
text   the file as delivered, into text columns; the SELECT gives them their types.
"""

from __future__ import annotations

import sys
from pathlib import Path

import psycopg

from bench.sides.columns import COLUMNS, DEFINITION, TEXT_DEFINITION, from_text

BLOCK_BYTES = 1 << 20


def load(way: str, uri: str, path: Path) -> None:
    """One transaction; the staging table is temporary."""
    definition, separator = (DEFINITION, ",") if way == "typed" else (TEXT_DEFINITION, ";")
    select = ", ".join(COLUMNS) if way == "typed" else ", ".join(from_text(name) for name in COLUMNS)
    with psycopg.connect(uri) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE staging ({definition})".encode())
        copy = f"COPY staging FROM STDIN (FORMAT csv, HEADER, DELIMITER '{separator}')"
        with cursor.copy(copy.encode()) as sink, path.open("rb") as source:
            while block := source.read(BLOCK_BYTES):
                sink.write(block)
        cursor.execute(f"CREATE TABLE clients ({DEFINITION})".encode())
        cursor.execute(f"INSERT INTO clients SELECT {select} FROM staging".encode())
        cursor.execute(b"ALTER TABLE clients ADD PRIMARY KEY (client_no)")


if __name__ == "__main__":
    load(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
