"""What a contract says otherwise than another of the same feed: key by key, with the line it is written on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from ringback.contracts.contract import ContractFile
from ringback.contracts.fingerprint import meaning
from ringback.model.release import Difference

_NOWHERE: Mapping[str, object] = {}


def differences(old: ContractFile, new: ContractFile) -> tuple[Difference, ...]:
    """What `new` means otherwise than `old`, in the order of the file; nothing where their fingerprints agree.

    Lines are those of `new`: of the key itself, or of the nearest one around it that is written.
    """
    found = (
        Difference(path=path, before=before, after=after, line=_line(new, path))
        for path, before, after in _compare(meaning(old.contract), meaning(new.contract), ())
        if not _is_default_of_another_type(old, new, path)
    )
    return tuple(sorted(found, key=lambda difference: (difference.line is None, difference.line or 0)))


def _is_default_of_another_type(old: ContractFile, new: ContractFile, path: tuple[str, ...]) -> bool:
    """Whether a key is other only because the field is of another type, and nobody wrote it: its type says so."""
    if len(path) < 3 or path[0] != "fields" or path[2] == "type":
        return False
    types = [side.contract.fields[path[1]].type for side in (old, new)]
    return types[0] != types[1] and old.line(*path) is None and new.line(*path) is None


Told = tuple[tuple[str, ...], str | None, str | None]


def _compare(old: Mapping[str, object], new: Mapping[str, object], path: tuple[str, ...]) -> Iterator[Told]:
    """Leaves that differ; a field that only one of the two has is one leaf."""
    for key in dict.fromkeys((*old, *new)):
        before, after, where = old.get(key), new.get(key), (*path, key)
        if before == after:
            continue
        if path == ("fields",) and (before is None or after is None):
            yield where, _field(before), _field(after)
        elif isinstance(before, Mapping) or isinstance(after, Mapping):
            yield from _compare(_mapping(before), _mapping(after), where)
        else:
            yield where, _text(before), _text(after)


def _mapping(written: object) -> Mapping[str, object]:
    return written if isinstance(written, Mapping) else _NOWHERE


def _field(written: object) -> str | None:
    spec = _mapping(written)
    return f"{spec['type']} from {_text(spec['from'])}" if spec else None


def _text(written: object) -> str | None:
    """As it would be written in the contract, texts in quotes; None where nothing is said."""
    return None if written is None else json.dumps(written, ensure_ascii=False)


def _line(contract: ContractFile, path: tuple[str, ...]) -> int | None:
    lines = (contract.line(*path[:depth]) for depth in range(len(path), 0, -1))
    return next((line for line in lines if line is not None), None)
