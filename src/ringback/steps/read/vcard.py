"""vCard 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350): each card is a record; the line of its BEGIN is its line.

Columns are properties with their types: TEL, TEL[HOME], EMAIL[WORK]; the second of a name is TEL#2. N and ADR have a
column for each part: N.family, ADR[HOME].street. Groups (item1.TEL) and parameters other than TYPE are left aside.
Values are unescaped, quoted-printable ones decoded; what is binary stays as it is written.

An own reader: the living libraries (vobject) read whole files into objects, without lines or raw text.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from typing import BinaryIO

from ringback.model.contract import Source
from ringback.steps.read.batch import Batch
from ringback.steps.read.csv import PRODUCTION
from ringback.steps.read.dialect import Limits
from ringback.steps.read.jsontext import Unfit
from ringback.steps.read.lines import read_lines
from ringback.steps.read.logical import Gathering, Line, lines_of, numbered, outside
from ringback.steps.read.named import NamedReading

_PROPERTY = re.compile(r'(?:[\w-]+\.)?([\w-]+)((?:;[^:";]*(?:"[^"]*"[^:";]*)*)*):(.*)', re.DOTALL)
_PARAMETER = re.compile(r';((?:[^";]|"[^"]*")*)')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SEMICOLON = re.compile(r"(?<!\\)((?:\\\\)*);")
_PARTS = {
    "N": ("family", "given", "additional", "prefix", "suffix"),
    "ADR": ("pobox", "extended", "street", "locality", "region", "postcode", "country"),
}
_LEFT_ASIDE = frozenset({"BEGIN", "END"})
_ENCODINGS = frozenset({"QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"})


def read_vcard(content: BinaryIO, source: Source, *, file_name: str, limits: Limits = PRODUCTION) -> NamedReading:
    """A `Reading` of an address book. Raises: DeliveryRefused."""
    lines = read_lines(content, source, file_name=file_name, limits=limits)
    return NamedReading(
        _batches(lines_of(lines), limits.record_bytes),
        byte_count=lambda: lines.byte_count,
        optional=source.optional,
        file_name=file_name,
        most_columns=limits.columns,
    )


def _batches(lines: Iterator[Line], most_chars: int) -> Iterator[Batch]:
    batch, card = Batch(), None
    for line in lines:
        word = line.text.strip().upper() if line.text[-6:-5] == ":" or line.text[-1:].isspace() else ""
        if word == "BEGIN:VCARD":
            if card is not None:
                _reject_open(card, batch)
            card = Gathering(line.number, most_chars)
        if card is None:
            outside(line, batch)
        else:
            card.add(line)
            if word == "END:VCARD":
                _take(card, batch)
                card = None
        if card is None and batch.is_full:
            yield batch
            batch = Batch()
    if card is not None:
        _reject_open(card, batch)
    yield batch


def _reject_open(card: Gathering, batch: Batch) -> None:
    card.spoil("row.vcard", "is a card without its END")
    batch.reject(card.line, card.code, card.text, card.reason)


def _take(card: Gathering, batch: Batch) -> None:
    text = card.text
    try:
        if card.reason:
            raise Unfit(card.reason)
        batch.add(card.line, vcard_cells(text), text)
    except Unfit as unfit:
        batch.reject(card.line, card.code or "row.vcard", text, str(unfit))


def vcard_cells(text: str) -> dict[str, str]:
    """Column -> text of one card. Raises: Unfit."""
    cells: dict[str, str] = {}
    for line in _unfolded(text):
        found = _PROPERTY.fullmatch(line)
        if found is None:
            if line.strip():
                raise Unfit("has a line that is no property: a name, a colon, a value")
            continue
        name = found[1].upper()
        if name not in _LEFT_ASIDE:
            _put(name, _parameters(found[2]), found[3], cells)
    return cells


def _unfolded(text: str) -> Iterator[str]:
    """The lines, those that go on put together: after a space (or, quoted-printable, before a line that ends in =)."""
    whole: list[str] = []
    for line in text.split("\n"):
        if whole and whole[-1].endswith("=") and "QUOTED-PRINTABLE" in whole[-1].partition(":")[0].upper():
            whole[-1] = whole[-1][:-1] + line
        elif whole and line[:1] in (" ", "\t"):
            whole[-1] += line[1:]
        else:
            whole.append(line)
    return iter(whole)


def _parameters(written: str) -> dict[str, list[str]]:
    """Parameter -> its values, in capitals; types may stand without their name (2.1)."""
    found: dict[str, list[str]] = {}
    for parameter in _PARAMETER.findall(written):
        key, equals, value = parameter.partition("=")
        if not equals:
            key, value = ("ENCODING" if key.upper() in _ENCODINGS else "TYPE"), key
        found.setdefault(key.strip().upper(), []).extend(part.strip().upper() for part in value.strip('"').split(","))
    return found


def _put(name: str, parameters: dict[str, list[str]], value: str, cells: dict[str, str]) -> None:
    if "QUOTED-PRINTABLE" in parameters.get("ENCODING", ()):
        value = _quoted_printable(value, parameters.get("CHARSET", ["UTF-8"])[0])
    types = sorted({kind for kind in parameters.get("TYPE", ()) if kind and kind != "PREF"})
    column = f"{name}[{','.join(types)}]" if types else name
    parts = _PARTS.get(name)
    if parts is None:
        cells[numbered(column, cells)] = _unescaped(value)
        return
    texts = [_unescaped(part) for part in _split(value)]
    if len(texts) > len(parts):
        raise Unfit(f"has {len(texts)} parts in {name}, which has {len(parts)}")
    number = 1
    while f"{_of(column, number)}.{parts[0]}" in cells:
        number += 1
    for part, text in zip(parts, [*texts, *[""] * (len(parts) - len(texts))], strict=True):
        cells[f"{_of(column, number)}.{part}"] = text


def _of(column: str, number: int) -> str:
    return column if number == 1 else f"{column}#{number}"


def _split(value: str) -> list[str]:
    return _SEMICOLON.sub(lambda found: found[1] + "\0", value).split("\0")


def _unescaped(value: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def _quoted_printable(value: str, charset: str) -> str:
    try:
        text = quopri.decodestring(value.encode()).decode(charset)
    except (UnicodeDecodeError, LookupError):
        raise Unfit("has a quoted-printable value that is not of its CHARSET") from None
    if "\0" in text:
        raise Unfit("has a NUL character")
    return text
