"""The routes that phone systems ask. The server is composed of routes: a console's come beside these."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from ringback.errors import StoreError
from ringback.model.phone import Caller, Changed
from ringback.phone.books import BOOKS, Book, Wanted
from ringback.phone.card import card_page
from ringback.phone.crm import crm_template
from ringback.phone.exchange import Exchange
from ringback.phone.name import ascii_of, clean

Answer = Callable[[Request], Awaitable[Response]]

_TEXT = "text/plain; charset=utf-8"
_LONGEST_FORM = 16_384  # bytes; what a telephone asks of a book has some hundred
_NEVER_KEPT = {"cache-control": "no-store"}


def routes(exchange: Exchange) -> list[Route]:
    """All of phone/'s routes."""
    return [
        Route("/v1/caller.txt", _answering(exchange, _caller_text), methods=["GET"]),
        Route("/v1/caller.json", _answering(exchange, _caller_json), methods=["GET"]),
        Route("/v1/3cx.xml", _answering(exchange, _crm_template), methods=["GET"]),
        Route("/v1/changed", _answering(exchange, _changed), methods=["GET"]),
        Route("/c", _answering(exchange, _card), methods=["GET"]),
        *(
            Route(f"/v1/phonebook/{name}.xml", _answering(exchange, _phone_book(book)), methods=["GET", "POST"])
            for name, book in BOOKS.items()
        ),
    ]


def _answering(exchange: Exchange, answer: Callable[[Exchange, Request], Awaitable[Response]]) -> Answer:
    async def endpoint(request: Request) -> Response:
        try:
            return await answer(exchange, request)
        except StoreError:
            return Response(status_code=503, headers=_NEVER_KEPT, media_type=_TEXT)

    return endpoint


async def _caller_text(exchange: Exchange, request: Request) -> Response:
    """One line for the display of a phone. A miss is 200: many phone systems show whatever comes, errors too."""
    caller = await exchange.desk.caller(request.query_params.get("number", ""))
    fallback = clean(request.query_params.get("fallback", ""))
    name = caller.display_name or fallback
    if request.query_params.get("charset", "").lower() in {"ascii", "us-ascii"}:
        name = ascii_of(caller.display_name) or ascii_of(fallback)
    return Response(name, media_type=_TEXT, headers=_NEVER_KEPT)


async def _caller_json(exchange: Exchange, request: Request) -> Response:
    caller = await exchange.desk.caller(request.query_params.get("number", ""))
    return JSONResponse(caller_json(caller), headers=_NEVER_KEPT)


def caller_json(caller: Caller) -> dict[str, str]:
    """Flat texts. `found`: "true", "false", or "shared" where several clients have the number."""
    if not caller.clients:
        return {"found": "false"}
    return {
        "found": "shared" if caller.is_shared else "true",
        "id": "" if caller.is_shared else caller.clients[0].id,
        "display_name": caller.display_name,
        "first_name": caller.first_name,
        "last_name": caller.last_name,
        "company": caller.company,
        "tier": caller.tier,
        "route": caller.route,
        "number": caller.number,
        "number_asked": caller.number_asked,
        "contact_url": caller.contact_url,
    }


async def _card(exchange: Exchange, request: Request) -> Response:
    """The page that pops up beside a call."""
    caller = await exchange.desk.caller(request.query_params.get("number", ""))
    page = card_page(caller, exchange.directory)
    return HTMLResponse(
        page, headers={**_NEVER_KEPT, "content-security-policy": _POLICY, "referrer-policy": "no-referrer"}
    )


_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"


async def _changed(exchange: Exchange, request: Request) -> Response:
    since = request.query_params.get("since", "").strip().lstrip("Rr")
    if not (since.isascii() and since.isdigit() and len(since) < 19):
        return JSONResponse({"fault": "write since=RUN, as since=R19; 0 for all"}, status_code=400)
    changed = await exchange.desk.beside(lambda: exchange.changed(int(since)))
    return JSONResponse(changed_json(changed), headers=_NEVER_KEPT)


def _phone_book(book: Book) -> Callable[[Exchange, Request], Awaitable[Response]]:
    async def answer(exchange: Exchange, request: Request) -> Response:
        told = dict(request.query_params)
        if request.method == "POST":
            told |= await _posted(request)
        wanted = Wanted.of(told, book)
        tag = await exchange.desk.beside(lambda: exchange.tag(book.name, wanted))
        headers = {"etag": tag, "cache-control": "private, no-cache"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        page = await exchange.desk.beside(lambda: book.page(exchange.directory, wanted))
        return Response(page, media_type="text/xml; charset=utf-8", headers=headers)

    return answer


async def _posted(request: Request) -> dict[str, str]:
    """The fields of a form; of a body that is none, or too long for one, nothing."""
    body = b""
    async for block in request.stream():
        body += block
        if len(body) > _LONGEST_FORM:
            return {}
    return dict(parse_qsl(body.decode("utf-8", "replace")))


def changed_json(changed: Changed) -> dict[str, Any]:
    """What changed, for machines."""
    return {
        "feed": changed.feed,
        "since": f"R{changed.since}",
        "run": f"R{changed.run}",
        "everything": changed.everything,
        "numbers": list(changed.numbers),
    }


async def _crm_template(exchange: Exchange, request: Request) -> Response:
    page = crm_template(str(request.base_url).rstrip("/"), exchange.directory.settings.region)
    return Response(page, media_type="text/xml; charset=utf-8")
