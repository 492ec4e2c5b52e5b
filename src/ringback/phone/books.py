"""Phone books for telephones: one renderer, and for each make of telephones one template with its limits.

Cut to what a telephone takes, the book goes on at `start`; `q` finds names that begin so. The clients are those of the
lookup, and so are their names and numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ringback.model.phone import Client
from ringback.phone.directory import Directory
from ringback.phone.name import clean
from ringback.phone.template import rendered


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What part of the book. `number` is set where a telephone asks for the name of one caller."""

    beginning: str = ""
    start: int = 0
    most: int = 0
    number: str | None = None

    @classmethod
    def of(cls, told: Mapping[str, str], book: Book) -> Wanted:
        """From the parameters of a request; what makes no sense is left out."""
        most = min(_whole(told.get("limit", "")) or book.most, book.most)
        if book.first_is_one:  # Gigaset counts from 1, and names fields; "*" stands for any text
            names = [told.get(name, "").strip("*") for name in ("ln", "fn", "nn")]
            number = next((told[name] for name in ("hm", "mb", "of") if told.get(name, "").strip("*")), None)
            most = min(_whole(told.get("count", "")) or most, most)
            start = max(_whole(told.get("first", "")) - 1, 0)
            return cls(beginning=clean(next(filter(None, names), "")), start=start, most=most, number=number)
        return cls(beginning=clean(told.get("q", "")), start=_whole(told.get("start", "")), most=most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One client in a phone book."""

    name: str
    first_name: str
    last_name: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A make of telephones: its template is phone/templates/NAME.xml."""

    name: str
    most: int  # entries in one answer
    first_is_one: bool = False

    def page(self, directory: Directory, wanted: Wanted) -> str:
        """The book as the telephone reads it. Raises: StoreError."""
        if wanted.number is not None:
            clients, following = list(directory.caller(wanted.number).clients)[: self.most], False
        else:
            found = directory.search(wanted.beginning, limit=wanted.most + 1, offset=wanted.start)
            clients, following = found[: wanted.most], len(found) > wanted.most
        entries = [_entry(client, directory) for client in clients]
        return rendered(self.name, entries=entries, wanted=wanted, following=following)


# As published about the makers' phones, not tried on one: Cisco's XML objects hold 32 entries, Grandstream's books
# 2,000, and Gigaset asks for its own number; the others give none that holds for all models, and 1,000 suits all.
BOOKS = {
    book.name: book
    for book in (
        Book(name="yealink", most=1_000),
        Book(name="cisco", most=32),
        Book(name="fanvil", most=1_000),
        Book(name="grandstream", most=2_000),
        Book(name="snom", most=1_000),
        Book(name="gigaset", most=500, first_is_one=True),
    )
}


def _entry(client: Client, directory: Directory) -> Entry:
    name = directory.shown(client) or client.id
    last = directory.text(client, "last_name") or name
    first = directory.text(client, "first_name") if last != name else ""
    return Entry(name=name, first_name=first, last_name=last, numbers=directory.numbers(client))


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
