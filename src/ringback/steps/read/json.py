"""A JSON document with its records in a list: the whole, or where `source.record` says, as data.clients.

It is read piece by piece, never whole. A record's number, counted from 1, stands for its line.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from json import JSONDecodeError
from typing import BinaryIO

from ringback.errors import DeliveryRefused
from ringback.model.contract import Source
from ringback.model.delivery import Origin
from ringback.steps.read.batch import Batch
from ringback.steps.read.csv import PRODUCTION
from ringback.steps.read.dialect import Limits
from ringback.steps.read.jsontext import Unfit, cells_of, decode, require_letters
from ringback.steps.read.named import NamedReading
from ringback.steps.read.text import Undecodable, Utf8

_SPACE = re.compile(r"[ \t\r\n]*")
_STEP_BYTES = 2**20


def read_json(content: BinaryIO, source: Source, *, file_name: str, limits: Limits = PRODUCTION) -> NamedReading:
    """A `Reading` of a JSON document. Raises: DeliveryRefused."""
    document = _Document(content, source, file_name=file_name, limits=limits)
    return NamedReading(
        _batches(document, source),
        byte_count=lambda: document.byte_count,
        optional=source.optional,
        file_name=file_name,
        most_columns=limits.columns,
    )


def _batches(document: _Document, source: Source) -> Iterator[Batch]:
    batch, unfold = Batch(), frozenset(source.unfold)
    for number, (value, text, line) in enumerate(document.records(source.record), start=1):
        try:
            cells = cells_of(value, unfold)
            require_letters(text, cells)
        except Unfit as unfit:
            batch.reject(number, "row.json", text, f"{unfit} (it begins in line {line})")
        else:
            batch.add(number, cells, text)
        if batch.is_full:
            yield batch
            batch = Batch()
    yield batch


class _Document:
    """The part of a document that is in memory, and how far it has been read."""

    def __init__(self, content: BinaryIO, source: Source, *, file_name: str, limits: Limits) -> None:
        self._bytes = Utf8(content, source.encoding, file_name=file_name)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._file_name, self._most = file_name, limits.record_bytes
        self._text, self._at, self._line, self._ended = "", 0, 1, False

    @property
    def byte_count(self) -> int:
        return self._bytes.byte_count

    def records(self, path: str | None) -> Iterator[tuple[object, str, int]]:
        """Value, text and line of each record."""
        keys = path.split(".") if path else []
        for key in keys:
            self._enter(key)
        if self._next() != "[":
            raise self._refused("there is no list of records here", "A list begins with [.")
        yield from self._listed()
        for key in reversed(keys):
            self._leave(key)
        if self._next() != "":
            raise self._refused("the JSON document is not whole", "Something follows its end.")

    def _listed(self) -> Iterator[tuple[object, str, int]]:
        self._at += 1
        if self._next() == "]":
            self._at += 1
            return
        while True:
            self._next()
            line = self._line
            value, start = self._value()
            yield value, self._text[start : self._at], line
            mark = self._next()
            self._at += 1
            if mark == "]":
                return
            if mark != ",":
                self._at -= 1
                raise self._refused("the JSON document cannot be read on", "A comma or ] is expected here.")

    def _enter(self, key: str) -> None:
        """Go to the value of a key of the object that begins here."""
        if self._next() != "{":
            raise self._refused(f'there is no object with the key "{key}" here', "source.record leads through it.")
        self._at += 1
        if self._next() == "}":
            raise self._no_key(key)
        while self._key() != key:
            self._value()
            if self._next() != ",":
                raise self._no_key(key)
            self._at += 1

    def _leave(self, key: str) -> None:
        """Read on to the end of the object that has the key."""
        while self._next() == ",":
            self._at += 1
            if self._key() == key:
                raise self._refused(f'the key "{key}" is there twice', "Which records are meant nobody can tell.")
            self._value()
        if self._next() != "}":
            raise self._refused("the JSON document is not whole", "A comma or } is expected here.")
        self._at += 1

    def _key(self) -> str:
        self._next()
        key, _ = self._value()
        if not isinstance(key, str) or self._next() != ":":
            raise self._refused("the JSON document cannot be read on", "A key and a colon are expected here.")
        self._at += 1
        return key

    def _value(self) -> tuple[object, int]:
        """The value that begins here, and where its text begins now."""
        self._next()
        while True:
            try:
                value, end = decode(self._text, self._at)
            except RecursionError:
                raise self._refused("the JSON document is nested too deeply", "No record of clients is.") from None
            except JSONDecodeError as fault:
                self._more_or_refuse(f"{fault.msg}.")
            else:
                if end < len(self._text) or self._ended:
                    self._line += self._text.count("\n", self._at, end)
                    start, self._at = self._at, end
                    return value, start
                self._more_or_refuse("It ends here.")

    def _more_or_refuse(self, why: str) -> None:
        if self._ended:
            raise self._refused("the JSON document cannot be read on", why)
        if len(self._text) - self._at > self._most:
            raise self._refused(
                "the JSON document cannot be read on", f"{why} Or a value is longer than {self._most:,} characters."
            )
        self._fill(max(_STEP_BYTES, len(self._text) - self._at))

    def _next(self) -> str:
        """The next character that is no white space; empty at the end."""
        while True:
            found = _SPACE.match(self._text, self._at)
            end = found.end() if found else self._at
            self._line += self._text.count("\n", self._at, end)
            self._at = end
            if end < len(self._text) or self._ended:
                return self._text[end : end + 1]
            self._fill(_STEP_BYTES)

    def _fill(self, size: int) -> None:
        try:
            block = self._bytes.read(size)
            self._ended = len(block) < size
            text = self._decoder.decode(block, final=self._ended)
        except (Undecodable, UnicodeDecodeError):
            raise self._refused("the JSON document cannot be read on", "Its bytes are not of its encoding.") from None
        self._text = self._text[self._at :] + text
        self._at = 0

    def _no_key(self, key: str) -> DeliveryRefused:
        return self._refused(f'there is no key "{key}" here', "source.record leads through it.")

    def _refused(self, what: str, why: str) -> DeliveryRefused:
        return DeliveryRefused(
            what,
            where=str(Origin(file_name=self._file_name, line=self._line)),
            why=why,
            mend="Compare the file with source.record in the contract; or ask for the file again.",
        )
