"""Checks of `source` by its format: keys that say nothing to it, and keys that it cannot do without."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from ringback.contracts.document import Items, Mapping, Node, Scalar
from ringback.contracts.fault import Faults, quoted
from ringback.steps.read.layout import is_single_byte

_EVERY = {"files", "issued", "format", "encoding", "member", "maxBytes"}
_LINES = {"preambleLines", "footerLines", "commentChar", "skip"}
_KEYS: dict[str, set[str]] = {
    "csv": _EVERY | _LINES | {"delimiter", "quoteChar", "escapeChar", "header"},
    "jsonl": _EVERY | _LINES | {"unfold", "optional"},
    "json": _EVERY | {"record", "unfold", "optional"},
    "xml": _EVERY | {"record", "namespaces", "optional"},
    "vcard": _EVERY | {"optional"},
    "ldif": _EVERY | {"optional"},
    "parquet": _EVERY - {"encoding"},
    "arrow": _EVERY - {"encoding"},
    "fixed": _EVERY | _LINES | {"offsets", "layout", "recordLength", "lineEnds"},
}
_PLACE = re.compile("[0-9]+(-[0-9]+)?")  # how a part of a row without a name is called


def check_format(root: Mapping, faults: Faults) -> None:
    """Add the faults of `source` that its format makes."""
    source = root.node("source")
    if not isinstance(source, Mapping):
        return
    written = source.text("format") or "csv"
    known = _KEYS.get(written, set(source.entries))
    for key, entry in source.entries.items():
        if key not in known and any(key in keys for keys in _KEYS.values()):
            takers = ", ".join(name for name, keys in _KEYS.items() if key in keys)
            faults.add(entry.key_at, f"{quoted(key)} says nothing to format: {written}, only to {takers}: take it out")
    if written == "fixed":
        _check_fixed(source, faults)
    if written == "xml" and not (source.text("record") or "").strip("/"):
        at = source.entries["format"].key_at
        faults.add(at, 'format: xml needs "record": the path to the records, as record: export/client')


def _check_fixed(source: Mapping, faults: Faults) -> None:
    at = source.entries["format"].key_at
    if source.text("offsets") is None:
        faults.add(at, 'format: fixed needs "offsets": write offsets: characters or offsets: bytes')
    columns = tuple(_columns(source.node("layout")))
    if not columns:
        faults.add(at, 'format: fixed needs "layout": the columns, each with name, start and length')
    _check_names(columns, faults)
    _check_record_length(source, columns, faults)
    if source.text("lineEnds") == "false":
        _check_without_line_ends(source, faults)
    elif any(column.text("packed") == "true" for column in columns):
        faults.add(at, "packed digits can look like line ends: they need lineEnds: false")


def _columns(layout: Node | None) -> Iterator[Mapping]:
    for node in layout.nodes if isinstance(layout, Items) else ():
        if isinstance(node, Mapping):
            yield node


def _check_names(columns: tuple[Mapping, ...], faults: Faults) -> None:
    seen: set[str] = set()
    for column in columns:
        name = column.node("name")
        if not isinstance(name, Scalar):
            continue
        if name.text in seen:
            faults.add(name.at, f"{quoted(name.text)} is in the layout already: give each column a name of its own")
        if _PLACE.fullmatch(name.text):
            faults.add(name.at, f"{quoted(name.text)} is how a part without a name is called: choose another name")
        seen.add(name.text)


def _check_record_length(source: Mapping, columns: tuple[Mapping, ...], faults: Faults) -> None:
    length = source.node("recordLength")
    ends = [_number(column, "start") + _number(column, "length") - 1 for column in columns]
    if isinstance(length, Scalar) and length.text.isdecimal() and ends and max(ends) > int(length.text):
        faults.add(length.at, f"the layout's last column ends at {max(ends)}, behind recordLength {length.text}")


def _number(column: Mapping, key: str) -> int:
    text = column.text(key) or ""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def _check_without_line_ends(source: Mapping, faults: Faults) -> None:
    at = source.entries["lineEnds"].key_at
    if source.text("offsets") == "characters":
        faults.add(at, "rows without line ends are counted in bytes: write offsets: bytes")
    for key in ("preambleLines", "footerLines", "commentChar"):
        if key in source.entries:
            faults.add(
                source.entries[key].key_at, f"{quoted(key)} counts lines, and lineEnds: false has none: take it out"
            )
    encoding = source.text("encoding") or "utf-8"
    if not _is_code_page(encoding):
        faults.add(at, "rows without line ends need an encoding of one byte a character, as cp037 or iso-8859-1")


def _is_code_page(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
        return is_single_byte(encoding)
    except (LookupError, ValueError):
        return True  # a fault of its own
