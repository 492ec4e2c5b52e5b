"""The specification of reading one XML record: the standard library's element tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, fromstring

from ringback.model.rows import LINE


def xml_cells(text: str, namespaces: Mapping[str, str]) -> dict[str, str]:
    """Path -> text of one record as the reader gives it: inside an element with the namespaces in force."""
    (record,) = fromstring(text)  # noqa: S314 - a document with a DTD is refused before any record of it is read
    prefixes = {uri: prefix for prefix, uri in namespaces.items()}
    return {path if path != LINE else f"./{path}": cell for path, cell in _cells(record, "", prefixes)}


def _cells(element: Element, path: str, prefixes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        yield f"{path}/@{_named(name, prefixes)}" if path else f"@{_named(name, prefixes)}", value
    counts: Counter[str] = Counter()
    text = element.text or ""
    for part in element:
        name = _named(part.tag, prefixes)
        counts[name] += 1
        own = name if counts[name] == 1 else f"{name}#{counts[name]}"
        yield from _cells(part, f"{path}/{own}" if path else own, prefixes)
        text += part.tail or ""
    if counts or not path:
        text = text.strip()
    if text or (path and not counts):
        yield path or ".", text


def _named(name: str, prefixes: Mapping[str, str]) -> str:
    uri, found, local = name.removeprefix("{").rpartition("}")
    return f"{prefixes[uri]}:{local}" if found and prefixes.get(uri) else name
