"""The text that a supplier would send for clients of truth."""

from __future__ import annotations

import polars as pl

HEADER = {
    "client_no": "Client No",
    "first_name": "First Name",
    "last_name": "Last Name",
    "email": "E-mail",
    "phone": "Phone",
    "born_on": "Date of Birth",
    "client_since": "Client Since",
    "address": "Address",
    "postcode": "Postcode",
    "balance": "Balance",
    "credit_limit": "Credit Limit",
    "status": "Status",
}
CODES = {"active": "A", "suspended": "S", "closed": "C"}


def as_delivered(clients: pl.DataFrame) -> pl.DataFrame:
    """The same clients as rows of text (HEADER), never null; CONTRACT_YAML reads them.

    Dates are dd/mm/yyyy, amounts 1.234,56, British numbers national with spaces, a missing value is empty.
    Write them with `.write_csv(path, separator=";")`.
    """
    return clients.select(
        "client_no",
        "first_name",
        "last_name",
        "email",
        _phone(pl.col("phone")),
        pl.col("born_on", "client_since").dt.to_string("%d/%m/%Y"),
        "address",
        "postcode",
        _amount(pl.col("balance")),
        _amount(pl.col("credit_limit")),
        pl.col("status").replace_strict(CODES, return_dtype=pl.String),
    ).select(pl.col(field).fill_null("").alias(column) for field, column in HEADER.items())


def _phone(e164: pl.Expr) -> pl.Expr:
    """British numbers as the British write them, 020 7946 0123 and 0113 496 0123; others +49 3023125123."""
    return (
        e164.str.replace(r"^\+44(2\d)(\d{4})(\d{4})$", "0$1 $2 $3")
        .str.replace(r"^\+44(\d{3})(\d{3})(\d{4})$", "0$1 $2 $3")
        .str.replace(r"^\+(49|33|61|1)(\d+)$", "+$1 $2")
    )


def _amount(money: pl.Expr) -> pl.Expr:
    """1234567.80 as 1.234.567,80."""
    return (
        money.cast(pl.String)
        .str.replace(".", ",", literal=True)
        .str.replace(r"(\d)(\d{3}),", "$1.$2,")
        .str.replace(r"(\d)(\d{3})\.", "$1.$2.")
    )
