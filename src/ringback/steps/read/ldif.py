"""LDIF (RFC 2849): each entry is a record; the line of its dn is its line.

Columns are attributes in small letters, with their options: cn, cn;lang-de; the second value of one is cn#2. Values in
base64 are decoded where they are text; others stay base64, in a column of its own: jpegphoto;base64. An entry that
refers to a file or an address (:<) is rejected, and nothing is fetched; so is a change (changetype) that is not add.

An own reader: the living library (ldif) has no lines or raw text, and fetches what an entry refers to.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import BinaryIO

from ringback.model.contract import Source
from ringback.steps.read.batch import Batch
from ringback.steps.read.chunk import BLANK, COMMENT
from ringback.steps.read.csv import PRODUCTION
from ringback.steps.read.dialect import Limits
from ringback.steps.read.jsontext import Unfit
from ringback.steps.read.lines import read_lines
from ringback.steps.read.logical import Gathering, Line, lines_of, numbered, outside
from ringback.steps.read.named import NamedReading

_VALUE = re.compile(r"([A-Za-z0-9][A-Za-z0-9.;_-]*):(:|<)? *(.*)", re.DOTALL)
_VERSION = re.compile(r"version: *\d+", re.IGNORECASE)
HEADLINE = "version"  # the rule by which the line with LDIF's version is left out


def read_ldif(content: BinaryIO, source: Source, *, file_name: str, limits: Limits = PRODUCTION) -> NamedReading:
    """A `Reading` of a directory's export. Raises: DeliveryRefused."""
    lines = read_lines(content, source, file_name=file_name, limits=limits)
    return NamedReading(
        _batches(lines_of(lines), limits.record_bytes),
        byte_count=lambda: lines.byte_count,
        optional=source.optional,
        file_name=file_name,
        most_columns=limits.columns,
    )


def _batches(lines: Iterator[Line], most_chars: int) -> Iterator[Batch]:
    batch, entry, seen = Batch(), None, False
    for line in lines:
        if line.text == "" and not line.fault:
            _take(entry, batch)
            entry = None
            batch.skipped[BLANK] += 1
        elif entry is not None:
            entry.add(line)
        elif line.text.startswith("#") and not line.fault:
            batch.skipped[COMMENT] += 1
        elif not seen and _VERSION.fullmatch(line.text):
            batch.skipped[HEADLINE] += 1
        elif line.text[:3].lower() == "dn:" or line.fault:
            entry = Gathering(line.number, most_chars)
            entry.add(line)
        else:
            outside(line, batch)
        seen = seen or entry is not None
        if entry is None and batch.is_full:
            yield batch
            batch = Batch()
    _take(entry, batch)
    yield batch


def _take(entry: Gathering | None, batch: Batch) -> None:
    """Close the entry under way."""
    if entry is None:
        return
    text = entry.text
    try:
        if entry.reason:
            raise Unfit(entry.reason)
        batch.add(entry.line, ldif_cells(text), text)
    except Unfit as unfit:
        batch.reject(entry.line, entry.code or "row.ldif", text, str(unfit))


def ldif_cells(text: str) -> dict[str, str]:
    """Column -> text of one entry. Raises: Unfit."""
    cells: dict[str, str] = {}
    for line in text.replace("\n ", "").split("\n"):
        if line.startswith("#"):
            continue
        found = _VALUE.fullmatch(line)
        if found is None:
            raise Unfit("has a line that is no attribute: a name, a colon, a value")
        name, value = found[1].lower(), found[3]
        if found[2] == "<":
            raise Unfit(f"refers to a file or an address for {name}, and nothing is fetched")
        if name == "changetype":
            if value.strip().lower() != "add":
                raise Unfit("is a change, and only whole entries are read")
            continue
        name, value = _decoded(name, value) if found[2] == ":" else (name, value)
        cells[numbered(name, cells)] = value
    return cells


def _decoded(name: str, value: str) -> tuple[str, str]:
    try:
        content = base64.b64decode(value.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise Unfit(f"has a value of {name} that is not base64") from None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return f"{name};base64", value.strip()
    return (f"{name};base64", value.strip()) if "\0" in text else (name, text)
