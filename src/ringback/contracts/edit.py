"""Changes of a contract's text, at the places where it says something: all else stays as people wrote it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence

from ringback.contracts.contract import ContractFile
from ringback.contracts.document import Items, Scalar
from ringback.contracts.document import Mapping as Tree
from ringback.contracts.draft.scalar import quoted, scalar, words

_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*\"""", re.DOTALL)

Edit = tuple[int, int, str]  # from, to, what stands there then


def edited(found: ContractFile, values: Mapping[tuple[str, ...], str | int], *, ignored: Sequence[str] = ()) -> str:
    """The contract's text with other values under these keys, and with more columns that are ignored."""
    edits = [_set(found, path, value) for path, value in values.items()]
    edits += [_ignore(found, ignored)] if ignored else []
    text = found.text
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def unified(old: str, new: str, name: str) -> str:
    """The difference as people read it."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), name, f"{name} (proposed)", n=1, lineterm="")
    return "\n".join(lines)


def _set(found: ContractFile, path: tuple[str, ...], value: str | int) -> Edit:
    written = str(value) if isinstance(value, int) else _written(value)
    node = found.tree.node(*path)
    if isinstance(node, Scalar):
        return node.at, _end(found.text, node), written
    parent = found.tree.node(*path[:-1])
    if isinstance(parent, Tree) and parent.entries:
        return _first_in(found.text, parent, f"{path[-1]}: {written}")
    return _first_in(found.text, found.tree, f"{path[0]}: {{{path[-1]}: {written}}}")


def _written(value: str) -> str:
    return quoted(value) if value != value.strip() or value[:1].isdigit() else scalar(value)


def _end(text: str, node: Scalar) -> int:
    match = _QUOTED.match(text, node.at)
    return match.end() if match and not node.plain else node.at + len(node.text)


def _first_in(text: str, mapping: Tree, line: str) -> Edit:
    """A key before all others of a mapping."""
    first = min(entry.key_at for entry in mapping.entries.values())
    if text[mapping.at : mapping.at + 1] == "{":
        key, _, value = line.partition(": ")
        return mapping.at + 1, mapping.at + 1, f"{quoted(key)}: {value}, "
    indent = first - (text.rfind("\n", 0, first) + 1)
    return first, first, f"{line}\n{' ' * indent}"


def _ignore(found: ContractFile, columns: Sequence[str]) -> Edit:
    node = found.tree.node("ignored")
    if not isinstance(node, Items):
        if found.text[found.tree.at : found.tree.at + 1] == "{":
            return _first_in(found.text, found.tree, f"ignored: {words(tuple(columns))}")
        end = len(found.text)
        return end, end, ("" if found.text.endswith("\n") else "\n") + f"ignored: {words(tuple(columns))}\n"
    if found.text[node.at : node.at + 1] == "[":
        more = ", ".join(map(scalar, columns)) + (", " if node.nodes else "")
        return node.at + 1, node.at + 1, more
    indent = node.at - (found.text.rfind("\n", 0, node.at) + 1)
    return node.at, node.at, "".join(_dashes(columns, indent))


def _dashes(columns: Sequence[str], indent: int) -> Iterator[str]:
    yield from (f"- {scalar(column)}\n{' ' * indent}" for column in columns)
