"""Layout files for `init --layout`: a copybook, or a table under a line `name,start,length` (or `name,start,end`)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from ringback.contracts.draft.copybook import columns_of, is_copybook
from ringback.contracts.draft.fixed_columns import FixedColumn
from ringback.errors import UsageError

_MOST_BYTES = 2**20
_HEADS = ({"name", "start", "length"}, {"name", "start", "end"})


def read_layout(path: Path) -> tuple[FixedColumn, ...]:
    """The columns of a layout file. Raises: UsageError, with the line."""
    text = _text(path)
    columns = columns_of(text, file_name=path.name) if is_copybook(text) else _table(text, path.name)
    names = [column.name for column in columns]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(
                f"two columns of the layout have the name {name}", where=path.name, mend="Give each a name of its own."
            )
    return columns


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()[:_MOST_BYTES]
    except OSError as fault:
        raise UsageError(f"the layout cannot be read: {fault.strerror}", where=path.name) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _table(text: str, file_name: str) -> tuple[FixedColumn, ...]:
    lines = text.splitlines()
    mark = next((mark for mark in ",;\t" if lines and mark in lines[0]), ",")
    rows = csv.DictReader(lines, delimiter=mark)
    rows.fieldnames = [(name or "").strip().lower() for name in rows.fieldnames or ()]
    if not any(head <= set(rows.fieldnames) for head in _HEADS):
        raise UsageError(
            "this is neither a copybook nor a table of columns",
            where=file_name,
            mend="Write a line name,start,length and below it one line a column, counted from 1; or give a copybook.",
        )
    return tuple(_row(row, number, file_name) for number, row in enumerate(rows, start=2))


def _row(row: Mapping[str, str | None], line: int, file_name: str) -> FixedColumn:
    name, start = (row.get("name") or "").strip(), _number(row.get("start"))
    length = _number(row.get("length")) if "length" in row else _number(row.get("end")) - start + 1
    if not name or start < 1 or length < 1:
        raise UsageError(
            "this line of the layout has no name, or its places are not counted from 1",
            where=f"{file_name}, line {line}",
            mend="Write name, start and length, as client_no,1,8.",
        )
    return FixedColumn(name=name, start=start, length=length)


def _number(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
