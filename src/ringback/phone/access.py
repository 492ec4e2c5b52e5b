"""Who may ask: this machine; named networks; and whoever shows the token.

The token is shown as `Authorization: Bearer TOKEN`, or as the password of Basic with any name, which every phone
system can do; never in a URL, for URLs end up in logs.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

_OWN_NAMES = ("localhost", "127.0.0.1", "[::1]", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The rule of one server."""

    token: str | None = None
    trusted: tuple[str, ...] = ()

    def trusts(self, address: str) -> bool:
        """Whether this address needs no token."""
        peer = _peer(address)
        return peer is not None and (peer.is_loopback or any(peer in ip_network(network) for network in self.trusted))

    def shows_token(self, shown: str) -> bool:
        """Whether this is the token; takes the same time whatever is shown."""
        return self.token is not None and hmac.compare_digest(shown.encode(), self.token.encode())


class AccessGate:
    """ASGI middleware: lets a request through, or answers 401 or 400 without saying why to whom."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        await (self._app if refusal is None else refusal)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers, client = Headers(scope=scope), scope.get("client")
        if self._access.shows_token(_shown(headers.get("authorization", ""))):
            return None
        is_passed_on = "x-forwarded-for" in headers or "forwarded" in headers  # a proxy's address is nobody's
        if client is None or is_passed_on or not self._access.trusts(client[0]):
            return Response(status_code=401, headers={"www-authenticate": 'Basic realm="ringback"'})
        peer = _peer(client[0])
        if peer is not None and peer.is_loopback and not _is_own(headers.get("host", "")):
            return Response(status_code=400)  # a page that a browser was lured to under a name of its own
        return None


def _peer(address: str) -> IPv4Address | IPv6Address | None:
    try:
        peer = ip_address(address)
    except ValueError:
        return None
    return peer.ipv4_mapped or peer if isinstance(peer, IPv6Address) else peer


def _shown(authorization: str) -> str:
    kind, _, shown = authorization.partition(" ")
    if kind.lower() == "bearer":
        return shown.strip()
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(shown, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _is_own(host: str) -> bool:
    name = host.rsplit(":", 1)[0] if host.rpartition(":")[2].isdigit() else host
    return not host or name.lower() in _OWN_NAMES
