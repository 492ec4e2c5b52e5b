"""Answers in time: a caller waits, so a lookup that takes too long is a miss, and one that hangs holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ringback.model.phone import Caller
from ringback.phone.directory import Lookup

T = TypeVar("T")

_THREADS = 8  # lookups at once; each has a connection of its own
_BESIDE = 2  # phone books and changes at once: they take longer, and must not keep lookups waiting


class Desk:
    """Runs lookups in threads, each within its deadline."""

    def __init__(self, look_up: Lookup, *, deadline_seconds: float) -> None:
        self._look_up, self._deadline = look_up, deadline_seconds
        self._lookups = ThreadPoolExecutor(_THREADS, thread_name_prefix="lookup")
        self._beside = ThreadPoolExecutor(_BESIDE, thread_name_prefix="phone-book")

    def close(self) -> None:
        """Wait for nobody: what hangs is left to its own time limit."""
        self._lookups.shutdown(wait=False, cancel_futures=True)
        self._beside.shutdown(wait=False, cancel_futures=True)

    async def caller(self, asked: str) -> Caller:
        """Who calls; a miss where the deadline passes. Raises: StoreError, when the database cannot answer."""
        looking = asyncio.get_running_loop().run_in_executor(self._lookups, self._look_up, asked)
        try:
            return await asyncio.wait_for(looking, self._deadline)
        except TimeoutError:
            return Caller(number_asked=asked)

    async def beside(self, work: Callable[[], T]) -> T:
        """Do something that nobody waits for with a receiver in the hand. Raises: what the work raises."""
        return await asyncio.get_running_loop().run_in_executor(self._beside, work)
