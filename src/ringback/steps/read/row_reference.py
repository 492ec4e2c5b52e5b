"""The specification of reading a row of any format: its text as delivered -> its cells, one row at a time.

The rows of address books are parsed by their reader's own functions, and those of Parquet and Arrow have no text of
their own: there it is only the way through chunks and spools that is held against the rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from ringback.model.contract import Source
from ringback.steps.read.jsontext import Number, joined, written
from ringback.steps.read.layout import cut_one, layout_of
from ringback.steps.read.ldif import ldif_cells
from ringback.steps.read.reference import split
from ringback.steps.read.treereference import xml_cells
from ringback.steps.read.vcard import vcard_cells


def row_of(text: str, source: Source, columns: Sequence[str]) -> dict[str, str]:
    """One row as it was delivered -> column -> text: what every format's fast reading is held against."""
    if source.format == "csv":
        return dict(zip(columns, split(text, source), strict=False))
    if source.format == "fixed":
        layout = layout_of(source)
        return dict(zip(layout.names, cut_one(text, layout), strict=True))
    cells = _named_cells(text, source)
    return {column: cells.get(column, "") for column in columns}


def _named_cells(text: str, source: Source) -> dict[str, str]:
    """A record's cells by their names."""
    if source.format == "xml":
        return xml_cells(text, source.namespaces)
    if source.format == "vcard":
        return vcard_cells(text)
    if source.format == "ldif":
        return ldif_cells(text)
    value = json.loads(text, parse_int=Number, parse_float=Number)
    return dict(value) if source.format in ("parquet", "arrow") else dict(_leaves(value, "", frozenset(source.unfold)))


def _leaves(value: object, path: str, unfold: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Path and text of everything in a JSON value that is no object."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, joined(f"{path}." if path else "", key), unfold)
    elif isinstance(value, list) and path in unfold:
        for place, part in enumerate(value):
            yield from _leaves(part, f"{path}[{place}]", unfold)
    else:
        yield path, "" if value is None else str(value) if isinstance(value, str) else written(value)
