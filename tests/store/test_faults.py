"""The database away, locked, full, or cut: what is said is what is so."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ringback.errors import StoreError
from ringback.model.progress import Silent
from ringback.model.run import Outcome
from ringback.store import open_store, publication
from ringback.store.link import Link
from ringback.store.sql_store import SqlStore
from ringback.store.sqlite import Sqlite, place_of

BOUNDARIES = (
    "publish.begun",
    "publish.locked",
    "publish.table_ready",
    "publish.added_written",
    "publish.changed_written",
    "publish.removed_written",
    "publish.history_written",
    "publish.quarantine_written",
    "publish.ledger_written",
)
TERMINATE = "select pg_terminate_backend(pid)::text from pg_stat_activity where application_name = 'ringback'"


class Doing(Silent):
    """Progress that does something at one boundary."""

    def __init__(self, boundary: str, work: Any) -> None:
        self.boundary, self.work, self.seen = boundary, work, [""]

    def at(self, boundary: str) -> None:
        self.seen.append(boundary)
        if boundary == self.boundary:
            self.work()


class Cut(Exception):
    """The power is cut."""


def cut() -> None:
    """Cut it."""
    raise Cut


@pytest.mark.parametrize("first", [True, False], ids=["first run", "later run"])
def test_a_run_broken_off_at_any_boundary_never_was(make_feed: Any, first: bool) -> None:
    feed = make_feed("client_no", "name")
    if not first:
        feed.add({"client_no": "1", "name": "a"}, {"client_no": "2"})
    held, runs = feed.held(), feed.store.runs()
    changes = feed.changes(added=feed.records({"client_no": "3"}))

    for boundary in BOUNDARIES:
        feed.progress = Doing(boundary, cut)
        with pytest.raises(Cut):
            feed.publish(changes)
        assert feed.held().equals(held)
        assert feed.store.runs() == runs
    feed.progress = Doing("publish.committed", cut)
    with pytest.raises(Cut):
        feed.publish(changes)

    assert tuple(feed.progress.seen[1:]) == (*BOUNDARIES, "publish.committed")
    assert feed.held().height == held.height + 1
    assert len(feed.store.runs()) == len(runs) + 1


def test_a_held_run_broken_off_never_was(small: Any) -> None:
    small.add({"client_no": "1"})

    for boundary in ("held.begun", "held.written"):
        with pytest.raises(Cut):
            small.store.set_aside(
                small.contract, small.run(), [small.change("1", name="x")], [], progress=Doing(boundary, cut)
            )

    assert len(small.store.runs()) == 1
    assert small.store.cells_after(small.contract, 1, small.held()).is_empty()


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_a_connection_lost_on_the_way_leaves_nothing_and_says_so(
    pg_feed: Any, postgresql: str, administer: Any, boundary: str
) -> None:
    feed = pg_feed
    feed.add({"client_no": "1"})
    feed.progress = Doing(boundary, lambda: administer(postgresql, TERMINATE))

    with pytest.raises(StoreError, match="connection to the database was lost") as told:
        feed.add({"client_no": "2"})

    assert "Nothing of this run is in the database" in told.value.why
    assert feed.held().height == 1
    assert len(feed.store.runs()) == 1


def test_a_connection_lost_between_two_operations_is_made_anew(pg_feed: Any, postgresql: str, administer: Any) -> None:
    pg_feed.add({"client_no": "1"})
    runs = pg_feed.store.runs()

    administer(postgresql, TERMINATE)

    assert pg_feed.store.runs() == runs


def test_a_commit_whose_answer_is_lost_is_found_in_the_ledger(pg_feed: Any, proxy: Any, opened: Any) -> None:
    feed = pg_feed
    feed.add({"client_no": "1"})
    feed.store = opened(proxy.target, patience_seconds=5)
    proxy.on_commit = "answer lost"

    run = feed.add({"client_no": "2"})

    assert proxy.commits_cut == 1
    assert run.outcome is Outcome.PUBLISHED
    assert feed.store.last_published("clients") == run
    assert feed.held().height == 2


def test_a_commit_that_never_arrived_is_said_to_be_nothing(pg_feed: Any, proxy: Any, opened: Any) -> None:
    feed = pg_feed
    feed.add({"client_no": "1"})
    feed.store = opened(proxy.target, patience_seconds=5)
    proxy.on_commit = "request lost"

    with pytest.raises(StoreError, match="connection to the database was lost") as told:
        feed.add({"client_no": "2"})

    assert "Nothing of this run is in the database" in told.value.why
    assert feed.held().height == 1
    assert len(feed.store.runs()) == 1


@pytest.mark.parametrize("feed_name", ["clients", "others"], ids=["later run", "first run"])
def test_a_lost_transaction_that_still_holds_the_feed_is_not_guessed_at(
    feed_name: str, pg_feed: Any, proxy: Any, monkeypatch: pytest.MonkeyPatch, postgresql: str, opened: Any
) -> None:
    monkeypatch.setattr(publication, "_PAUSE_SECONDS", 0.01)
    feed = pg_feed
    feed.add({"client_no": "1"})
    feed.contract = feed.contract.model_copy(update={"feed": feed_name})
    feed.store = opened(proxy.target, patience_seconds=0.2)
    proxy.on_commit = "request lost, server waits"

    with pytest.raises(StoreError, match=f"not known yet whether R2 of {feed_name} is in the database") as told:
        feed.publish(feed.changes(added=feed.records({"client_no": "2"})))
    proxy.hang_up()

    feed.store = opened(postgresql)
    assert "ringback show R2" in told.value.mend
    assert feed.held().height == 1


def test_a_database_that_stays_away_after_a_commit_is_not_guessed_at(
    pg_feed: Any, proxy: Any, monkeypatch: pytest.MonkeyPatch, postgresql: str, opened: Any
) -> None:
    monkeypatch.setattr(publication, "_PAUSE_SECONDS", 0.01)
    feed = pg_feed
    feed.add({"client_no": "1"})
    feed.store = opened(proxy.target, patience_seconds=1)
    proxy.on_commit = "answer lost, then away"

    with pytest.raises(StoreError, match="not known yet"):
        feed.add({"client_no": "2"})

    newest = opened(postgresql).last_published("clients")
    assert newest is not None
    assert newest.id == 2


def test_a_server_that_is_not_there_is_told_without_its_address(opened: Any) -> None:
    with pytest.raises(StoreError, match="cannot be reached") as told:
        opened("postgresql://somebody:secret@127.0.0.1:1/clients").runs()

    assert "secret" not in str(told.value)
    assert "somebody" not in str(told.value)


def test_a_target_that_names_no_database_is_refused() -> None:
    for target in ("mysql://host/db", "clients.db", "sqlite://clients.db"):
        with pytest.raises(StoreError):
            open_store(target)


def test_without_the_driver_for_postgresql_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "adbc_driver_postgresql.dbapi", None)

    with pytest.raises(StoreError, match=r"pip install 'ringback\[postgres\]'"):
        open_store("postgresql://host/db")


def test_a_full_disk_leaves_nothing_and_says_so(file_feed: Any, sqlite: str) -> None:
    feed = file_feed
    feed.store = SqlStore(Tight(place_of(sqlite), 1))
    feed.add({"client_no": "1"})

    with pytest.raises(StoreError, match="is full") as told:
        feed.add(*({"client_no": str(number), "name": "n" * 500} for number in range(2, 2000)))

    assert "Nothing of this run is in the database" in told.value.why
    assert feed.held().height == 1
    assert feed.publish(feed.change("1", name="x")).id == 2


def test_a_database_that_cannot_be_written_is_told(file_feed: Any, sqlite: str, opened: Any) -> None:
    feed = file_feed
    feed.store = opened(sqlite)
    feed.add({"client_no": "1"})
    feed.store = SqlStore(Closed(place_of(sqlite), 1))

    with pytest.raises(StoreError, match="cannot be written to"):
        feed.add({"client_no": "2"})

    assert feed.held().height == 1


def test_a_folder_that_is_not_there_is_told(file_feed: Any, tmp_path: Path, opened: Any) -> None:
    feed = file_feed
    feed.store = opened(f"sqlite:///{tmp_path / 'nowhere' / 'clients.db'}")

    with pytest.raises(StoreError, match="cannot be reached"):
        feed.add({"client_no": "1"})


def test_a_file_that_is_no_database_is_not_written_over(file_feed: Any, tmp_path: Path, opened: Any) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear customer, " * 1000)
    feed = file_feed
    feed.store = opened(f"sqlite:///{path}")

    with pytest.raises(StoreError, match="not a sound database"):
        feed.add({"client_no": "1"})

    assert path.read_text() == "Dear customer, " * 1000


class Tight(Sqlite):
    """A disk with little room."""

    def connect(self) -> Link:
        link = Sqlite.connect(self)
        link.settle("pragma max_page_count = 60")
        return link


class Closed(Sqlite):
    """A file that nobody may write."""

    def connect(self) -> Link:
        link = Sqlite.connect(self)
        link.settle("pragma query_only = on")
        return link


class Proxy:
    """Stands between ringback and PostgreSQL, and cuts the line at a commit."""

    def __init__(self, target: str) -> None:
        address = urlsplit(target)
        self._server = f"{parse_qs(address.query)['host'][0]}/.s.PGSQL.5432"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.target = f"postgresql://postgres@127.0.0.1:{self._listener.getsockname()[1]}{address.path}"
        self.on_commit = ""
        self.commits_cut = 0
        self._sockets: list[socket.socket] = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client = self._listener.accept()[0]
            except OSError:
                return
            if self.on_commit == "away":
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            self._sockets += [client, server]
            threading.Thread(target=self._forward, args=(client, server), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client), daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        """From ringback to the server. The driver prepares a commit first: the message that executes it is cut."""
        try:
            while said := client.recv(65536):
                if self.on_commit and b"\x00commit\x00" in said and b"E\x00\x00\x00\t" in said:
                    self._cut(said, client, server)
                    return
                server.sendall(said)
            server.close()
        except OSError:
            pass

    def _cut(self, said: bytes, client: socket.socket, server: socket.socket) -> None:
        self.commits_cut += 1
        mode, self.on_commit = self.on_commit, ""
        if mode == "answer lost, then away":
            self.on_commit = "away"
        client.shutdown(socket.SHUT_RDWR)
        if mode.startswith("answer lost"):
            server.sendall(said)
        if mode != "request lost, server waits":
            server.shutdown(socket.SHUT_WR)

    def _pass(self, server: socket.socket, client: socket.socket) -> None:
        try:
            while said := server.recv(65536):
                client.sendall(said)
            client.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def hang_up(self) -> None:
        """Close every line."""
        for line in self._sockets:
            line.close()


@pytest.fixture
def pg_feed(make_plain_feed: Any, postgresql: str, opened: Any) -> Any:
    """A feed in a new PostgreSQL database, reached directly."""
    return make_plain_feed(opened(postgresql, patience_seconds=5), "client_no", "name")


@pytest.fixture
def file_feed(make_plain_feed: Any, sqlite: str, opened: Any) -> Any:
    """A feed in a new SQLite database."""
    return make_plain_feed(opened(sqlite, patience_seconds=5), "client_no", "name")


@pytest.fixture
def proxy(postgresql: str) -> Iterator[Proxy]:
    """A proxy before a new PostgreSQL database, and the feed's store there."""
    made = Proxy(postgresql)
    yield made
    made.hang_up()
