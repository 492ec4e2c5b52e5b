"""The one canonical text of a typed value: in SQLite, in history cells, on screens.

String, json  as it is                     Integer   -12
Decimal       all digits of the scale: -1234.50, 0.00 (never -0.00)
Boolean       true, false                  Date      2024-08-10
Time          07:00:00.000000              Datetime  2024-08-10T07:00:00.000000Z (UTC)

A null has no text. Every text reads back to exactly its value; any other text of that type reads back to null.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from ringback.model.field import Value

_DATE = "%Y-%m-%d"
_TIME = "%H:%M:%S%.6f"
_DATETIME = "%Y-%m-%dT%H:%M:%S%.6fZ"


def to_text(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """A column of `dtype` (one of those that a field may have) -> its canonical text (String)."""
    if isinstance(dtype, pl.Date):
        return value.dt.to_string(_DATE)
    if isinstance(dtype, pl.Time):
        return value.dt.to_string(_TIME)
    if isinstance(dtype, pl.Datetime):
        return value.dt.to_string(_DATETIME)
    return value.cast(pl.String)


def from_text(text: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Canonical text (String) -> a column of `dtype`; null where the text is not what `to_text` writes."""
    if isinstance(dtype, pl.String):
        return text
    value = _parsed(text, dtype)
    return pl.when(to_text(value, dtype) == text).then(value)


def _parsed(text: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.Date):
        return text.str.to_date(_DATE, strict=False)
    if isinstance(dtype, pl.Time):
        return text.str.to_time(_TIME, strict=False)
    if isinstance(dtype, pl.Datetime):
        return text.str.to_datetime(_DATETIME, time_unit="us", strict=False).dt.replace_time_zone("UTC")
    if isinstance(dtype, pl.Boolean):
        return text.replace_strict(["true", "false"], [True, False], default=None, return_dtype=pl.Boolean)
    return text.cast(dtype, strict=False)


def text_of(value: Value | None) -> str | None:
    """The canonical text of one value; a datetime must know its zone."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value if value else abs(value):f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    if isinstance(value, time):
        return value.isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else str(value)
