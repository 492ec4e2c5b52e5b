"""The specification of reading a row: one row's text into its cells, with the standard library."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence

from ringback.model.contract import Source
from ringback.steps.read.jsontext import Number, joined, written
from ringback.steps.read.layout import cut_one, layout_of
from ringback.steps.read.treereference import xml_cells


def row_of(text: str, source: Source, columns: Sequence[str]) -> dict[str, str]:
    """One row as it was delivered -> column -> text: what every format's fast reading is held against."""
    if source.format == "fixed":
        layout = layout_of(source)
        return dict(zip(layout.names, cut_one(text, layout), strict=True))
    if source.format in ("jsonl", "json"):
        cells = dict(_leaves(json.loads(text, parse_int=Number, parse_float=Number), "", frozenset(source.unfold)))
        return {column: cells.get(column, "") for column in columns}
    if source.format == "xml":
        found = xml_cells(text, source.namespaces)
        return {column: found.get(column, "") for column in columns}
    return dict(zip(columns, split(text, source), strict=False))


def split(text: str, source: Source) -> list[str]:
    """Split one row as delivered (without its line end) into its cells.

    An empty text is one empty cell. Raises: csv.Error, where quotes stand where they may not.
    """
    if text == "":
        return [""]
    delimiter = _stand_in(text)
    settings = {
        "delimiter": delimiter,
        "quotechar": source.quote,
        "quoting": csv.QUOTE_MINIMAL if source.quote else csv.QUOTE_NONE,
        "escapechar": source.escape,
        "strict": True,
    }
    marked = _complete(text, source).replace(source.delimiter, delimiter)
    csv.field_size_limit(2**31 - 1)  # the library's own limit is for all of the process; ours bounds whole rows
    (cells,) = csv.reader([marked + "\n"], **settings)  # type: ignore[arg-type]  # typeshed wants each setting by name
    return [cell.replace(delimiter, source.delimiter) for cell in cells]


def _stand_in(text: str) -> str:
    """A character that the text does not use: csv knows delimiters of one character only."""
    return next(chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in text)


def _complete(text: str, source: Source) -> str:
    """An escape that ends the text escapes nothing: it is text itself."""
    if not source.escape:
        return text
    trailing = len(text) - len(text.rstrip(source.escape))
    return text + source.escape if trailing % 2 else text


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
