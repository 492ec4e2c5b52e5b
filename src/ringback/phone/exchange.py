"""All that phones can ask, in one place: lookups in time, phone books, what changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ringback.model.contract import Contract
from ringback.model.phone import Changed
from ringback.phone.changes import changed_numbers
from ringback.phone.desk import Desk
from ringback.phone.directory import Directory
from ringback.store.protocol import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What the routes and LDAP speak to."""

    contract: Contract
    directory: Directory
    desk: Desk
    open_store: Callable[[], Store]

    def changed(self, since: int) -> Changed:
        """The numbers whose answer was changed after a run. Raises: StoreError."""
        with self._store() as store:
            return changed_numbers(since, store, self.contract, self.directory.settings)

    def last_run(self) -> int:
        """The run that answers show; 0 before the first. Raises: StoreError."""
        with self._store() as store:
            newest = store.last_published(self.contract.feed)
        return newest.id if newest else 0

    def tag(self, *wanted: object) -> str:
        """An entity tag: another one after every run. What was asked is in it only as a digest. Raises: StoreError."""
        digest = hashlib.sha256(repr(wanted).encode()).hexdigest()[:16]
        return f'"R{self.last_run()}-{digest}"'

    @contextmanager
    def _store(self) -> Iterator[Store]:
        store = self.open_store()
        try:
            yield store
        finally:
            store.close()
