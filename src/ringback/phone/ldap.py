"""LDAP, read-only, for telephones that search a directory: bind, search, unbind, and nothing else.

The protocol's words come from pyasn1 and its modules (RFC 2251 and 4511 are one on the wire): of the LDAP servers in
Python none is kept any more (docs/decisions/0014-ldap-on-pyasn1.md).
"""

from __future__ import annotations

import asyncio
import hashlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from pyasn1.codec.ber import decoder, encoder
from pyasn1.error import PyAsn1Error
from pyasn1_modules import rfc2251

from ringback.errors import StoreError
from ringback.model.phone import Client
from ringback.phone.access import Access
from ringback.phone.directory import Directory
from ringback.phone.exchange import Exchange
from ringback.phone.ldap_filter import Attributes, Condition, condition
from ringback.phone.number import meanings

MOST_HITS = 50  # issue 7
_LOOKED_AT = 200  # names that begin so; more are not read for the fifty
_LONGEST = 16_384  # bytes of a message; a telephone's search has some hundred
_IDLE_SECONDS = 300.0
_BASE = "ou=clients"
_NAMES = {
    name.lower(): name for name in ("cn", "sn", "givenName", "displayName", "telephoneNumber", "mobile", "objectClass")
}
_SUCCESS, _PROTOCOL_ERROR, _SIZE_LIMIT, _NOT_SUPPORTED = "success", "protocolError", "sizeLimitExceeded", 7
_WRONG_TOKEN, _NO_RIGHT, _AWAY, _UNWILLING = (
    "invalidCredentials",
    "insufficientAccessRights",
    "unavailable",
    "unwillingToPerform",
)
_SEQUENCE, _ABANDON = 0x30, 0x50  # as the first octets of a message and of an operation; RFC 4511, 4.1.1 and 4.11
_ANSWERS = {  # what is refused -> what the refusal is called
    "modifyRequest": rfc2251.ModifyResponse,
    "addRequest": rfc2251.AddResponse,
    "delRequest": rfc2251.DelResponse,
    "modDNRequest": rfc2251.ModifyDNResponse,
    "compareRequest": rfc2251.CompareResponse,
}


@asynccontextmanager
async def listening(exchange: Exchange, access: Access, place: socket.socket | None) -> AsyncIterator[None]:
    """Answer LDAP at this socket while the block lasts; not at all without one."""
    if place is None:
        yield
        return

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            await _Talk(exchange, access, reader, writer).to_its_end()
        with suppress(OSError):
            writer.close()

    server = await asyncio.start_server(serve_one, sock=place, limit=_LONGEST)
    try:
        yield
    finally:
        server.close()


class _Talk:
    """One connection."""

    def __init__(
        self, exchange: Exchange, access: Access, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._exchange, self._access, self._reader, self._writer = exchange, access, reader, writer
        peer = writer.get_extra_info("peername")
        self._may_search = self._is_trusted = bool(peer) and access.trusts(peer[0])

    async def to_its_end(self) -> None:
        """Answer until the telephone leaves, is idle for long, or says what is no LDAP."""
        while True:
            octets, operation = await asyncio.wait_for(_message(self._reader), _IDLE_SECONDS)
            if operation == _ABANDON:  # what is asked is answered before anything else is read
                continue
            try:
                asked, _ = decoder.decode(octets, asn1Spec=rfc2251.LDAPMessage())
            except (PyAsn1Error, ValueError, RecursionError):
                return
            number, told = int(asked["messageID"]), asked["protocolOp"]
            kind = told.getName()
            if kind == "unbindRequest":
                return
            for answer in await self._answers(kind, told.getComponent()):
                self._writer.write(_message_of(number, answer))
            await self._writer.drain()

    async def _answers(self, kind: str, told: Any) -> list[Any]:
        if kind == "bindRequest":
            return [self._bound(told)]
        if kind == "searchRequest":
            return await self._search(told)
        if kind in _ANSWERS:
            return [_result(_ANSWERS[kind](), _UNWILLING)]
        if kind == "extendedReq":
            return [_result(rfc2251.ExtendedResponse(), _PROTOCOL_ERROR)]
        return []

    def _bound(self, told: Any) -> Any:
        kind = told["authentication"].getName()
        if kind != "simple":
            return _result(rfc2251.BindResponse(), _NOT_SUPPORTED)
        shown = bytes(told["authentication"]["simple"]).decode("utf-8", "replace")
        self._may_search = self._is_trusted or self._access.shows_token(shown)
        is_good = self._may_search or not shown  # anybody may bind as nobody, and then search nothing
        return _result(rfc2251.BindResponse(), _SUCCESS if is_good else _WRONG_TOKEN)

    async def _search(self, told: Any) -> list[Any]:
        if not bytes(told["baseObject"]) and int(told["scope"]) == 0:
            return [_entry("", _ROOT, ()), _result(rfc2251.SearchResultDone(), _SUCCESS)]
        if not self._may_search:
            return [_result(rfc2251.SearchResultDone(), _NO_RIGHT)]
        wanted = condition(told["filter"])
        most = min(int(told["sizeLimit"]) or MOST_HITS, MOST_HITS)
        try:
            found = await self._found(wanted)
        except StoreError:
            return [_result(rfc2251.SearchResultDone(), _AWAY)]
        chosen = tuple(bytes(name).decode("utf-8", "replace").lower() for name in told["attributes"])
        entries = [_entry(_name_of(client), attributes, chosen) for client, attributes in found[:most]]
        return [*entries, _result(rfc2251.SearchResultDone(), _SIZE_LIMIT if len(found) > most else _SUCCESS)]

    async def _found(self, wanted: Condition) -> list[tuple[Client, Attributes]]:
        """Clients that the filter fits, sorted by name."""
        directory = self._exchange.directory
        clients: dict[str, Client] = {}
        numbers, beginnings = list(wanted.numbers())[:8], list(dict.fromkeys(wanted.beginnings()))[:8]
        for number in dict.fromkeys(numbers):
            clients |= {client.id: client for client in (await self._exchange.desk.caller(number)).clients}
        for beginning in beginnings if numbers or beginnings else [""]:
            searched = await self._exchange.desk.beside(
                lambda text=beginning: directory.search(text, limit=_LOOKED_AT)  # type: ignore[misc]
            )
            clients |= {client.id: client for client in searched}
        region = directory.settings.region
        both = ((client, _attributes(client, directory)) for client in clients.values())
        fitting = [each for each in both if wanted.fits(each[1], lambda text: meanings(text, region))]
        return sorted(fitting, key=lambda each: each[1]["cn"])


def _attributes(client: Client, directory: Directory) -> Attributes:
    name, numbers = directory.shown(client) or client.id, directory.numbers(client)
    told = {
        "cn": name,
        "sn": directory.text(client, "last_name") or name,
        "givenname": directory.text(client, "first_name"),
        "displayname": name,
    }
    mobiles = numbers[1:2]
    phones = (*numbers[:1], *numbers[2:])
    return {
        **{attribute: (text,) for attribute, text in told.items() if text},
        **({"telephonenumber": phones} if phones else {}),
        **({"mobile": mobiles} if mobiles else {}),
        "objectclass": ("top", "person", "organizationalPerson", "inetOrgPerson"),
    }


_ROOT: Attributes = {"objectclass": ("top",), "namingcontexts": (_BASE,), "supportedldapversion": ("3",)}


def _name_of(client: Client) -> str:
    """A distinguished name without the client's own name or key in it."""
    return f"uid={hashlib.sha256(client.id.encode()).hexdigest()[:16]},{_BASE}"


def _entry(name: str, attributes: Attributes, chosen: tuple[str, ...]) -> Any:
    entry = rfc2251.SearchResultEntry()
    entry["objectName"] = name.encode()
    told = entry["attributes"]
    told.clear()
    shown = [each for each in attributes if not chosen or "*" in chosen or each in chosen]
    for place, attribute in enumerate(shown):
        part = told.componentType.clone()
        part["type"] = _NAMES.get(attribute, attribute).encode()
        part["vals"].extend([value.encode() for value in attributes[attribute]])
        told[place] = part
    return entry


def _result(answer: Any, code: str | int) -> Any:
    answer["resultCode"] = code
    answer["matchedDN"] = b""
    answer["errorMessage"] = b""
    return answer


def _message_of(number: int, answer: Any) -> bytes:
    message = rfc2251.LDAPMessage()
    message["messageID"] = number
    message["protocolOp"].setComponentByType(answer.tagSet, answer)
    return bytes(encoder.encode(message))


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, int]:
    """The octets of the next message, and its operation's tag. Raises: OSError, when it is none or too long."""
    head = await reader.readexactly(2)
    length = head[1]
    if length & 0x80:
        more = await reader.readexactly(length & 0x7F)
        head, length = head + more, int.from_bytes(more, "big")
    if head[0] != _SEQUENCE or not 5 <= length <= _LONGEST or len(head) > 6:
        raise OSError("not LDAP")
    body = await reader.readexactly(length)
    return head + body, body[min(2 + body[1], length - 1)]
