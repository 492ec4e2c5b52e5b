"""Formats that a sample's first bytes tell."""

from __future__ import annotations

import codecs
import re
from json import JSONDecodeError

from ringback.contracts.draft.markup import xml_source
from ringback.contracts.draft.sample import SampleBytes
from ringback.model.contract import Source
from ringback.steps.read.jsontext import decode

NAMED = frozenset({"jsonl", "json", "xml", "vcard", "ldif"})  # formats in which each record names its own values

_ENTRY = re.compile(r"(?:(?:#.*|version: ?\d+|)\r?\n)*dn::? ?\S", re.IGNORECASE)
_MAGIC = {b"PAR1": Source(format="parquet"), b"ARROW1": Source(format="arrow")}
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]')
_WIDE = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def told_source(looked: SampleBytes) -> Source | None:
    """The source that the first bytes tell; None, where it may be delimited text."""
    for mark, source in _MAGIC.items():
        if looked.head.startswith(mark):
            return source
    encoding = next((name for mark, name in _WIDE if looked.head.startswith(mark)), "utf-8")
    text = looked.head.decode(encoding, errors="replace").removeprefix("\ufeff").lstrip()
    if text[:1] in ("{", "["):
        return _json(text, encoding)
    if text[:11].upper() == "BEGIN:VCARD":
        return Source(format="vcard", encoding=encoding)
    if _ENTRY.match(text):
        return Source(format="ldif", encoding=encoding)
    return xml_source(looked.head) if text[:1] == "<" else None


def _json(text: str, encoding: str) -> Source | None:
    if text[0] == "{" and _is_object(text.partition("\n")[0].strip()):
        return Source(format="jsonl", encoding=encoding)
    path = _path_to_records(text)
    return None if path is None else Source(format="json", encoding=encoding, record=path or None)


def _is_object(line: str) -> bool:
    try:
        value, end = decode(line, 0)
    except (JSONDecodeError, RecursionError):
        return False
    return end == len(line) and not any(_lists_objects(part) for part in value.values())


def _lists_objects(value: object) -> bool:
    """Whether the one line is a whole document with its records in a list of some length."""
    return isinstance(value, list) and len(value) > 3 and all(isinstance(part, dict) for part in value)


def _path_to_records(text: str) -> str | None:
    """The keys that lead to the first list of objects; None, where there is none."""
    keys: list[str] = []
    last, before = "", ""
    for found in _TOKEN.finditer(text):
        mark = found[0]
        if mark == "{":
            if before == "[":
                return ".".join(keys)
            keys.append("")
        elif mark == "}":
            keys = keys[:-1]
        elif mark == ":" and keys:
            keys[-1] = last[1:-1]
        last, before = mark, mark
    return None
