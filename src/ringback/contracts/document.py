"""YAML text -> a tree in which every scalar is text and every node knows its place.

Only the plain part of YAML is taken: mappings, lists and scalars. Anchors, aliases, tags, merge keys and second
documents are faults, so that what a person reads on a line is what it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from ringback.contracts.fault import Faults, quoted

MAX_BYTES = 2**20  # of a contract or project file; a contract of 1,000 fields has 0.1 MiB
MAX_NODES = 50_000  # a contract of 1,000 fields has 12,000
MAX_DEPTH = 20  # mappings and lists inside one another; the deepest of a contract has 4
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # YAML 1.2, 5.1

_NEVER = re.compile("[\0\ud800-\udfff]")  # written as escapes; no database holds them
_NO_CHARACTER = re.compile(r"\\U(?!00(?:0|10))")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text; `plain` when it stands without quotes."""

    text: str
    plain: bool
    at: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    nodes: tuple[Node, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping and what is written under it."""

    key_at: int
    node: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and what is written under them, in the order of the file."""

    entries: dict[str, Entry]
    at: int

    def entry(self, *keys: str) -> Entry | None:
        """The entry under these keys, one inside the other."""
        found: Entry | None = None
        node: Node | None = self
        for key in keys:
            found = node.entries.get(key) if isinstance(node, Mapping) else None
            node = found.node if found else None
        return found

    def node(self, *keys: str) -> Node | None:
        """What is written under these keys."""
        found = self.entry(*keys)
        return found.node if found else None

    def text(self, *keys: str) -> str | None:
        """The text under these keys, where there is one."""
        node = self.node(*keys)
        return node.text if isinstance(node, Scalar) else None

    def scalars(self, *keys: str) -> tuple[Scalar, ...]:
        """The scalars of a list under these keys; a single one counts as a list of one."""
        node = self.node(*keys)
        nodes = node.nodes if isinstance(node, Items) else (node,)
        return tuple(node for node in nodes if isinstance(node, Scalar))


Node: TypeAlias = Scalar | Items | Mapping


def compose(faults: Faults) -> Mapping:
    """The tree of a page. Faults that leave the tree whole (a key twice, an anchor) are added, others raised.

    Raises: ContractError, for text that is no YAML mapping; it has the faults found up to there.
    """
    _refuse_unreadable(faults)
    try:
        root = _Composer(_events(faults.page.text), faults).document()
    except YAMLError as error:
        faults.add(*_syntax(error))
        raise faults.error() from None
    except (OverflowError, ValueError):  # ruamel.yaml 0.19 on "\UFFFFFFFF": no such character
        found = _NO_CHARACTER.search(faults.page.text)
        faults.add(found.start() if found else 0, r"this \U escape names no character")
        raise faults.error() from None
    if not isinstance(root, Mapping):
        faults.add(root.at if root else 0, _no_mapping(root))
        raise faults.error()
    return root


def _refuse_unreadable(faults: Faults) -> None:
    text = faults.page.text
    if len(text) > MAX_BYTES:
        faults.add(0, f"the file is larger than {MAX_BYTES // 2**20} MiB: no contract is; was a delivery named?")
        raise faults.error()
    for found in _UNREADABLE.finditer(text):
        faults.add(found.start(), f"a character U+{ord(found[0]):04X} cannot stand in YAML: take it out")
        if len(faults.found) == 20:
            break
    faults.raise_if_any()


def _events(text: str) -> Iterator[Event]:
    yaml = YAML(typ="safe", pure=True)  # events only: no tag is resolved and no object made
    events: Iterator[Event] = yaml.parse(text)
    return events


def _no_mapping(root: Node | None) -> str:
    if root is None or (isinstance(root, Scalar) and not root.text):
        return "the file is empty: ringback init FILE drafts it from a sample"
    return "keys are expected here, each followed by a colon and what it means"


def _syntax(error: YAMLError) -> tuple[int, str]:
    if not isinstance(error, MarkedYAMLError):
        return 0, "is not readable as YAML"
    problem = str(error.problem)
    began = error.context_mark.index if error.context_mark else 0
    at = error.problem_mark.index if error.problem_mark else began
    if "end of stream" in problem:
        return began, "this quote is never closed"
    if "could not find expected ':'" in problem:
        return began, "a key without a colon, or a text that goes on without being indented"
    if "'\\t'" in problem:
        return at, "a tab cannot indent YAML: write spaces"
    if "mapping values are not allowed" in problem:
        return at, "a second colon, or a line indented too far: put texts with a colon in quotes, and align the keys"
    if "cannot start any token" in problem:
        return at, "a text cannot begin with this character unless it is in quotes"
    return at, f"is not readable as YAML: {error.context or ''} {problem}".replace("  ", " ")


class _Composer:
    """Builds the tree from events; depth is bounded, so recursion is."""

    def __init__(self, events: Iterator[Event], faults: Faults) -> None:
        self._events = events
        self._faults = faults
        self._count = 0

    def document(self) -> Node | None:
        root: Node | None = None
        seen = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                seen += 1
                self._refuse_directives(event)
                if seen == 2:
                    self._faults.add(event.start_mark.index, "a second document begins here: a file has one")
            elif not isinstance(event, StreamStartEvent | StreamEndEvent | DocumentEndEvent):
                node = self._node(event, depth=1)
                root = node if seen == 1 else root
        return root

    def _refuse_directives(self, event: DocumentStartEvent) -> None:
        if event.version or event.tags:
            self._faults.add(0, "a % directive cannot be used here: take the line out")

    def _node(self, event: Event, *, depth: int) -> Node:
        at = event.start_mark.index
        self._refuse_extras(event, at)
        self._refuse_excess(event, at, depth)
        if isinstance(event, MappingStartEvent):
            return self._mapping(at, depth=depth)
        if isinstance(event, SequenceStartEvent):
            return self._items(at, depth=depth)
        if isinstance(event, ScalarEvent):
            return self._scalar(event, at)
        return Scalar("", plain=False, at=at)  # an alias, already a fault

    def _scalar(self, event: ScalarEvent, at: int) -> Scalar:
        if _NEVER.search(event.value):
            self._faults.settle(at, r"a NUL (\0) or half a character (\uD800 to \uDFFF) cannot be in a text")
            return Scalar("", plain=False, at=at)
        return Scalar(event.value, plain=not event.style, at=at)

    def _refuse_excess(self, event: Event, at: int, depth: int) -> None:
        self._count += 1
        if self._count > MAX_NODES:
            self._faults.add(at, f"more than {MAX_NODES:,} keys and values: no contract has so many")
        elif isinstance(event, MappingStartEvent | SequenceStartEvent) and depth > MAX_DEPTH:
            self._faults.add(at, f"more than {MAX_DEPTH} mappings and lists are inside one another")
        else:
            return
        raise self._faults.error()

    def _refuse_extras(self, event: Event, at: int) -> None:
        if isinstance(event, AliasEvent):
            self._faults.settle(at, f"an alias (*{event.anchor}) cannot be used here: write its text out")
            return
        if isinstance(event, NodeEvent) and event.anchor:
            self._faults.add(at, f"an anchor (&{event.anchor}) cannot be used here: take it out")
        tag = getattr(event, "tag", None)
        if tag:
            self._faults.add(at, f"a tag ({quoted(str(tag))[1:-1]}) cannot be used here: the contract gives the types")

    def _items(self, at: int, *, depth: int) -> Items:
        nodes = []
        for event in self._events:
            if isinstance(event, SequenceEndEvent):
                break
            nodes.append(self._node(event, depth=depth + 1))
        return Items(tuple(nodes), at)

    def _mapping(self, at: int, *, depth: int) -> Mapping:
        entries: dict[str, Entry] = {}
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                break
            key = self._node(event, depth=depth + 1)
            entry = Entry(key.at, self._written(self._node(next(self._events), depth=depth + 1), key.at))
            if isinstance(key, Scalar) and self._takes(key, entries):
                entries[key.text] = entry
            elif not isinstance(key, Scalar):
                self._faults.add(key.at, "a key must be a text, not a list or mapping")
        return Mapping(entries, at)

    def _written(self, node: Node, key_at: int) -> Node:
        """The node; where nothing is written YAML knows no place for it, so it has its key's."""
        nothing = isinstance(node, Scalar) and node.plain and not node.text
        return Scalar("", plain=True, at=key_at) if nothing else node

    def _takes(self, key: Scalar, entries: dict[str, Entry]) -> bool:
        if key.text == "<<" and key.plain:
            self._faults.add(key.at, 'a merge key ("<<") cannot be used here: write the keys out')
        elif key.text in entries:
            first = self._faults.page.line(entries[key.text].key_at)
            self._faults.add(key.at, f"{quoted(key.text)} is written twice; the first is on line {first}: keep one")
        else:
            return True
        return False
