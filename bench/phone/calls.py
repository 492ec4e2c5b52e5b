"""Asks who is calling, so many times a second, whatever becomes of earlier questions; each answer is checked.

Latency counts from the moment at which a question was due, so that a server that stands still is not asked less.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

LINES = 32  # connections that are kept open, as a phone system's would be
_PATIENCE_SECONDS = 5.0

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Heard:
    """What came of the questions of one phase."""

    milliseconds: list[float] = field(default_factory=list)
    failed: int = 0  # no answer, or not 200
    missed: int = 0  # empty: the deadline passed
    wrong: int = 0  # neither the old nor the new name, or the old one after the new one was told
    new: int = 0

    def at(self, share: float) -> float:
        """The latency that this share of all answers stayed under."""
        ordered = sorted(self.milliseconds)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


@dataclass
class Names:
    """The two names that a number may have, and which of them must not be told any more."""

    number: Callable[[int], str]
    old: Callable[[int], str]
    new: Callable[[int], str]
    since: float | None = None  # when a new name was first told

    def judge(self, client: int, told: str, asked_at: float, heard: Heard) -> None:
        """Count an answer."""
        if told == self.new(client):
            heard.new += 1
            self.since = time.perf_counter() if self.since is None else self.since
        elif not told:
            heard.missed += 1
        elif told != self.old(client) or (self.since is not None and asked_at > self.since):
            heard.wrong += 1


class Caller:
    """Asks one server."""

    def __init__(self, port: int, clients: int, per_second: float, seed: int) -> None:
        self._port, self._clients, self._pause = port, clients, 1 / per_second
        self._random = random.Random(seed)
        self._lines: asyncio.LifoQueue[Line | None] = asyncio.LifoQueue()
        for _ in range(LINES):
            self._lines.put_nowait(None)

    async def ask_until(self, over: Callable[[], bool], names: Names) -> Heard:
        """Ask until it is over."""
        heard, asking = Heard(), set()
        due = time.perf_counter()
        while not over():
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            task = asyncio.create_task(self._ask(due, names, heard))
            asking.add(task)
            task.add_done_callback(asking.discard)
            due += self._pause
        await asyncio.gather(*asking)
        return heard

    async def _ask(self, due: float, names: Names, heard: Heard) -> None:
        client = self._random.randrange(self._clients)
        line = await self._lines.get()
        asked_at = time.perf_counter()
        try:
            line, told = await asyncio.wait_for(self._answer(line, names.number(client)), _PATIENCE_SECONDS)
            names.judge(client, told, asked_at, heard)
        except (OSError, EOFError, ValueError, TimeoutError):
            line, heard.failed = None, heard.failed + 1
        heard.milliseconds.append((time.perf_counter() - due) * 1000)
        self._lines.put_nowait(line)

    async def _answer(self, line: Line | None, number: str) -> tuple[Line, str]:
        """Over the open connection; where the server had closed it meanwhile, over a new one, as libcurl does."""
        if line is not None:
            try:
                return await self._told(line, number)
            except (ConnectionError, EOFError):
                pass
        return await self._told(await asyncio.open_connection("127.0.0.1", self._port), number)

    async def _told(self, line: Line, number: str) -> tuple[Line, str]:
        reader, writer = line
        writer.write(f"GET /v1/caller.txt?number={number} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        if " 200 " not in head.split("\r\n")[0]:
            raise ValueError("not 200")
        length = int(head.split("content-length: ")[1].split("\r\n")[0])
        return line, (await reader.readexactly(length)).decode()
