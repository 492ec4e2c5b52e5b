"""Tells phone systems what changed: they keep answers, and would show the old name for as long as they please.

The server looks at the ledger, so that it is told whoever published, on whatever machine; an address that does not
answer holds up neither an import nor a lookup.
"""

from __future__ import annotations

import asyncio
import json
import logging
import urllib.request
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from ringback.errors import StoreError
from ringback.model.phone import Changed
from ringback.phone.exchange import Exchange
from ringback.phone.web import changed_json

PAUSE_SECONDS = 1.0  # between two looks at the ledger
_PATIENCE_SECONDS = 5.0  # of one telling
_TRIES = 5  # with the pauses between them about half a minute
_log = logging.getLogger("ringback.serve")

_T = TypeVar("_T")
Teller = Callable[[str, bytes], None]  # Raises: OSError


@dataclass(kw_only=True)
class Hooks:
    """Watches the ledger and tells the addresses of `phone.webhooks`."""

    exchange: Exchange
    addresses: tuple[str, ...]
    tell: Teller
    pause_seconds: float = PAUSE_SECONDS
    _telling: set[asyncio.Task[None]] = field(default_factory=set)
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="ledger"))

    async def watch(self) -> None:
        """Until it is cancelled."""
        last: int | None = None
        while True:
            with suppress(StoreError):  # the database is away: what was published is told when it is back
                last = await self._looked(last)
            await asyncio.sleep(self.pause_seconds)

    async def _looked(self, last: int | None) -> int:
        """The run that answers show now; where it is another one than `last`, all are told. Raises: StoreError."""
        newest = await self._asked(self.exchange.last_run)
        if last is None or newest == last:
            return newest
        changed = await self._asked(partial(self.exchange.changed, last))
        for number, address in enumerate(self.addresses, start=1):
            task = asyncio.create_task(self._told(number, address, changed))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)
        return changed.run

    def _asked(self, question: Callable[[], _T]) -> Awaitable[_T]:
        return asyncio.get_running_loop().run_in_executor(self._threads, question)

    async def _told(self, number: int, address: str, changed: Changed) -> None:
        body = json.dumps(changed_json(changed)).encode()
        for attempt in range(_TRIES):
            try:
                await asyncio.to_thread(self.tell, address, body)
                return
            except OSError:
                await asyncio.sleep(self.pause_seconds * 2**attempt)
        _log.warning("webhook %d of %d was not told of R%d", number, len(self.addresses), changed.run)


def post(address: str, body: bytes) -> None:
    """Send JSON; redirections are not followed. Raises: OSError, when it was not taken."""
    request = urllib.request.Request(  # noqa: S310 - http or https: `contracts.project` refuses anything else
        address, data=body, headers={"content-type": "application/json"}, method="POST"
    )
    with _STRAIGHT.open(request, timeout=_PATIENCE_SECONDS) as answer:
        answer.read(1)


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        return None


_STRAIGHT = urllib.request.build_opener(_NoRedirection)
