"""A contract's text, so changed that it says something else: only the keys that differ are touched."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, MutableMapping
from typing import cast

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from ringback.contracts.contract import ContractFile, parse
from ringback.contracts.fingerprint import meaning
from ringback.errors import ContractError
from ringback.model.contract import Contract

_NO_LIMIT = 2**20  # characters of a line: none is folded
_NOTHING: Mapping[str, object] = {}

Change = tuple[tuple[str, ...], object]


def rewritten(file: ContractFile, wanted: Contract) -> ContractFile | None:
    """The file's text with the keys changed in which `wanted` differs; None where no text says just that."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = _NO_LIMIT
    tree = yaml.load(file.text)
    for path, value in _changes(meaning(file.contract), meaning(wanted), ()):
        _put(tree, path, value)
    text = io.StringIO()
    yaml.dump(tree, text)
    try:
        found = parse(text.getvalue(), name=file.name)
    except ContractError:
        return None
    said = found.contract.model_copy(update={"policy": wanted.policy})  # a project's own is in no contract's text
    return found if meaning(said) == meaning(wanted) else None


def _changes(old: Mapping[str, object], new: Mapping[str, object], path: tuple[str, ...]) -> Iterator[Change]:
    """Keys that differ, and what they say in `new`; None: nothing."""
    for key in dict.fromkeys((*old, *new)):
        before, after, where = old.get(key), new.get(key), (*path, key)
        if before == after:
            continue
        if isinstance(before, Mapping) or isinstance(after, Mapping):
            yield from _changes(_mapping(before), _mapping(after), where)
        else:
            yield where, after


def _mapping(written: object) -> Mapping[str, object]:
    return written if isinstance(written, Mapping) else _NOTHING


def _put(tree: MutableMapping[str, object], path: tuple[str, ...], value: object) -> None:
    *outer, last = path
    for key in outer:
        tree = cast("MutableMapping[str, object]", tree.setdefault(key, {}))
    if value is None:
        tree.pop(last, None)
    else:
        tree[last] = _written(value)


def _written(value: object) -> object:
    if isinstance(value, list):
        return [_written(each) for each in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) else value
