"""What we hold: the live table, the ledger, history, quarantine, and the archive of delivered bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringback.errors import StoreError
from ringback.store.protocol import LiveTable, Publication, Store

if TYPE_CHECKING:
    from ringback.model.contract import Contract
    from ringback.model.phone import PhoneSettings, Prepared
    from ringback.store.callers import Callers
    from ringback.store.dialect import Dialect

__all__ = ["LiveTable", "Publication", "Store", "open_callers", "open_store", "prepare_callers", "unprepared"]

PATIENCE_SECONDS = 30.0  # how long somebody else's lock is waited for


def open_store(target: str, *, patience_seconds: float = PATIENCE_SECONDS) -> Store:
    """The store that a target names: sqlite:///clients.db or postgresql://user@host/clients.

    Nothing is created before the first writing. Raises: StoreError, when the target names none, or a driver is missing.
    """
    from ringback.store.sql_store import SqlStore  # drivers are loaded when they are needed

    return SqlStore(_dialect(target, patience_seconds))


def open_callers(target: str, contract: Contract, settings: PhoneSettings, *, patience_seconds: float) -> Callers:
    """The live table as phones read it; no reading waits longer than `patience_seconds` for the database.

    Raises: StoreError, when the target names none, or a driver is missing.
    """
    from ringback.store.callers import Callers

    return Callers(_dialect(target, patience_seconds, is_reader=True), contract, settings)


def prepare_callers(target: str, contract: Contract, settings: PhoneSettings, *, role: str | None = None) -> Prepared:
    """Make what phones need in the database: indexes on the numbers, the view, and with `role` its reader.

    Raises: StoreError.
    """
    from ringback.store.prepare import prepare

    return prepare(_dialect(target, PATIENCE_SECONDS), contract, settings, role=role)


def unprepared(target: str, contract: Contract, settings: PhoneSettings) -> tuple[str, ...]:
    """What is missing in the database for phones to be answered at once, as sentences. Raises: StoreError."""
    from ringback.store.prepare import missing

    return missing(_dialect(target, PATIENCE_SECONDS), contract, settings)


def _dialect(target: str, patience_seconds: float, *, is_reader: bool = False) -> Dialect:
    scheme = target.split(":", 1)[0]
    if scheme == "sqlite":
        from ringback.store.sqlite import Sqlite, place_of

        return Sqlite(place_of(target), patience_seconds, is_reader)
    if scheme in {"postgresql", "postgres"}:
        from ringback.store.postgresql import Postgresql, require_driver

        require_driver()
        return Postgresql(target, patience_seconds, is_reader)
    raise StoreError(
        "the target names no database that ringback knows",
        mend="Write sqlite:///clients.db or postgresql://user@host/clients.",
    )
