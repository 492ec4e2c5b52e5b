"""DuckDB: everything found by its sniffer; rows that it rejects go to its reject tables and are heeded."""

from __future__ import annotations

import re

import duckdb


def load(path: str) -> tuple[list[list[str]], list[str]]:
    base = duckdb.connect()
    name = path.replace("'", "''")
    found = base.execute(f"FROM read_csv('{name}', all_varchar = true, store_rejects = true, null_padding = false)")
    names = [column[0] for column in found.description]
    rows = [["" if cell is None else cell for cell in row] for row in found.fetchall()]
    rejects = base.execute("SELECT line, error_message FROM reject_errors").fetchall()
    has_header = not all(re.fullmatch(r"column\d+", column) for column in names)
    return [*([names] if has_header else [[]]), *rows], [f"{line}: {message}" for line, message in rejects]
