"""Patterns over whole texts, in linear time: one meaning, that of the Rust expressions inside Polars.

Patterns of our own use only what Rust and `re` read alike: explicit ASCII classes, never \\d, \\w, \\s or a bare dot.
A contract's pattern is always asked of Rust's engine, by both readers.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl


def whole(pattern: str) -> str:
    """The pattern for a text that it fits from the first to the last character."""
    return f"^(?:{pattern})$"


def fits(text: pl.Expr, pattern: str) -> pl.Expr:
    """Whether the pattern fits the whole text; null for null."""
    return text.str.contains(whole(pattern))


def fits_each(texts: Iterable[str], pattern: str) -> dict[str, bool]:
    """The same for each of some texts: one question to the engine costs as much as thousands."""
    different = pl.Series(list(set(texts)), dtype=pl.String)
    return dict(zip(different, different.str.contains(whole(pattern)), strict=True))


def fits_one(text: str, pattern: str) -> bool:
    """The same for one text."""
    return fits_each([text], pattern)[text]
