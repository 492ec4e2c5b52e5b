"""XML: every element at `source.record`, as export/client, is a record.

Attributes are columns named @no and phone/@kind, elements by their path below the record: address/city. The second
element of a name is name#2. A namespace has the prefix that the contract gives it, else its whole name in braces. An
element with others inside has a column of its own where it has text of its own. A record's number stands for its line.

No DTD is taken, so there are no entities but the five that XML itself has, and nothing is ever fetched. The parser is
expat, from the standard library: it tells where each record's bytes are.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from ringback.errors import DeliveryRefused
from ringback.model.contract import Source
from ringback.model.delivery import Origin
from ringback.model.rows import LINE
from ringback.steps.read.batch import Batch
from ringback.steps.read.csv import PRODUCTION
from ringback.steps.read.dialect import Limits
from ringback.steps.read.named import NamedReading
from ringback.steps.read.text import Undecodable, Utf8

DEEPEST = 100  # elements inside one another
OTHER = "other element"  # the rule by which what stands beside the records is left out
_BLOCK_BYTES = 2**18


def read_xml(content: BinaryIO, source: Source, *, file_name: str, limits: Limits = PRODUCTION) -> NamedReading:
    """A `Reading` of an XML document. Raises: DeliveryRefused."""
    document = _Document(content, source, file_name=file_name, limits=limits)
    return NamedReading(
        document.batches(),
        byte_count=lambda: document.byte_count,
        optional=source.optional,
        file_name=file_name,
        most_columns=limits.columns,
    )


@dataclass(slots=True)
class _Element:
    """An element of a record that is not closed yet."""

    path: str
    texts: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)  # of the elements inside


class _Document:
    """A document under way: what expat tells becomes records."""

    def __init__(self, content: BinaryIO, source: Source, *, file_name: str, limits: Limits) -> None:
        self._bytes = Utf8(content, source.encoding, file_name=file_name)
        self._source, self._file_name, self._most = source, file_name, limits.record_bytes
        self._wanted = (source.record or "").strip("/").split("/")
        self._prefixes = {uri: prefix for prefix, uri in source.namespaces.items()}
        self._scope: list[tuple[str, str]] = []  # namespaces in force: prefix, name
        self._path: list[str] = []
        self._open: list[_Element] = []
        self._cells: dict[str, str] = {}
        self._start: int | None = None  # of the record under way, in bytes of UTF-8
        self._around = ""
        self._closed = False  # the record ends where the next thing begins
        self._number = 0
        self._held, self._base, self._fed = b"", 0, 0
        self._batch = Batch()
        self._parser = self._listening()

    @property
    def byte_count(self) -> int:
        return self._bytes.byte_count

    def batches(self) -> Iterator[Batch]:
        """All records. Raises: DeliveryRefused."""
        while block := self._block():
            self._parse(block)
            if self._batch.is_full:
                yield self._batch
                self._batch = Batch()
        self._parse(b"", final=True)
        self._finish(self._base + len(self._held))
        yield self._batch

    def _listening(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.DefaultHandler = lambda _text: self._flush()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.XmlDeclHandler = self._declaration
        parser.StartNamespaceDeclHandler = lambda prefix, uri: self._scope.append((prefix or "", uri or ""))
        parser.EndNamespaceDeclHandler = lambda _prefix: self._scope.pop() and None
        return parser

    def _block(self) -> bytes:
        try:
            return self._bytes.read(_BLOCK_BYTES)
        except Undecodable as fault:
            raise self._refused("the XML cannot be read on", f"From here on {fault}.") from None

    def _parse(self, block: bytes, *, final: bool = False) -> None:
        self._held += block
        self._fed += len(block)
        try:
            self._parser.Parse(block, final)
        except expat.ExpatError as fault:
            why = expat.ErrorString(fault.code) or "it is not well-formed"
            raise self._refused("the XML cannot be read on", f"The parser says: {why}.") from None
        except ValueError:  # what pyexpat makes of bytes that are no text
            raise self._refused("the XML cannot be read on", "Its bytes are not of its encoding.") from None
        keep = self._fed if self._start is None else self._start
        self._held, self._base = self._held[keep - self._base :], keep
        if max(len(self._held), self._fed - self._parser.CurrentByteIndex) > self._most:
            raise self._refused("a record is too long", f"It has more than {self._most:,} bytes.")

    def _begin(self, name: str, attributes: list[str]) -> None:
        self._flush()
        self._path.append(self._named(name))
        if len(self._path) > DEEPEST:
            raise self._refused("the XML is nested too deeply", f"{DEEPEST} elements inside one another are read.")
        if self._open:
            self._open_inside(self._path[-1])
        elif self._path == self._wanted:
            self._start, self._around = self._parser.CurrentByteIndex, self._in_force()
            self._cells, self._open = {}, [_Element("")]
        else:
            self._beside()
            return
        own = self._open[-1].path
        for place in range(0, len(attributes), 2):
            self._put(f"{own}/@" if own else "@", self._named(attributes[place]), attributes[place + 1])

    def _beside(self) -> None:
        depth = len(self._path)
        if depth == 1 and self._path != self._wanted[:1]:
            raise self._refused(
                f"the document is not the one of the contract: its element is {self._path[0]}",
                f"source.record begins with {self._wanted[0]}.",
            )
        if depth == len(self._wanted) and self._path[:-1] == self._wanted[:-1]:
            self._batch.skipped[OTHER] += 1

    def _open_inside(self, name: str) -> None:
        above = self._open[-1]
        count = above.counts[name] = above.counts.get(name, 0) + 1
        path = name if count == 1 else f"{name}#{count}"
        self._open.append(_Element(f"{above.path}/{path}" if above.path else path))

    def _end(self, _name: str) -> None:
        self._flush()
        self._path.pop()
        if not self._open:
            return
        element = self._open.pop()
        text = "".join(element.texts)
        if element.counts or not element.path:
            text = text.strip()
        if text or (element.path and not element.counts):
            self._put("", element.path or ".", text)
        self._closed = not self._open

    def _text(self, text: str) -> None:
        self._flush()
        if self._open:
            self._open[-1].texts.append(text)

    def _put(self, prefix: str, name: str, text: str) -> None:
        path = prefix + name
        self._cells[path if path != LINE else f"./{path}"] = text

    def _flush(self) -> None:
        if self._closed:
            self._finish(self._parser.CurrentByteIndex)

    def _finish(self, end: int) -> None:
        """The record that was closed last ends here."""
        if not self._closed or self._start is None:
            return
        raw = self._held[self._start - self._base : end - self._base].decode()
        self._number += 1
        self._batch.add(self._number, self._cells, f"<row{self._around}>{raw}</row>")
        self._closed, self._start = False, None

    def _in_force(self) -> str:
        """The namespaces where the record begins: its text is read again without what is around it."""
        names = dict(self._scope)
        return "".join(f' xmlns{":" if prefix else ""}{prefix}="{_escaped(uri)}"' for prefix, uri in names.items())

    def _named(self, name: str) -> str:
        uri, found, local = name.rpartition(" ")
        if not found:
            return name
        prefix = self._prefixes.get(uri)
        return f"{prefix}:{local}" if prefix else f"{{{uri}}}{local}"

    def _doctype(self, *_told: object) -> None:
        raise self._refused(
            "the XML has a document type (DOCTYPE)", "It may define what bursts or fetches: none is taken."
        )

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and not _same_encoding(encoding, self._source.encoding):
            why = f"It says {encoding}, the contract {self._source.encoding}."
            raise self._refused("the XML is in another encoding than the contract says", why)

    def _refused(self, what: str, why: str) -> DeliveryRefused:
        line = self._parser.CurrentLineNumber
        return DeliveryRefused(
            what,
            where=str(Origin(file_name=self._file_name, line=line)),
            why=why,
            mend="Compare the file with the contract's `source`; or ask for the file again.",
        )


def _escaped(uri: str) -> str:
    return uri.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _same_encoding(one: str, other: str) -> bool:
    """Whether both name one encoding; utf-16 is that of either byte order."""
    try:
        names = [codecs.lookup(each).name.removesuffix("-sig") for each in (one, other)]
    except LookupError:
        return False
    return names[0] == names[1] or (names[0][:6] == names[1][:6] == "utf-16")
