"""Who a number is: the one answer that all of phone/ gives in its own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol
from urllib.parse import quote

from ringback.model.phone import LONGEST_NAME, Caller, Client, PhoneSettings
from ringback.phone.name import clean
from ringback.phone.number import meanings


class Clients(Protocol):
    """Held records by number and by name; see `store.callers.Callers`."""

    def with_numbers(self, numbers: tuple[str, ...]) -> list[Client]:
        """The clients that have any of these E.164 numbers."""

    def named(self, beginning: str, *, limit: int, offset: int = 0) -> list[Client]:
        """Clients by the beginning of a name, sorted."""


class Directory:
    """The clients as phones are told of them. May be asked by any number of threads."""

    def __init__(self, clients: Clients, settings: PhoneSettings) -> None:
        self._clients, self.settings = clients, settings

    def caller(self, asked: str) -> Caller:
        """Who calls from this number. Text that is no number is a miss without asking. Raises: StoreError."""
        numbers = meanings(asked, self.settings.region)
        if not numbers:
            return Caller(number_asked=asked)
        found = self._clients.with_numbers(numbers)
        number = next((number for number in numbers if any(client.asked == number for client in found)), "")
        clients = sorted((client for client in found if client.asked == number), key=self.shown)
        return self._told(asked, number, tuple(clients))

    def shown(self, client: Client) -> str:
        """A client's name as phones can show it; where there is none, the company's."""
        return clean(" ".join(client.values[name] for name in self.settings.name)) or self.text(client, "company")

    def text(self, client: Client, role: str) -> str:
        """What the field that has this role in the mapping says of a client, cleaned."""
        field = getattr(self.settings, role)
        return clean(client.values[field]) if field else ""

    def numbers(self, client: Client) -> tuple[str, ...]:
        """A client's numbers, the main one first."""
        return tuple(filter(None, (client.values[name] for name in self.settings.numbers)))

    def search(self, beginning: str, *, limit: int, offset: int = 0) -> list[Client]:
        """Clients one of whose names begins so. Raises: StoreError."""
        return self._clients.named(beginning, limit=limit, offset=offset)

    def _told(self, asked: str, number: str, clients: tuple[Client, ...]) -> Caller:
        if not clients:
            return Caller(number_asked=asked)
        roles = {role: _common(self.text(client, role) for client in clients) for role in _ROLES}
        return Caller(
            number_asked=asked,
            number=number,
            clients=clients,
            display_name=shared_name(tuple(map(self.shown, clients))),
            contact_url=self.contact_url(clients[0]) if len(clients) == 1 else "",
            **roles,
        )

    def contact_url(self, client: Client) -> str:
        """The client's page in the customer's own system."""
        pattern = self.settings.contact_url or ""
        return pattern.replace("{id}", quote(client.id, safe=""))


_ROLES = ("first_name", "last_name", "company", "tier", "route")


def shared_name(names: tuple[str, ...]) -> str:
    """One name; of several clients the first and how many more there are, as the database view says it."""
    if len(names) == 1:
        return names[0]
    more = " or 1 other" if len(names) == 2 else f" or {len(names) - 1} others"
    return names[0][: LONGEST_NAME - len(more)].rstrip() + more


def _common(texts: Iterable[str]) -> str:
    """What all say alike; "" where they differ."""
    different = set(texts)
    return different.pop() if len(different) == 1 else ""


Lookup = Callable[[str], Caller]
