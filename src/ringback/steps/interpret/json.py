"""json: one JSON text (RFC 8259), stored in its canonical form.

Canonical: no white space, keys in the order of their code points, nothing escaped that need not be, numbers as written.
Not readable: keys that repeat, NaN and Infinity, NUL characters and lone surrogates (PostgreSQL cannot keep them), and
more than 64 levels.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import ClassVar, Literal

import polars as pl

from ringback.model.field import FieldSpec, Unreadable
from ringback.steps.interpret.uniques import each_unique

_MOST_LEVELS = 64


class _Number(str):
    """A number's text: kept as written, so that no digit is lost."""

    __slots__ = ()


class JsonField(FieldSpec):
    """A JSON text."""

    type: Literal["json"] = "json"

    code: ClassVar[str] = "json"

    @property
    def dtype(self) -> pl.DataType:
        return pl.String()

    def read(self, text: pl.Expr) -> pl.Expr:
        return each_unique(text, self.read_one)

    def read_one(self, text: str) -> str:
        try:
            parsed = json.loads(
                text,
                parse_float=_Number,
                parse_int=_Number,
                parse_constant=_refuse,
                object_pairs_hook=_without_repeats,
            )
        except (ValueError, RecursionError):
            raise Unreadable from None
        canonical = "".join(_written(parsed, _MOST_LEVELS))
        if "\\u0000" in canonical.replace("\\\\", "") or any("\ud800" <= letter <= "\udfff" for letter in canonical):
            raise Unreadable
        return canonical

    def expects(self) -> str:
        return "a JSON text"

    def in_words(self) -> tuple[str, ...]:
        return ("A JSON text. Held without white space, its keys in order, its numbers as written.",)

    def invented(self) -> tuple[str, ...]:
        return ('{"b": 1, "a": [true]}',)


def _refuse(_: str) -> None:
    raise Unreadable


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise Unreadable
    return members


def _written(value: object, levels: int) -> Iterator[str]:
    if isinstance(value, dict | list) and not levels:
        raise Unreadable
    if isinstance(value, _Number):
        yield value
    elif isinstance(value, dict):
        yield from _listed("{", [(_quoted(key) + ":", value[key]) for key in sorted(value)], "}", levels)
    elif isinstance(value, list):
        yield from _listed("[", [("", member) for member in value], "]", levels)
    else:
        yield _quoted(value)


def _listed(opening: str, members: list[tuple[str, object]], closing: str, levels: int) -> Iterator[str]:
    yield opening
    for place, (name, member) in enumerate(members):
        yield "," * bool(place) + name
        yield from _written(member, levels - 1)
    yield closing


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
