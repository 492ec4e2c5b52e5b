"""The page that pops up beside a call: the client, all who share the number, or a plain page of an unknown caller."""

from __future__ import annotations

from ringback.model.phone import Caller, Client
from ringback.phone.directory import Directory
from ringback.report.page import Grid, Heading, Paragraph, Part, html
from ringback.report.words import count


def card_page(caller: Caller, directory: Directory) -> str:
    """HTML. For people who may see the client: it holds values as they are held."""
    if not caller.clients:
        why = "This number belongs to no client." if caller.number_asked.strip() else "The caller shows no number."
        return html("Unknown caller", [Paragraph(text=why)])
    parts: list[Part] = []
    if caller.is_shared:
        parts.append(Paragraph(text=f"{count(len(caller.clients), 'client')} have this number. Ask who is calling."))
    for client in caller.clients:
        parts += _client(client, directory, with_name=caller.is_shared)
    title = caller.display_name or caller.number
    return html(title, parts, is_good=not caller.is_shared)


def _client(client: Client, directory: Directory, *, with_name: bool) -> list[Part]:
    rows = tuple((name, text) for name, text in client.values.items() if text)
    grid = Grid(head=("field", "as held"), rows=rows, code=(1,))
    return [Heading(text=directory.shown(client) or client.id), grid] if with_name else [grid]
