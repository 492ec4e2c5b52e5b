"""Kinds of text (`fit.kind_of`) for whole columns, a little wider: what fails here is certainly of another kind."""

from __future__ import annotations

import polars as pl

_PATTERNS = {
    "number": r"^\s*[-+]?[\d.,'’ \u{a0}\u{202f}]*\d[\d.,]*(?:[eE][-+]?\d+)?\s*$",
    "percent": r"\d.*%",
    "money": r"[$€£¥₹].*\d|\d.*[$€£¥₹]",
    "date": r"\d",
    "time": r"\d:\d",
    "datetime": r"\d.*\d:\d",
    "email": r"@",
    "url": r"://|www\.",
    "phone": r"^[\d ()+/.x-]+$",
    "code": r"\d",
}


def misfit(column: str, kind: str) -> pl.Expr:
    """Whether a text is there and is not of the kind."""
    text = pl.col(column)
    return (text != "") & ~text.str.contains(_PATTERNS[kind])
