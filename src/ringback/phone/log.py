"""Which request was answered how, without its query: numbers and names are in queries."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_KNOWN = ("/v1/", "/c")


class RequestLog:
    """ASGI middleware: one line a request."""

    def __init__(self, app: ASGIApp, say: Callable[[str], None]) -> None:
        self._app, self._say = app, say

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            path = scope["path"] if status != 404 else "(no such path)"  # it may hold anything
            self._say(f"{scope['method']} {path} {status} {(time.perf_counter() - begun) * 1000:.1f} ms")
