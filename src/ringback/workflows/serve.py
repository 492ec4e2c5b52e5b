"""serve: one server for a project. It is composed of routes; those of phones are the first."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from ipaddress import ip_address
from typing import TYPE_CHECKING

from ringback.errors import ContractError, UsageError
from ringback.model.contract import Contract
from ringback.model.phone import PhoneSettings, Prepared
from ringback.model.project import PROJECT_FILE, Project
from ringback.phone.mapping import mapping_faults
from ringback.store import open_callers, open_store, prepare_callers, unprepared
from ringback.store.protocol import Store
from ringback.workflows.place import Place, target_of

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from ringback.phone.exchange import Exchange
    from ringback.phone.hooks import Hooks

CALL_DEADLINE_SECONDS = 0.150  # issue 7: phone systems take the answer as it is, and wait for it
READER_PATIENCE_SECONDS = 0.3  # twice a lookup's deadline: a statement that lasts longer only takes room
BOOK_PATIENCE_SECONDS = 5.0  # a person leafs through a phone book
WARM_CONNECTIONS = 4
_NEEDED = ("starlette", "uvicorn", "jinja2", "pyasn1", "pyasn1_modules")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the server listens. `ldap_port`: none: no LDAP."""

    host: str
    port: int
    ldap_port: int | None = None

    @property
    def is_local(self) -> bool:
        """Whether only this machine reaches it."""
        with suppress(ValueError):
            return ip_address(self.host).is_loopback
        return self.host == "localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What a server is made of."""

    project: Project
    contract: Contract
    settings: PhoneSettings


def served(place: Place) -> Served:
    """What the project serves. Raises: UsageError, ContractError, where it is not set up for it."""
    settings = place.project.settings.phone
    if settings is None:
        raise UsageError(
            "ringback does not know yet what phones are told",
            where=PROJECT_FILE,
            mend="Add it, as: phone: {feed: clients, region: DE, numbers: [phone], name: [first_name, last_name]}",
        )
    place.contract(settings.feed)  # a feed that is not there, or has faults
    releases = place.store.releases(settings.feed)
    if not releases:
        raise UsageError(
            f"the contract of {settings.feed} is not approved, so there is nobody who could call",
            mend=f"ringback approve {settings.feed}, then import a delivery",
        )
    contract = place.parse_release(releases[0]).contract
    faults = tuple(f"{PROJECT_FILE}: {fault}" for fault in mapping_faults(settings, contract))
    if faults:
        raise ContractError("the mapping for phones has faults", where=PROJECT_FILE, faults=faults)
    return Served(project=place.project, contract=contract, settings=settings)


def prepare(place: Place, *, role: str | None = None) -> Prepared:
    """Make indexes, view and role. Raises: RingbackError."""
    told = served(place)
    return prepare_callers(target_of(place.project), told.contract, told.settings, role=role)


def require_ready(told: Served, address: Address) -> None:
    """Raises: UsageError, where answers would be slow, or anybody could ask."""
    require_software()
    if not address.is_local and told.settings.token is None and not told.settings.trusted:
        raise UsageError(
            f"{address.host} can be reached from other machines, and nothing says who may ask",
            where=PROJECT_FILE,
            why="Names of clients would be told to anybody on the network.",
            mend="Write phone: {token: ${RINGBACK_TOKEN}} or phone: {trusted: [192.0.2.0/24]}, or listen on 127.0.0.1.",
        )
    slow = unprepared(target_of(told.project), told.contract, told.settings)
    if slow:
        raise UsageError(
            f"callers cannot be found at once: {', '.join(slow)}",
            why="Every call would read the whole table. The table is yours, so ringback does not change it unasked.",
            mend="ringback serve --prepare makes the index, and the view that other programs may read.",
        )


def require_software() -> None:
    """Raises: UsageError, where the extra is not installed."""
    absent = [name for name in _NEEDED if find_spec(name) is None]
    if absent:
        raise UsageError(
            f"the server needs {', '.join(absent)}",
            why="It comes with the extra `phone`.",
            mend="pip install 'ringback[phone]'",
        )


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises: UsageError, where that is not possible."""
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=512
        )
    except OSError as refused:
        why = os.strerror(refused.errno) if refused.errno else type(refused).__name__
        raise UsageError(
            f"nobody can be answered at {host}, port {port}: {why.lower()}",
            mend="End what listens there already, or choose another with --host, --port and --ldap-port.",
        ) from None


def application(
    told: Served,
    address: Address,
    *,
    log: Callable[[str], None] | None = None,
    deadline_seconds: float = CALL_DEADLINE_SECONDS,
) -> Starlette:
    """The ASGI application, and what it does beside answering: webhooks, LDAP. A lookup that takes longer is a miss."""
    from starlette.applications import Starlette
    from starlette.middleware import Middleware

    from ringback.phone.access import Access, AccessGate
    from ringback.phone.hooks import Hooks, post
    from ringback.phone.ldap import listening
    from ringback.phone.log import RequestLog
    from ringback.phone.web import routes

    exchange, close = _exchange(told, deadline_seconds)
    ldap = None if address.ldap_port is None else bound(address.host, address.ldap_port)
    access = Access(token=told.settings.token, trusted=told.settings.trusted)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        hooks = Hooks(exchange=exchange, addresses=told.settings.webhooks, tell=post)
        async with _watching(hooks), listening(exchange, access, ldap):
            yield
        close()

    middleware = [Middleware(RequestLog, say=log)] if log else []
    return Starlette(
        routes=routes(exchange), middleware=[*middleware, Middleware(AccessGate, access=access)], lifespan=lifespan
    )


@asynccontextmanager
async def _watching(hooks: Hooks) -> AsyncIterator[None]:
    import asyncio

    if not hooks.addresses:
        yield
        return
    watching = asyncio.create_task(hooks.watch())
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


def _exchange(told: Served, deadline_seconds: float) -> tuple[Exchange, Callable[[], None]]:
    from ringback.phone.desk import Desk
    from ringback.phone.directory import Directory
    from ringback.phone.exchange import Exchange

    target = target_of(told.project)
    callers = open_callers(target, told.contract, told.settings, patience_seconds=READER_PATIENCE_SECONDS)
    callers.warm_up(WARM_CONNECTIONS)
    books = open_callers(target, told.contract, told.settings, patience_seconds=BOOK_PATIENCE_SECONDS)
    desk = Desk(Directory(callers, told.settings).caller, deadline_seconds=deadline_seconds)
    store: Callable[[], Store] = partial(open_store, target, patience_seconds=BOOK_PATIENCE_SECONDS)
    exchange = Exchange(contract=told.contract, directory=Directory(books, told.settings), desk=desk, open_store=store)

    def close() -> None:
        desk.close()
        callers.close()
        books.close()

    return exchange, close
