"""A tree of text -> the plain objects that a model of `ringback.model` takes.

The model says what a text is: `true` and `false` where it wants a boolean, digits where it wants an integer, `null`
where it wants none; everything else stays text, so that `no` is never False and `0123` never 83.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingType
from types import NoneType, UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel

from ringback.contracts.document import Items, Mapping, Node, Scalar
from ringback.contracts.fault import Faults, instead, nearest, quoted
from ringback.model.field import Constraints, FieldSpec

UNDECIDED = "undecided"
_INTEGER = re.compile("-?[0-9]{1,18}")  # 18 digits fit in 64 bits
_LEFT_OUT = object()  # a value that is already a fault


def by_key(model: type[BaseModel]) -> dict[str, str]:
    """A model's keys as they are written -> its attributes."""
    return {field.alias or name: name for name, field in model.model_fields.items()}


def keys_of(mapping: Mapping, model: type[BaseModel], faults: Faults, *, path: tuple[str, ...]) -> dict[str, object]:
    """The mapping as the model takes it. Keys that the model does not know, and unusable values, become faults."""
    known = by_key(model)
    given: dict[str, object] = {}
    for key, entry in mapping.entries.items():
        if key not in known:
            faults.settle(entry.key_at, _unknown(key, model, path))
            continue
        hint = model.model_fields[known[key]].annotation
        value = _value(entry.node, hint, faults, (*path, key))
        if value is not _LEFT_OUT:
            given[key] = value
    return given


def _unknown(key: str, model: type[BaseModel], path: tuple[str, ...]) -> str:
    what = f"{quoted(key)} is not a key of {_owner(model, path)}"
    constraints = by_key(Constraints)
    if issubclass(model, FieldSpec) and (key in constraints or not nearest(key, by_key(model))):
        meant = nearest(key, constraints)
        if meant:
            return f'{what}; write {quoted(meant)} under "constraints"'
    return f"{what}; {instead(key, by_key(model))}"


def _owner(model: type[BaseModel], path: tuple[str, ...]) -> str:
    if issubclass(model, FieldSpec):
        return f"a {model.code} field"
    return quoted(path[-1]) if path else "this file"


def _value(node: Node, hint: object, faults: Faults, path: tuple[str, ...]) -> object:
    kinds = _kinds(hint)
    if isinstance(node, Scalar):
        return _scalar(node, kinds, faults, path)
    if isinstance(node, Items):
        return _items(node, kinds, faults, path)
    model = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
    if model is not None:
        return keys_of(node, model, faults, path=path)
    inner = next((get_args(kind)[1] for kind in kinds if get_origin(kind) in (dict, MappingType)), str)
    return _without_faulty(
        {key: _value(entry.node, inner, faults, (*path, key)) for key, entry in node.entries.items()}
    )


def _without_faulty(given: dict[str, object]) -> object:
    whole = all(value is not _LEFT_OUT for value in given.values())
    return given if whole else _LEFT_OUT


def _items(node: Items, kinds: tuple[object, ...], faults: Faults, path: tuple[str, ...]) -> object:
    inner = next((get_args(kind)[0] for kind in kinds if get_origin(kind) in (tuple, list, frozenset, set)), str)
    given = [_value(each, inner, faults, (*path, str(index))) for index, each in enumerate(node.nodes)]
    return given if all(value is not _LEFT_OUT for value in given) else _LEFT_OUT


def _scalar(node: Scalar, kinds: tuple[object, ...], faults: Faults, path: tuple[str, ...]) -> object:
    if node.at in faults.settled:
        return _LEFT_OUT
    if node.plain and node.text == UNDECIDED:
        faults.settle(node.at, undecided(path))
        return _LEFT_OUT
    if node.plain and not node.text:
        faults.settle(node.at, f'nothing is written for {quoted(path[-1])}: write its value, or "" for an empty text')
        return _LEFT_OUT
    return _typed(node, kinds, faults)


def _typed(node: Scalar, kinds: tuple[object, ...], faults: Faults) -> object:
    if node.plain and node.text == "null" and NoneType in kinds:
        return None
    if bool in kinds:
        if node.text in ("true", "false"):
            return node.text == "true"
        faults.settle(node.at, f"{quoted(node.text)} is neither true nor false: write one of the two")
        return _LEFT_OUT
    if int in kinds and str not in kinds:
        if _INTEGER.fullmatch(node.text):
            return int(node.text)
        faults.settle(node.at, f"{quoted(node.text)} is not a whole number in digits: write one, as 2")
        return _LEFT_OUT
    return node.text


def undecided(path: tuple[str, ...]) -> str:
    """The fault of a value that the draft left to a person."""
    return (
        f"{quoted(path[-1])} is not decided yet: write one of the readings that the comment above it shows, "
        f"or ringback init --decide {_setting(path)}=..."
    )


def _setting(path: tuple[str, ...]) -> str:
    """What `--decide` calls it: born_on for its format, moved_at.zone, source.encoding, key."""
    keys = path[1:] if path[0] == "fields" else path
    if path[0] == "fields" and path[-1] in ("type", "format", "region", "decimalChar"):
        return path[1]
    return ".".join(keys)


def _kinds(hint: object) -> tuple[object, ...]:
    """The types that a hint admits, without annotations: `Annotated[int, ...] | None` -> int, NoneType."""
    origin = get_origin(hint)
    if origin is Annotated:
        return _kinds(get_args(hint)[0])
    if origin in (Union, UnionType):
        return tuple(kind for part in get_args(hint) for kind in _kinds(part))
    return (hint,)
