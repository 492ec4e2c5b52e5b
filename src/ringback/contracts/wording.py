"""What a model refuses -> faults in plain words, each at its place in the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingType
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ringback.contracts.document import Entry, Items, Mapping, Node, Scalar
from ringback.contracts.fault import Faults, instead, nearest, quoted
from ringback.contracts.written import by_key

_CHOICE = re.compile("'([^']*)'")

# What the keys that no file goes without look like.
_EXAMPLES = {
    "feed": "feed: clients",
    "key": "key: [client_no]",
    "target": "target: {table: clients}",
    "ProjectFile.target": "target: sqlite:///clients.db",
    "table": "table: clients",
    "fields": "fields: with each field's name, and under it from: and type:",
    "from": "from: Date of Birth",
    "type": "type: string",
    "format": 'format: "%d/%m/%Y"',
    "hold_above": "hold_above: 0.5 %",
}


def tell(refused: ValidationError, mapping: Mapping, at: int, faults: Faults, model: type[BaseModel]) -> None:
    """Add what pydantic refuses in `mapping`, which stands at `at`, to the faults; at most one for each place."""
    told: set[tuple[str, ...]] = set()
    for error in refused.errors(include_url=False):
        keys, place, node = _locate(mapping, at, error["loc"])
        missing = error["type"] == "missing"
        if missing:
            keys = (*keys, str(error["loc"][-1]))
        if keys not in told and not _told_before(mapping, keys, faults):
            faults.add(place, _missing(keys[-1], model) if missing else _say(error, node))
        told.add(keys)


def _locate(mapping: Mapping, at: int, loc: Sequence[int | str]) -> tuple[tuple[str, ...], int, Node]:
    """As far as the location can be followed in the file: its keys, the offset, and what stands there."""
    keys: tuple[str, ...] = ()
    node: Node = mapping
    for part in loc:
        if isinstance(node, Mapping) and part in node.entries:
            entry = node.entries[str(part)]
            node = entry.node
            at = entry.key_at if isinstance(node, Mapping) else node.at
        elif isinstance(node, Items) and isinstance(part, int) and part < len(node.nodes):
            node = node.nodes[part]
            at = node.at
        else:
            break
        keys = (*keys, str(part))
    return keys, at, node


def _told_before(mapping: Mapping, keys: tuple[str, ...], faults: Faults) -> bool:
    """Whether what is under these keys is a fault already, or the last key is there but misspelt."""
    node = mapping.node(*keys) if keys else mapping
    if node is not None:
        return _settled(node, faults)
    above = mapping.node(*keys[:-1]) if keys[:-1] else mapping
    unknown = [key for key, entry in _entries(above) if entry.key_at in faults.settled]
    return any(nearest(key, [keys[-1]]) for key in unknown)


def _settled(node: Node, faults: Faults) -> bool:
    if isinstance(node, Mapping):
        return any(entry.key_at in faults.settled or _settled(entry.node, faults) for _, entry in _entries(node))
    if isinstance(node, Items):
        return any(_settled(each, faults) for each in node.nodes)
    return node.at in faults.settled


def _entries(node: Node | None) -> list[tuple[str, Entry]]:
    return list(node.entries.items()) if isinstance(node, Mapping) else []


def _missing(key: str, model: type[BaseModel]) -> str:
    name = by_key(model).get(key)
    described = model.model_fields[name].description if name else None
    example = (
        _EXAMPLES.get(f"{model.__name__}.{key}") or _EXAMPLES.get(key) or f"{key}: with {described or 'its value'}"
    )
    return f"{quoted(key)} is missing: write {example}"


def _say(error: ErrorDetails, node: Node) -> str:
    words = _WORDS.get(error["type"])
    context: MappingType[str, Any] = error.get("ctx", {})
    if words is not None:
        return words(context, node)
    if error["type"] == "value_error":
        return str(context["error"])
    return error["msg"][:1].lower() + error["msg"][1:]


def _text_of(node: Node) -> str:
    if isinstance(node, Scalar):
        return quoted(node.text)
    return "a list" if isinstance(node, Items) else "a mapping"


def _plain_text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _choice(context: MappingType[str, Any], node: Node) -> str:
    choices = _CHOICE.findall(str(context["expected"]))
    return f"{_text_of(node)} is not possible here; {instead(_plain_text(node), choices)}"


def _name(context: MappingType[str, Any], node: Node) -> str:
    del context
    return f"{_text_of(node)} is not a name: write a-z, 0-9 and _, at most 63, a letter first{suggested(node)}"


def suggested(node: Node) -> str:
    """A name made from a text, where one can be made."""
    name = re.sub("[^a-z0-9]+", "_", _plain_text(node).lower()).strip("_")[:63]
    return f", as {name}" if name[:1].isalpha() else ""


_WORDS: dict[str, Callable[[MappingType[str, Any], Node], str]] = {
    "enum": _choice,
    "literal_error": _choice,
    "string_pattern_mismatch": _name,
    "string_type": lambda _, node: f"a text is expected here, not {_text_of(node)}",
    "int_type": lambda _, node: f"a whole number is expected here, not {_text_of(node)}",
    "bool_type": lambda _, node: f"true or false is expected here, not {_text_of(node)}",
    "list_type": lambda _, node: f"a list is expected here, not {_text_of(node)}: write [a, b]",
    "tuple_type": lambda _, node: f"a list is expected here, not {_text_of(node)}: write [a, b]",
    "dict_type": lambda _, node: f"keys and values are expected here, not {_text_of(node)}: write {{A: active}}",
    "model_type": lambda _, node: f"keys and values are expected here, not {_text_of(node)}",
    "too_short": lambda context, _: f"this is empty: write at least {context['min_length']} here",
    "string_too_short": lambda context, _: f"the text is too short: write at least {context['min_length']} character",
    "string_too_long": lambda context, _: f"the text is too long: write at most {context['max_length']} characters",
    "greater_than": lambda context, node: f"{_text_of(node)} is too small: write more than {context['gt']}",
    "greater_than_equal": lambda context, node: f"{_text_of(node)} is too small: write {context['ge']} or more",
    "less_than": lambda context, node: f"{_text_of(node)} is too large: write less than {context['lt']}",
    "less_than_equal": lambda context, node: f"{_text_of(node)} is too large: write {context['le']} or less",
}
