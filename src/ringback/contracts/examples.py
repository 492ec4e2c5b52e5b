"""A feed's examples from their file, with every fault at its place; checked against the contract, but not yet tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from ringback.contracts.contract import ContractFile
from ringback.contracts.document import Entry, Items, Mapping, compose
from ringback.contracts.fault import Faults, Page, instead, quoted
from ringback.contracts.text import read_text
from ringback.contracts.wording import tell
from ringback.contracts.written import by_key, keys_of
from ringback.model.contract import Contract
from ringback.model.example import EXAMPLES_SUFFIX, ContractExample, ExamplesFile
from ringback.model.field import Constraints
from ringback.model.project import Project
from ringback.steps.interpret import FIELD_TYPES


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
    _check_codes(node, example, faults)


def _entries(node: Mapping, key: str) -> Iterator[tuple[str, Entry]]:
    inner = node.node(key)
    if isinstance(inner, Mapping):
        yield from inner.entries.items()


def _check_codes(node: Mapping, example: ContractExample, faults: Faults) -> None:
    """Whether there is such a fault at all; whether a field can have it is seen when the example is tried."""
    known = [*(f"{kind}.unreadable" for kind in FIELD_TYPES), *(f"constraint.{key}" for key in by_key(Constraints))]
    for field, entry in _entries(node, "reject"):
        for code in codes_of((example.reject or {}).get(field, ())):
            if code not in known:
                faults.add(entry.node.at, f"{quoted(code)} is the code of no fault; {instead(code, known)}")


def codes_of(written: str | tuple[str, ...]) -> tuple[str, ...]:
    """One code, or a list of them."""
    return (written,) if isinstance(written, str) else written
