"""What phones need in the database. Nothing of it is made unasked: the table is the customer's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl

from ringback.errors import StoreError
from ringback.model.contract import Contract
from ringback.model.phone import PhoneSettings, Prepared
from ringback.store.caller_view import COLUMNS, view_query
from ringback.store.dialect import Dialect
from ringback.store.fault import Cause, DatabaseRefused, speaking
from ringback.store.link import Link
from ringback.store.live import Live
from ringback.store.shape import Column, quoted, short

ROLE_PATIENCE_MS = 150  # of a phone system that asks the view itself: the caller waits; issue 7

_ROLE = Column("rolname", pl.String())


def missing(dialect: Dialect, contract: Contract, settings: PhoneSettings) -> tuple[str, ...]:
    """Sentences: columns of numbers without an index. Raises: StoreError, when there is no table yet."""
    live = Live.of(contract)
    with _linked(dialect, "looking at the table of the clients") as link:
        return tuple(f"{live.place}.{column} has no index" for column in _slow(link, live, settings))


def prepare(dialect: Dialect, contract: Contract, settings: PhoneSettings, *, role: str | None) -> Prepared:
    """Indexes, the view, and the role that may read it alone. Again: only what is missing; the view is made anew."""
    live, made = Live.of(contract), []
    with _linked(dialect, "preparing the database for phones") as link:
        slow = _slow(link, live, settings)
        for column in slow:
            name = short(f"ringback_phone_{live.place.name}_{column}")
            link.run(f"{dialect.make_index} {quoted(name)} on {live.place.sql} ({quoted(column)})")
            made.append(f"index {name} on {live.place}.{column}")
        made.append(_view(link, live, settings))
        left = _role(link, role, settings.view) if role else ()
        if role and not left:
            made.append(f"role {role}: reads {settings.view} and nothing else, waits at most {ROLE_PATIENCE_MS} ms")
    there = tuple(f"an index on {live.place}.{column}" for column in settings.numbers if column not in slow)
    return Prepared(feed=contract.feed, table=str(live.place), made=tuple(made), there=there, left=left)


@contextmanager
def _linked(dialect: Dialect, where: str) -> Iterator[Link]:
    with speaking(where, "Nothing of yours was changed."):
        if not dialect.exists():
            raise DatabaseRefused(Cause.AWAY)
        link = dialect.connect()
        try:
            yield link
        finally:
            link.close()


def _slow(link: Link, live: Live, settings: PhoneSettings) -> tuple[str, ...]:
    if live.standing(link) is None:
        raise StoreError(
            f"there is no table {live.place} yet",
            why="Nobody can be found in it.",
            mend="Import a delivery first: ringback import FEED FILE",
        )
    quick = link.dialect.indexed(link, live.place)
    return tuple(column for column in settings.numbers if column not in quick)


def _view(link: Link, live: Live, settings: PhoneSettings) -> str:
    name = settings.view
    kind = link.dialect.kind(link, name)
    if kind not in {None, "view"} or (kind == "view" and link.dialect.columns(link, name) != COLUMNS):
        raise StoreError(
            f"there is a {kind} {name} already, and it is not ringback's",
            why="It stays as it is.",
            mend="Give the view another name in ringback.yaml, as phone: {view: ringback_caller}.",
        )
    head = f" ({', '.join(COLUMNS)}) as {view_query(live, settings, link.dialect)}"
    with link.transaction():
        for statement in link.dialect.replace_view:
            link.run(f"{statement} {quoted(name)}" + (head if statement.startswith("create") else ""))
    return f"view {name} ({', '.join(COLUMNS)})"


def _role(link: Link, role: str, view: str) -> tuple[str, ...]:
    """Make the role. Returns: the statements for somebody who may, where this account may not."""
    if not link.dialect.has_roles:
        raise StoreError(
            "SQLite has no roles", why="Whoever can read its file reads all of it.", mend="Leave out --role."
        )
    name = quoted(role)
    statements = (
        f"create role {name} login",
        f"alter role {name} set lock_timeout to {ROLE_PATIENCE_MS}",
        f"alter role {name} set statement_timeout to {ROLE_PATIENCE_MS}",
        f"alter role {name} set default_transaction_read_only to on",
        f"grant select on {quoted(view)} to {name}",
    )
    try:
        for statement in statements[_has_role(link, role) :]:
            link.run(statement)
    except DatabaseRefused as refused:
        if refused.cause is not Cause.DENIED:
            raise
        return statements
    return ()


def _has_role(link: Link, role: str) -> bool:
    return not link.fetch((_ROLE,), f"from pg_catalog.pg_roles where {_ROLE.sql} = $1", role).is_empty()
