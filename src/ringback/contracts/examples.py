"""A feed's examples from their file, with every fault at its place; checked against the contract, but not yet tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from ringback.contracts.contract import ContractFile
from ringback.contracts.document import Entry, Items, Mapping, compose
from ringback.contracts.fault import Faults, Page, instead, quoted
from ringback.contracts.text import read_text
from ringback.contracts.wording import tell
from ringback.contracts.written import keys_of
from ringback.model.canonical import from_text, to_text
from ringback.model.contract import Contract
from ringback.model.example import EXAMPLES_SUFFIX, ContractExample, ExamplesFile
from ringback.model.field import FieldSpec
from ringback.model.project import Project
from ringback.steps.interpret.constraints import checks


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamplesPage:
    """Examples, and the text that they were written as."""

    examples: tuple[ContractExample, ...]
    text: str
    name: str  # as people see it: feeds/clients.examples.yaml
    tree: Mapping

    def line(self, place: int, *keys: str) -> int:
        """The line of an example's key, or of the nearest one around it."""
        node = _nodes(self.tree)[place]
        page, at = Page(self.name, self.text), node.at
        for depth in range(1, len(keys) + 1):
            entry = node.entry(*keys[:depth])
            at = entry.key_at if entry is not None else at
        return page.line(at)


def examples_path(project: Project, feed: str) -> Path:
    """Where a feed's examples lie."""
    return project.contract_path(feed).with_name(f"{feed}{EXAMPLES_SUFFIX}")


def load_examples(project: Project, contract: ContractFile) -> ExamplesPage | None:
    """The feed's examples; None, where it has no file of them. Raises: ContractError, with all faults."""
    path = examples_path(project, contract.contract.feed)
    if not path.exists():
        return None
    name = path.relative_to(project.folder).as_posix()
    return parse_examples(read_text(path, name=name), contract.contract, name=name)


def parse_examples(text: str, contract: Contract, *, name: str) -> ExamplesPage:
    """The examples in a text. Raises: ContractError, with all faults."""
    faults = Faults(Page(name, text))
    tree = compose(faults)
    given = keys_of(tree, ExamplesFile, faults, path=())
    try:
        file = ExamplesFile.model_validate(given)
    except ValidationError as refused:
        tell(refused, tree, tree.at, faults, ExamplesFile)
        raise faults.error() from None
    _check_feed(tree, file, contract, faults)
    for node, example in zip(_nodes(tree), file.examples, strict=True):
        _check(node, example, contract, faults)
    faults.raise_if_any()
    return ExamplesPage(examples=file.examples, text=text, name=name, tree=tree)


def _nodes(tree: Mapping) -> list[Mapping]:
    listed = tree.node("examples")
    nodes = listed.nodes if isinstance(listed, Items) else ()
    return [node for node in nodes if isinstance(node, Mapping)]


def _check_feed(tree: Mapping, file: ExamplesFile, contract: Contract, faults: Faults) -> None:
    entry = tree.entry("feed")
    if entry is not None and file.feed != contract.feed:
        told = f"these are examples of the feed {quoted(file.feed)}, not {quoted(contract.feed)}: rename one"
        faults.add(entry.node.at, told)


def _check(node: Mapping, example: ContractExample, contract: Contract, faults: Faults) -> None:
    if (example.record is None) == (example.reject is None):
        faults.add(node.at, "an example has a record or a reject that its row must become: write one of the two")
    columns = {str(spec.column) for spec in contract.fields.values()} | set(contract.ignored)
    for column, entry in _entries(node, "row"):
        if column not in columns:
            told = f"{quoted(column)} is no column that the contract reads or ignores"
            faults.add(entry.key_at, f"{told}; {instead(column, sorted(columns))}")
    for field, entry in (*_entries(node, "record"), *_entries(node, "reject")):
        if field not in contract.fields:
            faults.add(entry.key_at, f"{quoted(field)} is no field of the contract; {instead(field, contract.fields)}")
    _check_values(node, example, contract, faults)
    _check_codes(node, example, contract, faults)


def _entries(node: Mapping, key: str) -> Iterator[tuple[str, Entry]]:
    inner = node.node(key)
    if isinstance(inner, Mapping):
        yield from inner.entries.items()


def _check_values(node: Mapping, example: ContractExample, contract: Contract, faults: Faults) -> None:
    written = example.record or {}
    for field, entry in _entries(node, "record"):
        spec, text = contract.fields.get(field), written.get(field)
        if spec is not None and text is not None and not _is_kept_so(text, spec):
            told = f"{quoted(text)} is not how ringback keeps a {spec.type}: write it {_KEPT.get(spec.type, 'so')}"
            faults.add(entry.node.at, told)


def _is_kept_so(text: str, spec: FieldSpec) -> bool:
    column = pl.lit(text, dtype=pl.String())
    found: str | None = pl.select(to_text(from_text(column, spec.dtype), spec.dtype)).item()
    return found == text


_KEPT = {
    "integer": "as -12",
    "decimal": "with all digits of its scale, as 1234.50",
    "boolean": "true or false",
    "date": "as 1980-04-03",
    "time": "as 07:00:00.000000",
    "datetime": "in UTC, as 2024-08-10T07:00:00.000000Z",
}


def _check_codes(node: Mapping, example: ContractExample, contract: Contract, faults: Faults) -> None:
    for field, entry in _entries(node, "reject"):
        spec, written = contract.fields.get(field), (example.reject or {}).get(field, ())
        if spec is None:
            continue
        known = [each.code for each in checks(spec)]
        for code in codes_of(written):
            if code not in known:
                told = f"{quoted(code)} is no fault that {quoted(field)} can have; {instead(code, known)}"
                faults.add(entry.node.at, told)


def codes_of(written: str | tuple[str, ...]) -> tuple[str, ...]:
    """One code, or a list of them."""
    return (written,) if isinstance(written, str) else written
