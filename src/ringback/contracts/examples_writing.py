"""Examples as text: a new file, or expectations of an old one written anew with all else left as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node

from ringback.contracts.draft.scalar import scalar, words
from ringback.contracts.examples import ExamplesPage
from ringback.model.example import ContractExample

Told: TypeAlias = Mapping[str, str | None] | Mapping[str, str | tuple[str, ...]]


def examples_text(feed: str, examples: Sequence[ContractExample], *, taken_from: str) -> str:
    """A new file of examples; `taken_from` says where they are from, in a line without client values."""
    lines = [
        f"# Rows of {feed} as delivered, and what each must become: `ringback check`, `ci` and `approve` try them.",
        f"# {taken_from}",
        f"feed: {feed}",
        "examples:",
    ]
    for place, example in enumerate(examples):
        lines += [""] * bool(place)
        lines += [f"  - name: {scalar(example.name)}", *_block("row", example.row, 4), *_expected(example, 4)]
    return "\n".join(lines) + "\n"


def rewritten(page: ExamplesPage, expected: Mapping[int, ContractExample]) -> str:
    """The page with other expectations: place -> the example as it shall be. Only what is expected is taken from it."""
    text = page.text
    for place, example in sorted(expected.items(), reverse=True):  # from the end: places before it stay
        start, end, indent = _expectation(page, place)
        lines = [_flow(example)] if indent is None else list(_expected(example, indent))
        text = text[:start] + "\n".join(lines).lstrip() + text[end:]
    return text


def _expected(example: ContractExample, indent: int) -> Iterator[str]:
    if example.record is not None:
        yield from _block("record", example.record, indent)
    else:
        yield from _block("reject", example.reject or {}, indent)


def _block(key: str, told: Told, indent: int) -> Iterator[str]:
    yield f"{' ' * indent}{key}:"
    yield from (f"{' ' * (indent + 2)}{scalar(name)}: {_value(value)}" for name, value in told.items())


def _flow(example: ContractExample) -> str:
    key, told = ("record", example.record) if example.record is not None else ("reject", example.reject or {})
    return f"{key}: {{{', '.join(f'{scalar(name)}: {_value(value)}' for name, value in told.items())}}}"


def _value(value: str | tuple[str, ...] | None) -> str:
    if value is None:
        return "null"
    return scalar(value) if isinstance(value, str) else words(value)


def _expectation(page: ExamplesPage, place: int) -> tuple[int, int, int | None]:
    """Start and end of what an example expects; its indentation, or None where it stands in {braces}."""
    example = _node(_node(YAML(typ="safe", pure=True).compose(page.text), "examples")[1], place)[1]
    key, value = _node(example, "record" if page.examples[place].record is not None else "reject")
    start, end = key.start_mark.index, value.end_mark.index
    return start, start + len(_without_remarks(page.text[start:end])), _indent(example, key)


def _node(parent: Node, wanted: str | int) -> tuple[Node, Node]:
    """A key and its node of a mapping, or (itself, itself) of a list."""
    if isinstance(parent, MappingNode):
        return next((key, value) for key, value in parent.value if key.value == wanted)
    found: Node = parent.value[wanted]
    return found, found


def _indent(example: Node, key: Node) -> int | None:
    column: int = key.start_mark.column
    return None if isinstance(example, MappingNode) and example.flow_style else column


def _without_remarks(text: str) -> str:
    """Without the empty lines and comments behind it, which belong to what follows."""
    lines = text.split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return "\n".join(lines).rstrip()
