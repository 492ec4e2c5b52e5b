"""What we hold: the live table, the ledger, history, quarantine, and the archive of delivered bytes."""

from __future__ import annotations

from ringback.errors import StoreError
from ringback.store.protocol import LiveTable, Publication, Store

__all__ = ["LiveTable", "Publication", "Store", "open_store"]

PATIENCE_SECONDS = 30.0  # how long somebody else's lock is waited for


def open_store(target: str, *, patience_seconds: float = PATIENCE_SECONDS) -> Store:
    """The store that a target names: sqlite:///clients.db or postgresql://user@host/clients.

    Nothing is created before the first writing. Raises: StoreError, when the target names none, or a driver is missing.
    """
    from ringback.store.sql_store import SqlStore  # drivers are loaded when they are needed

    scheme = target.split(":", 1)[0]
    if scheme == "sqlite":
        from ringback.store.sqlite import Sqlite, place_of

        return SqlStore(Sqlite(place_of(target), patience_seconds))
    if scheme in {"postgresql", "postgres"}:
        from ringback.store.postgresql import Postgresql, require_driver

        require_driver()
        return SqlStore(Postgresql(target, patience_seconds))
    raise StoreError(
        "the target names no database that ringback knows",
        mend="Write sqlite:///clients.db or postgresql://user@host/clients.",
    )
