"""A feed's contract from its file. All faults of a file come in one error, each with line, column and remedy."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from ringback.contracts.checks import check
from ringback.contracts.document import Mapping, compose
from ringback.contracts.fault import Faults, Page, quoted
from ringback.contracts.fields import read_fields
from ringback.contracts.text import read_text
from ringback.contracts.wording import tell
from ringback.contracts.written import keys_of
from ringback.model.contract import Contract
from ringback.model.field import FieldSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFile:
    """A contract, and the text that it was written as."""

    contract: Contract
    text: str
    name: str  # as people see it: feeds/clients.yaml
    tree: Mapping = field(repr=False, compare=False)

    def line(self, *keys: str) -> int | None:
        """The key's line as an editor counts: line("fields", "born_on", "format"). None where it is not written."""
        entry = self.tree.entry(*keys)
        return Page(self.name, self.text).line(entry.key_at) if entry else None


def load(path: Path) -> ContractFile:
    """The contract in a file. Raises: ContractError, with all faults."""
    return parse(read_text(path, name=str(path)), name=str(path))


def parse(text: str, *, name: str, feed: str | None = None) -> ContractFile:
    """The contract in a text; with `feed`, it must be this feed's. Raises: ContractError, with all faults."""
    faults = Faults(Page(name, text))
    tree = compose(faults)
    specs = read_fields(tree, faults)
    contract = _contract(tree, specs, faults)
    check(tree, specs, faults)
    if feed is not None:
        _check_feed(tree, feed, faults)
    if contract is None or faults.found:
        raise faults.error()
    return ContractFile(contract=contract, text=text, name=name, tree=tree)


def _contract(tree: Mapping, specs: dict[str, FieldSpec], faults: Faults) -> Contract | None:
    written = dict(tree.entries)
    if isinstance(tree.node("fields"), Mapping):
        del written["fields"]  # they are read already
    given = keys_of(Mapping(written, tree.at), Contract, faults, path=())
    if "fields" not in written and "fields" in tree.entries:
        given["fields"] = specs
    try:
        return Contract.model_validate(given)
    except ValidationError as refused:
        tell(refused, tree, tree.at, faults, Contract)
        return None


def _check_feed(tree: Mapping, feed: str, faults: Faults) -> None:
    entry = tree.entry("feed")
    written = tree.text("feed")
    if entry is not None and written is not None and written != feed:
        faults.add(entry.node.at, f"the file is named for the feed {quoted(feed)}, not {quoted(written)}: rename one")
