"""Clients with telephones in a database of each kind, and a server that phone systems ask over real connections."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from ringback.model.run import Outcome, Run
from ringback.workflows.place import open_place
from ringback.workflows.serve import Address, application, prepare, served

from ..conftest import database
from ..workflows.office import OPEN_POLICY, Office, found_project

HEADER = "No;First;Last;Company;Phone;Mobile;Tier;Route"
CLIENTS = (  # German, British and Japanese clients
    "0001;Ana;Brook;Acme;+49 30 123456;;gold;sales",
    "0002;Ben;Carter;Acme;020 7946 0958;+49 171 2345678;;",
    "0003;太郎;山田;山田商事;+81 3-1234-5678;;;",
    "0004;Jörg;Müller;;+49 30 999999;+49 171 2345678;silver;",
)
CONTRACT: dict[str, Any] = {
    "key": ["client_no"],
    "source": {"delimiter": ";"},
    "policy": OPEN_POLICY,
    "fields": {
        "client_no": {"from": "No", "type": "string"},
        "first_name": {"from": "First", "type": "string"},
        "last_name": {"from": "Last", "type": "string"},
        "company": {"from": "Company", "type": "string"},
        "phone": {"from": "Phone", "type": "phone", "region": "GB"},
        "mobile": {"from": "Mobile", "type": "phone", "region": "GB"},
        "tier": {"from": "Tier", "type": "string"},
        "route": {"from": "Route", "type": "string"},
    },
}
PHONE: dict[str, Any] = {
    "feed": "clients",
    "region": "DE",
    "numbers": ["phone", "mobile"],
    "name": ["first_name", "last_name"],
    "first_name": "first_name",
    "last_name": "last_name",
    "company": "company",
    "tier": "tier",
    "route": "route",
    "contactUrl": "https://crm.example.com/{id}",
}
TOKEN = "the-token-of-the-pbx"


@dataclass(frozen=True)
class Answer:
    """What a phone system got."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Line:
    """A running server, as a phone system sees it."""

    url: str
    said: list[str] = field(default_factory=list)  # its log
    ldap_port: int = 0

    def get(
        self, path: str, headers: dict[str, str] | None = None, *, body: bytes | None = None, **query: str
    ) -> Answer:
        """Ask over a real connection."""
        asked = f"?{urllib.parse.urlencode(query)}" if query else ""
        request = urllib.request.Request(f"{self.url}{path}{asked}", headers=headers or {}, data=body)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return Answer(answer.status, answer.read(), dict(answer.headers))
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.code, refused.read(), dict(refused.headers))

    def name(self, number: str, **told: str) -> str:
        """What a display shows."""
        answer = self.get("/v1/caller.txt", number=number, **told)
        assert answer.status == 200
        return answer.text

    def caller(self, number: str) -> Any:
        """The JSON answer."""
        return self.get("/v1/caller.json", number=number).json


@dataclass
class PhoneOffice(Office):
    """An office whose clients have telephones."""

    def deliver(self, *rows: str) -> Run:
        """Import a snapshot."""
        run = self.take_in(*rows, header=HEADER)
        return self.release(run) if run.outcome is Outcome.HELD else run


def write_phone(folder: Path, target: str, **told: Any) -> None:
    """The project file with `phone`; JSON is YAML too."""
    written = {"target": target, "phone": {**PHONE, **told}}
    (folder / "ringback.yaml").write_text(json.dumps(written), encoding="utf-8")


@pytest.fixture
def office(tmp_path: Path, target: str) -> Iterator[PhoneOffice]:
    """Four clients, in a database of each kind in turn, that is ready for phones."""
    with opened(tmp_path / "project", target) as office:
        yield office


@contextmanager
def opened(folder: Path, target: str) -> Iterator[PhoneOffice]:
    """The same, anywhere."""
    found_project(folder, target)
    write_phone(folder, target)
    with open_place(folder, environ={}) as place:
        office = PhoneOffice(folder, target, place)
        office.agree(**CONTRACT)
        office.deliver(*CLIENTS)
        prepare(place)
        yield office


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def reading(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """A server that is only asked: on each kind of database one for all tests of a module."""
    folder = tmp_path_factory.mktemp("reading")
    with ExitStack() as stack:
        target = f"sqlite:///{folder / 'clients.db'}"
        if request.param == "postgresql":
            target = stack.enter_context(database(request.getfixturevalue("server")))
        office = stack.enter_context(opened(folder / "project", target))
        yield stack.enter_context(running(office.folder, ldap=True))


Serving = Callable[..., Line]


@pytest.fixture
def serving(office: PhoneOffice) -> Iterator[Serving]:
    """Starts servers: serving(token=...) has what is otherwise in `phone`."""
    with ExitStack() as stack:

        def start(*, host: str = "127.0.0.1", ldap: bool = False, deadline_seconds: float = 5, **told: Any) -> Line:
            write_phone(office.folder, office.target, **told)
            return stack.enter_context(running(office.folder, host=host, ldap=ldap, deadline_seconds=deadline_seconds))

        yield start


@pytest.fixture
def line(serving: Serving) -> Line:
    """A server on this machine."""
    return serving()


@contextmanager
def running(
    folder: Path, *, host: str = "127.0.0.1", ldap: bool = False, deadline_seconds: float = 5
) -> Iterator[Line]:
    """A server in a thread, as `ringback serve` makes it, but patient: who else computes must not make misses."""
    line = Line("", ldap_port=free_port() if ldap else 0)
    with open_place(folder, environ={}) as place:
        told = served(place)
    address = Address(host=host, port=0, ldap_port=line.ldap_port or None)
    app = application(told, address, log=line.said.append, deadline_seconds=deadline_seconds)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    line.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield line
    finally:
        server.should_exit = True
        thread.join(10)


def until(so: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for something to come true."""
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.02)


def free_port() -> int:
    """A port that nobody has."""
    import socket

    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


class Ear:
    """A web server that hears webhooks."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        told = self.told

        class Hears(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Hears)
        self.url = f"http://127.0.0.1:{self._server.server_port}/changed"

    def __enter__(self) -> Ear:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def until(self, count: int) -> None:
        """Wait until so many were heard."""
        until(lambda: len(self.told) >= count, 15)


@contextmanager
def locking(target: str) -> Iterator[None]:
    """Somebody holds the table of the clients for himself, on PostgreSQL."""
    import adbc_driver_postgresql.dbapi as adbc

    with adbc.connect(target) as connection, connection.cursor() as cursor:
        cursor.execute("lock table clients in access exclusive mode")
        yield
        connection.rollback()
