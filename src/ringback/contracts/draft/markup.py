"""Where an XML sample has its records: the first path at which an element comes again beside itself."""

from __future__ import annotations

from collections import Counter
from xml.parsers import expat

from ringback.model.contract import Source

_XML = "http://www.w3.org/XML/1998/namespace"


def xml_source(head: bytes) -> Source | None:
    """The source as the head of a sample tells it; None, where nothing in it comes again."""
    seen = _Seen()
    seen.read(head)
    if seen.record is None:
        return None
    namespaces = {prefix or "ns": uri for prefix, uri in seen.namespaces.items() if uri and uri != _XML}
    prefixes = {uri: prefix for prefix, uri in namespaces.items()}
    path = "/".join(_named(name, prefixes) for name in seen.record)
    return Source(format="xml", encoding=seen.encoding, record=path, namespaces=namespaces)


class _Seen:
    """What expat tells of a sample's head."""

    def __init__(self) -> None:
        self.record: tuple[str, ...] | None = None
        self.encoding = "utf-8"
        self.namespaces: dict[str, str] = {}
        self._path: list[str] = []
        self._inside: list[Counter[str]] = [Counter()]

    def read(self, head: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartNamespaceDeclHandler = self._namespace
        try:
            parser.Parse(head, False)
        except (expat.ExpatError, ValueError, _Doctype):
            return

    def _begin(self, name: str, _attributes: object) -> None:
        self._inside[-1][name] += 1
        if self._inside[-1][name] == 2 and (self.record is None or len(self._path) < len(self.record) - 1):
            self.record = (*self._path, name)
        self._path.append(name)
        self._inside.append(Counter())

    def _end(self, _name: str) -> None:
        self._path.pop()
        self._inside.pop()

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = (encoding or "utf-8").lower()

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        self.namespaces.setdefault(prefix or "", uri or "")


class _Doctype(Exception):
    """The sample has a document type: importing it will be refused, and say so."""


def _refuse(*_told: object) -> None:
    raise _Doctype


def _named(name: str, prefixes: dict[str, str]) -> str:
    uri, found, local = name.rpartition(" ")
    return f"{prefixes.get(uri, uri)}:{local}" if found else name
