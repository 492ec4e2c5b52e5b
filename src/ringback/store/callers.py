"""The live table as phones read it: one statement a question, so that every answer is of one moment.

Readers see all of a run or nothing of it: SQLite's write-ahead log and PostgreSQL's snapshots give each statement what
was committed before it began.
"""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress

import polars as pl

from ringback.errors import StoreError
from ringback.model.contract import Contract
from ringback.model.phone import Client, PhoneSettings
from ringback.store.dialect import Dialect
from ringback.store.fault import Cause, DatabaseRefused, speaking
from ringback.store.link import Link
from ringback.store.live import Live
from ringback.store.shape import Column, Shape, quoted

MOST = 200  # clients that a shared number or a search gives
_ASKED = Column("asked", pl.String())
_LOST = {Cause.GONE, Cause.AWAY, Cause.OTHER}  # after these nobody knows whether a connection is good
_READING = "Nothing was written."

Rows = list[tuple[str | None, ...]]


class Callers:
    """Reads clients by number and by name; for any number of threads, each with a connection of its own."""

    def __init__(self, dialect: Dialect, contract: Contract, settings: PhoneSettings) -> None:
        self._dialect, self._live, self._settings = dialect, Live.of(contract), settings
        self._key = contract.key
        names = dict.fromkeys((*contract.key, *settings.fields))
        self._shape: Shape = (_ASKED, *(Column(name, pl.String()) for name in names))
        self._queries: dict[int, str] = {}
        self._idle: list[Link] = []
        self._place = dialect.identity()
        self._lock = threading.Lock()

    def close(self) -> None:
        """Give the idle connections back."""
        with self._lock:
            links, self._idle = self._idle, []
        for link in links:
            link.close()

    def warm_up(self, count: int) -> None:
        """Open connections before the first call: opening one can take longer than a caller's deadline.

        A database that is away is no fault yet.
        """
        with suppress(DatabaseRefused):
            links = [self._connected() for _ in range(count)]
            with self._lock:
                self._idle += links
        with suppress(StoreError):
            self.with_numbers(("+",))

    def with_numbers(self, numbers: Sequence[str]) -> list[Client]:
        """The clients that have any of these E.164 numbers, each once a number. Raises: StoreError."""
        found = {(client.asked, client.id): client for client in self._clients(self._by_number(len(numbers)), numbers)}
        return list(found.values())

    def named(self, beginning: str, *, limit: int, offset: int = 0) -> list[Client]:
        """Clients by name: those one of whose names, or the whole, begins so, whatever the case; sorted."""
        order = ", ".join(quoted(name) for name in (*self._sorted_by(), *self._key))
        tail = f"order by {order} limit {int(limit)} offset {int(offset)}"
        return list(self._clients(self._query([self._by_name()], tail), [f"{_escaped(beginning)}%"]))

    def _by_number(self, count: int) -> str:
        """The query for so many numbers at once; it is always the same."""
        if count not in self._queries:
            wanted = ", ".join(f"${place}" for place in range(1, count + 1))
            arms = [self._select(f"t.{quoted(name)} in ({wanted})", asked=name) for name in self._settings.numbers]
            self._queries[count] = self._query(arms, f"limit {MOST}")
        return self._queries[count]

    def _by_name(self) -> str:
        names = [quoted(name) for name in dict.fromkeys((*self._settings.name, *self._single_names()))]
        whole = " || ' ' || ".join(f"coalesce(t.{quoted(name)}, '')" for name in self._settings.name)
        like = "like lower($1) escape '!'"
        begins = " or ".join([f"lower({whole}) {like}", *(f"lower(t.{name}) {like}" for name in names)])
        has_number = " or ".join(f"t.{quoted(name)} is not null" for name in self._settings.numbers)
        return self._select(f"({begins}) and ({has_number})")

    def _single_names(self) -> Iterator[str]:
        yield from filter(None, (self._settings.last_name, self._settings.first_name, self._settings.company))

    def _sorted_by(self) -> tuple[str, ...]:
        last = self._settings.last_name
        return tuple(dict.fromkeys((*([last] if last else []), *self._settings.name)))

    def _select(self, condition: str, *, asked: str | None = None) -> str:
        """All columns as text; a client who is closed is nobody's caller."""
        first = f"t.{quoted(asked)}" if asked else "''"
        texts = (f"cast(t.{column.sql} as {self._dialect.text}) as {column.sql}" for column in self._shape[1:])
        mark = self._live.mark
        is_open = f" and t.{mark.sql} is not true" if mark else ""
        chosen = f"cast({first} as {self._dialect.text}) as {_ASKED.sql}, {', '.join(texts)}"
        return f"select {chosen} from {self._live.place.sql} t where {condition}{is_open}"

    def _query(self, arms: list[str], tail: str) -> str:
        found = f"from ({' union all '.join(arms)}) found {tail}"
        return self._dialect.query(self._shape, [column.sql for column in self._shape], found)

    def _clients(self, query: str, parameters: Sequence[str]) -> Iterator[Client]:
        with speaking(self._dialect.name, _READING):
            rows = self._fetched(query, parameters)
        for asked, *texts in rows:
            values = {column.name: text or "" for column, text in zip(self._shape[1:], texts, strict=True)}
            yield Client(id=key_text([values[name] for name in self._key]), values=values, asked=asked or "")

    def _fetched(self, query: str, parameters: Sequence[str]) -> Rows:
        """Over a connection that is open already; where it was lost, once more over a new one."""
        link = self._idle_link()
        if link is not None:
            try:
                return self._read(link, query, parameters)
            except DatabaseRefused as refused:
                if refused.cause not in _LOST:
                    raise
                self.close()  # what broke this one broke the others too
        return self._read(self._connected(), query, parameters)

    def _read(self, link: Link, query: str, parameters: Sequence[str]) -> Rows:
        is_sound = False
        try:
            rows = link.texts(query, *parameters)
            is_sound = True
        except DatabaseRefused as refused:
            is_sound = refused.cause not in _LOST
            raise
        finally:
            self._put_back(link) if is_sound else link.close()
        return rows

    def _put_back(self, link: Link) -> None:
        with self._lock:
            self._idle.append(link)

    def _idle_link(self) -> Link | None:
        """The connection used last: where few callers come at once, few connections are used and stay warm."""
        place = self._dialect.identity()
        with self._lock:
            is_same, self._place = place == self._place, place
            if is_same and self._idle:
                return self._idle.pop()
        if not is_same:  # the file was replaced, as by a restored backup
            self.close()
        return None

    def _connected(self) -> Link:
        if not self._dialect.exists():
            raise DatabaseRefused(Cause.AWAY)
        return self._dialect.connect()


def key_text(values: Sequence[str]) -> str:
    """A key as people write it: its one value, or the values of a composite one as one line of CSV."""
    if len(values) == 1:
        return values[0]
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return line.getvalue()


def _escaped(beginning: str) -> str:
    for mark in "!%_":
        beginning = beginning.replace(mark, f"!{mark}")
    return beginning
