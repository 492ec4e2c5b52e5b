"""The same clients in every format."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import polars as pl

ROWS_AT_A_TIME = 20_000
COLUMNS = (
    "no",
    "name",
    "street",
    "city",
    "postcode",
    "born_on",
    "phone",
    "email",
    "balance",
    "status",
    "since",
    "note",
)
WIDTHS = (8, 24, 24, 16, 8, 10, 16, 32, 12, 1, 10, 24)
SOURCES: dict[str, dict[str, Any]] = {
    "csv": {"delimiter": ";"},
    "fixed": {
        "format": "fixed",
        "offsets": "characters",
        "layout": [
            {"name": name, "start": sum(WIDTHS[:place]) + 1, "length": width}
            for place, (name, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True))
        ],
    },
    "jsonl": {"format": "jsonl"},
    "json": {"format": "json", "record": "clients"},
    "xml": {"format": "xml", "record": "export/client"},
    "parquet": {"format": "parquet"},
    "arrow": {"format": "arrow"},
    "ldif": {"format": "ldif"},
    "vcard": {"format": "vcard"},
}


def clients(start: int, count: int) -> pl.DataFrame:
    """Some clients, all text."""
    number = pl.int_range(start, start + count, dtype=pl.Int64)
    text = number.cast(pl.String)
    columns = {
        "no": text.str.zfill(8),
        "name": pl.lit("Clara Müller ") + text,
        "street": pl.lit("Long Street ") + (number % 999).cast(pl.String),
        "city": pl.lit("Köln-") + (number % 97).cast(pl.String),
        "postcode": (number % 99999).cast(pl.String).str.zfill(5),
        "born_on": pl.lit("19") + (40 + number % 60).cast(pl.String) + pl.lit("-04-13"),
        "phone": pl.lit("+49221") + (number % 8999999).cast(pl.String).str.zfill(7),
        "email": pl.lit("c") + text + pl.lit("@example.com"),
        "balance": (number % 100000).cast(pl.String) + pl.lit(".50"),
        "status": pl.lit("A"),
        "since": pl.lit("2019-01-") + (1 + number % 28).cast(pl.String).str.zfill(2),
        "note": pl.when(number % 3 == 0).then(pl.lit("")).otherwise(pl.lit("calls & writes")),
    }
    return pl.select(**columns)


def write(kind: str, path: Path, count: int) -> None:
    """Write so many clients."""
    if kind in ("parquet", "arrow"):
        frame = clients(0, count)
        frame.write_parquet(path, row_group_size=100_000) if kind == "parquet" else frame.write_ipc(path)
        return
    head, row, tail = _TEXT[kind]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(head)
        for start in range(0, count, ROWS_AT_A_TIME):
            frame = clients(start, min(ROWS_AT_A_TIME, count - start))
            file.write("".join(map(row, frame.iter_rows(named=True))) if kind != "json" else _listed(frame, start))
        file.write(tail)


def _listed(frame: pl.DataFrame, start: int) -> str:
    return ("," if start else "") + ",\n".join(json.dumps(row, ensure_ascii=False) for row in frame.to_dicts())


def _csv(row: dict[str, str]) -> str:
    return ";".join(row.values()) + "\n"


def _fixed(row: dict[str, str]) -> str:
    return "".join(text.ljust(width)[:width] for text, width in zip(row.values(), WIDTHS, strict=True)) + "\n"


def _jsonl(row: dict[str, str]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _xml(row: dict[str, str]) -> str:
    cells = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in row.items())
    return f"<client>{cells}</client>\n"


def _ldif(row: dict[str, str]) -> str:
    cells = "".join(f"{name.replace('_', '-')}: {text}\n" for name, text in row.items())
    return f"dn: uid={row['no']}\n{cells}\n"


def _vcard(row: dict[str, str]) -> str:
    cells = "".join(f"X-{name.upper().replace('_', '-')}:{text}\n" for name, text in row.items())
    return f"BEGIN:VCARD\n{cells}END:VCARD\n"


Row = Callable[[dict[str, str]], str]
_TEXT: dict[str, tuple[str, Row, str]] = {
    "csv": (";".join(COLUMNS) + "\n", _csv, ""),
    "fixed": ("", _fixed, ""),
    "jsonl": ("", _jsonl, ""),
    "json": ('{"clients": [\n', _jsonl, "]}\n"),
    "xml": ("<export>\n", _xml, "</export>\n"),
    "ldif": ("version: 1\n\n", _ldif, ""),
    "vcard": ("", _vcard, ""),
}


def kinds() -> Iterator[str]:
    """Every format that is streamed."""
    yield from SOURCES
