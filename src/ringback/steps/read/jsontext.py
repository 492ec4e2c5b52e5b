"""One JSON value -> a record's cells. Numbers stay as they are written: 1.10 is never 1.1.

Objects inside a record give columns named by their path: address.city. A list is one cell, its JSON text; where the
contract unfolds it, each of its parts is a column: phones[0].number. null, {} and what is not there are empty texts.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

from ringback.model.rows import LINE

_DEEPEST = 64  # objects and lists inside one another; a record of clients has 3 or 4
_PLAIN = re.compile(r"[^.\[\]\"\0]+")


class Number(str):
    """A number as it is written."""

    __slots__ = ()


class Doubled(dict[str, object]):
    """An object that has a key twice: which one is meant nobody can tell."""


class _NoNumber:
    """NaN, Infinity: JSON has no such numbers, though some programs write them."""


class Unfit(ValueError):
    """A record that cannot be read; says why. Carries no client value."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Doubled(found)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=Number, parse_float=Number, parse_constant=lambda _word: _NoNumber()
)
decode = _DECODER.raw_decode  # (text, position) -> (value, position behind it)


def cells_of(value: object, unfold: frozenset[str]) -> dict[str, str]:
    """A record's cells by their paths. Raises: Unfit."""
    if value.__class__ is not dict and not isinstance(value, Doubled):
        raise Unfit("is not an object")
    cells: dict[str, str] = {}
    _fill(value, "", cells, unfold, 0)
    return cells


def _fill(found: dict[str, object], prefix: str, cells: dict[str, str], unfold: frozenset[str], depth: int) -> None:
    if found.__class__ is Doubled:
        raise Unfit("has an object with the same key twice")
    if depth > _DEEPEST:
        raise Unfit(f"has more than {_DEEPEST} objects inside one another")
    for key, value in found.items():
        _put(value, joined(prefix, key), cells, unfold, depth)


def _put(value: object, path: str, cells: dict[str, str], unfold: frozenset[str], depth: int) -> None:
    if value.__class__ is str:
        cells[path] = value
    elif isinstance(value, dict):
        _fill(value, path + ".", cells, unfold, depth + 1)
    elif isinstance(value, list) and path in unfold:
        for place, part in enumerate(value):
            _put(part, f"{path}[{place}]", cells, unfold, depth + 1)
    else:
        cells[path] = _text(value, depth)


def _text(value: object, depth: int) -> str:
    """A value that is no object as a cell."""
    if value is None:
        return ""
    return str(value) if value.__class__ is Number else written(value, depth)


def written(value: object, depth: int = 0) -> str:
    """A value as JSON, its numbers as they were."""
    if depth > _DEEPEST:
        raise Unfit(f"has more than {_DEEPEST} lists inside one another")
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, _NoNumber):
        raise Unfit("has NaN or Infinity, which JSON does not have")
    if isinstance(value, Doubled):
        raise Unfit("has an object with the same key twice")
    if isinstance(value, dict):
        parts = (f"{json.dumps(key, ensure_ascii=False)}: {written(part, depth + 1)}" for key, part in value.items())
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(written(part, depth + 1) for part in value) + "]"
    return json.dumps(value, ensure_ascii=False)


@lru_cache(maxsize=65_536)  # a file has few keys, in many records
def joined(prefix: str, key: str) -> str:
    """The path of a key; one that could be taken for a path itself is quoted: ["a.b"]."""
    path = prefix + (key if _PLAIN.fullmatch(key) else f"[{json.dumps(key)}]")
    return path if path != LINE else 'ringback["line"]'  # the rows have a column of their own under this name


def require_letters(text: str, cells: dict[str, str]) -> None:
    """Raises: Unfit, where an escape gives what no database keeps. Only escapes can."""
    if "\\u" not in text:
        return
    for cell in (*cells, *cells.values()):
        if "\0" in cell:
            raise Unfit(r"has a NUL character (\u0000)")
        if any("\ud800" <= letter <= "\udfff" for letter in cell):
            raise Unfit(r"has half a character (\ud800 to \udfff)")
