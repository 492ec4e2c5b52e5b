"""The template with which 3CX asks ringback who calls."""

from __future__ import annotations

from ringback.phone.template import rendered

_VARIABLES = (  # as 3CX calls them, and as /v1/caller.json does
    ("Id", "id"),
    ("FirstName", "first_name"),
    ("LastName", "last_name"),
    ("CompanyName", "company"),
    ("ContactUrl", "contact_url"),
)


def crm_template(address: str, country: str) -> str:
    """The template for this server; 3CX's administrator uploads it. It holds no token."""
    return rendered("3cx", address=address, country=country, variables=_VARIABLES)
