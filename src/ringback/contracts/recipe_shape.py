"""How a recipe is written in YAML: which keys each part has, and what they hold."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from ringback.model import recipe as model
from ringback.model.recipe import (
    Beside,
    Case,
    Condition,
    Count,
    Each,
    Example,
    Formula,
    From,
    InLetters,
    Literal,
    Lookup,
    Mark,
    Moment,
    Number,
    Piece,
    Place,
    Plain,
    Replace,
    Run,
    Step,
    Take,
    Text,
    Upto,
)

# A step is a list entry with one key; under it stand the parts of the step, or its only one.
STEPS: dict[str, type] = {
    "from": From,
    "upto": Upto,
    "letters": InLetters,
    "replace": Replace,
    "accents": Plain,
    "each": Each,
    "number": Number,
    "moment": Moment,
    "lookup": Lookup,
}
# What tells the members of a union apart: the key that only this one has.
TOLD_BY: dict[type, str] = {
    Literal: "literal",
    Run: "run",
    Count: "characters",
    Beside: "side",
    Text: "text",
    Take: "column",
}
ALONE = {From: "place", Upto: "place", InLetters: "letters", Lookup: "table"}  # written without a name of its own
_WORDS = {  # how an attribute is called in the file
    (Count, "at"): "characters",
    (Literal, "text"): "literal",
    (Run, "kind"): "run",
    (Moment, "written"): "write",
    (Moment, "formats"): "read",
    (Number, "written_point"): "write_point",
    (Number, "written_group"): "write_group",
    (Each, "joint"): "between",
    (Example, "inputs"): "row",
    (Example, "output"): "gives",
}
UNIONS: dict[Any, tuple[type, ...]] = {Mark: (Literal, Run), Place: (Count, Beside), Piece: (Text, Take)}
PARTS = (Case, Condition, Example, Formula, *STEPS.values(), *TOLD_BY)


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a part: the attribute it gives, what it holds, and what it is when it is left out."""

    word: str
    attribute: str
    kind: Any
    default: Any
    required: bool


@cache
def keys(part: type) -> tuple[Key, ...]:
    """The keys of a part, in order."""
    hints = get_type_hints(part, vars(model))
    return tuple(
        Key(
            word=_WORDS.get((part, field.name), field.name),
            attribute=field.name,
            kind=hints[field.name],
            default=None if field.default is MISSING else field.default,
            required=field.default is MISSING,
        )
        for field in fields(part)
    )


def is_union(kind: Any) -> bool:
    """Whether a key holds one of several parts, told apart by their keys."""
    return kind in UNIONS


def element(kind: Any) -> Any | None:
    """What a list holds; None for what is no list."""
    return get_args(kind)[0] if get_origin(kind) is tuple else None


def plain(kind: Any) -> type | None:
    """The class of a single text: str, int, bool, Decimal or an enum; None for anything else."""
    options = [option for option in get_args(kind) if option is not NoneType] or [kind]
    one = options[0]
    simple = isinstance(one, type) and issubclass(one, str | int | Decimal | Enum)
    return one if len(options) == 1 and simple else None


def is_step(kind: Any) -> bool:
    """Whether a key holds a step."""
    return bool(kind == Step)
