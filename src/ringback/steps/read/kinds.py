"""Kinds of text (`fit.kind_of`) for whole columns, a little wider: what fails here is certainly of another kind."""

from __future__ import annotations

import polars as pl

from ringback.model.rows import cells_of
from ringback.steps.read.fit import ColumnFit

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


_NONE = r"(?i)^\s*(?:|-+|n/?a|n\.a\.|nan|null|none|#n/a|\?|\\n)\s*$"


_QUICK = {"number": r"^[-+ ]?[\d.,]", "phone": r"^[+(\d]"}


def unlike(column: str, fit: ColumnFit) -> pl.Expr:
    """Whether a text may not be of the column's kind, empty ones included: quick, for all rows."""
    kind = fit.kind or ""
    return ~cells_of(column).str.contains(_QUICK.get(kind, _PATTERNS[kind]))


def misfit(column: str, fit: ColumnFit) -> pl.Expr:
    """Whether a text is there and is not of the column's kind, nor one of its known exceptions."""
    text = cells_of(column)
    strange = ~text.str.contains(_PATTERNS[fit.kind or ""]) & ~text.str.contains(_NONE)
    return strange & ~text.is_in(fit.exceptions) if fit.exceptions else strange
