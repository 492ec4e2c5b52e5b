"""A COBOL copybook as a layout: where each elementary entry begins, and what its picture says of its digits.

Read: levels, PICTURE, OCCURS n, REDEFINES (both names see the same bytes), FILLER, SIGN, USAGE DISPLAY and COMP-3.
Refused by line: binary numbers, tables of changing length, scaled pictures.
Source: IBM Enterprise COBOL for z/OS, Language Reference, data division.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ringback.contracts.draft.evidence import Setting
from ringback.contracts.draft.fixed_columns import FixedColumn
from ringback.errors import UsageError

_SEQUENCE = re.compile(r"[0-9 ]{6}[ */dD-]")  # columns 1 to 6 a number or nothing, column 7 the indicator
_SENTENCE = re.compile(r"\.(?=\s|\Z)")
_ENTRY = re.compile(r"(?P<level>\d{1,2})\s+(?P<rest>.*)", re.DOTALL)
_PICTURE = re.compile(r"\bPIC(?:TURE)?(?:\s+IS)?\s+(\S+)", re.IGNORECASE)
_OCCURS = re.compile(r"\bOCCURS\s+(\d+)", re.IGNORECASE)
_REDEFINES = re.compile(r"\bREDEFINES\s+([\w-]+)", re.IGNORECASE)
_REPEATED = re.compile(r"(.)\((\d+)\)")
_PACKED = re.compile(r"\b(?:COMP(?:UTATIONAL)?-3|PACKED-DECIMAL)\b", re.IGNORECASE)
_BINARY = re.compile(
    r"\b(?:COMP(?:UTATIONAL)?(?:-[1245X])?|BINARY|INDEX|POINTER|NATIONAL|DISPLAY-1)\b(?!-)", re.IGNORECASE
)
_LEADING = re.compile(r"\bLEADING\b", re.IGNORECASE)
_SEPARATE = re.compile(r"\bSEPARATE\b", re.IGNORECASE)
_DEPENDING = re.compile(r"\bDEPENDING\b", re.IGNORECASE)


@dataclass(slots=True)
class _Entry:
    """One entry, with the entries below it."""

    level: int
    name: str | None  # None: FILLER
    text: str
    line: int
    parts: list[_Entry] = field(default_factory=list)


def is_copybook(text: str) -> bool:
    """Whether a layout file is one: an entry with a level and a picture."""
    return re.search(r"^[0-9 ]*\d\d?\s+\S.*\bPIC", text, re.IGNORECASE | re.MULTILINE) is not None


def columns_of(text: str, *, file_name: str) -> tuple[FixedColumn, ...]:
    """The columns in their order. Raises: UsageError, with the line."""
    places: dict[str, int] = {}
    columns: list[FixedColumn] = []
    at = 1
    for entry in _tree(_entries(text, file_name)):
        start = _start(entry, places, at, file_name)
        found, end = _placed(entry, start, "", places, file_name)
        columns += found
        at = max(at, end)
    if not columns:
        raise UsageError("the copybook has no entry with a picture", where=file_name)
    return tuple(columns)


def _entries(text: str, file_name: str) -> Iterator[_Entry]:
    lines = [_code(line) for line in text.splitlines()]
    whole = "\n".join(lines)
    start = 0
    for end in (*(found.start() for found in _SENTENCE.finditer(whole)), len(whole)):
        sentence = whole[start:end]
        line = whole.count("\n", 0, start + len(sentence) - len(sentence.lstrip())) + 1
        start = end + 1
        if sentence.strip():
            entry = _entry(" ".join(sentence.split()), line, file_name)
            if entry.level not in (66, 88):  # other names, and names of values: they take no room
                yield entry


def _code(line: str) -> str:
    """A line without its numbers and remarks."""
    if _SEQUENCE.match(line.ljust(7)):
        line = "" if line[6:7] in ("*", "/", "d", "D") else line[6:72]
    return line.partition("*>")[0]


def _entry(sentence: str, line: int, file_name: str) -> _Entry:
    found = _ENTRY.fullmatch(sentence)
    if found is None:
        raise _refused("this is no entry of a copybook", "An entry begins with its level, as 05.", line, file_name)
    name, _, rest = found["rest"].partition(" ")
    if re.fullmatch("PIC(TURE)?|REDEFINES|OCCURS|USAGE", name, re.IGNORECASE):
        name, rest = "FILLER", found["rest"]
    return _Entry(int(found["level"]), None if name.upper() == "FILLER" else name, rest, line)


def _tree(entries: Iterator[_Entry]) -> list[_Entry]:
    roots: list[_Entry] = []
    above: list[_Entry] = []
    for entry in entries:
        while above and above[-1].level >= entry.level:
            above.pop()
        (above[-1].parts if above else roots).append(entry)
        above.append(entry)
    return roots


def _placed(
    entry: _Entry, start: int, ending: str, places: dict[str, int], file_name: str
) -> tuple[list[FixedColumn], int]:
    """The columns of an entry that begins at `start`, and where it ends (exclusive)."""
    if _DEPENDING.search(entry.text):
        raise _refused("a table of changing length has no fixed columns", "OCCURS DEPENDING ON", entry.line, file_name)
    occurs = _OCCURS.search(entry.text)
    times = int(occurs[1]) if occurs else 1
    if times > 1000:
        raise _refused("the table has too many columns", f"It occurs {times:,} times.", entry.line, file_name)
    columns: list[FixedColumn] = []
    if entry.name is not None:
        places.setdefault(entry.name.upper(), start)
    for number in range(1, times + 1):
        own = f"{ending}-{number}" if occurs else ending
        found, start = _once(entry, start, own, places, file_name)
        columns += found
    return columns, start


def _once(
    entry: _Entry, start: int, ending: str, places: dict[str, int], file_name: str
) -> tuple[list[FixedColumn], int]:
    picture = _PICTURE.search(entry.text)
    if picture is not None:
        column = _column(entry, picture[1], start, ending, file_name)
        return ([column] if entry.name is not None else []), start + column.length
    columns: list[FixedColumn] = []
    end = start
    for part in entry.parts:
        begins = _start(part, places, end, file_name)
        found, stop = _placed(part, begins, ending, places, file_name)
        columns += found
        end = max(end, stop)
    return columns, end


def _start(entry: _Entry, places: dict[str, int], at: int, file_name: str) -> int:
    redefined = _REDEFINES.search(entry.text)
    if redefined is None:
        return at
    if redefined[1].upper() not in places:
        raise _refused("it redefines an entry that there is not", "REDEFINES names one above.", entry.line, file_name)
    return places[redefined[1].upper()]


def _column(entry: _Entry, picture: str, start: int, ending: str, file_name: str) -> FixedColumn:
    if not _PACKED.search(entry.text) and _BINARY.search(_PICTURE.sub("", entry.text)):
        raise _refused("binary numbers are not read", "Read are DISPLAY and COMP-3.", entry.line, file_name)
    letters = _REPEATED.sub(lambda found: found[1] * min(int(found[2]), 100_000), picture.upper().rstrip(","))
    if "P" in letters:
        raise _refused("a scaled picture is not read", f"PIC {picture}", entry.line, file_name)
    name = f"{entry.name or 'FILLER'}{ending}"
    said = f"PIC {picture}"
    if re.fullmatch("S?9*V?9*", letters) is None:
        return FixedColumn(name=name, start=start, length=len(letters.replace("V", "")), said=said)
    return _number(entry, letters, name, start, said=said, file_name=file_name)


def _number(entry: _Entry, letters: str, name: str, start: int, *, said: str, file_name: str) -> FixedColumn:
    whole, _, fraction = letters.removeprefix("S").partition("V")
    digits, signed = len(whole) + len(fraction), letters.startswith("S")
    if _PACKED.search(entry.text):
        length, packed, sign = digits // 2 + 1, True, "trailing" if signed else None
        said += " COMP-3"
    else:
        separate = signed and _SEPARATE.search(entry.text) is not None
        leading = _LEADING.search(entry.text) is not None
        if signed and leading and not separate:
            why = "Read are trailing overpunched signs, and separate ones."
            raise _refused("a leading overpunched sign is not read", why, entry.line, file_name)
        length, packed = digits + separate, False
        sign = ("leading" if leading else "trailing") if separate else "overpunched" if signed else None
    return FixedColumn(
        name=name,
        start=start,
        length=length,
        packed=packed,
        said=said,
        type=("decimal" if fraction else "integer") if fraction or signed or packed else None,
        settings=tuple(_settings(len(fraction), sign)),
    )


def _settings(fraction: int, sign: str | None) -> Iterator[Setting]:
    if fraction:
        yield Setting(key="impliedDecimals", value=fraction)
        yield Setting(key="scale", value=fraction)
    if sign in ("trailing", "overpunched"):
        yield Setting(key="sign", value=sign)


def _refused(what: str, why: str, line: int, file_name: str) -> UsageError:
    return UsageError(
        what, where=f"{file_name}, line {line}", why=why, mend="Write the layout by hand where it differs."
    )
