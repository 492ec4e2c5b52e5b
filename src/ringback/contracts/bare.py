"""A contract without remarks: drafts have examples of client values in theirs."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ringback.contracts.contract import ContractFile
from ringback.contracts.document import Items, Mapping, Node, Scalar


def bare_text(contract: ContractFile) -> str:
    """The same contract, key by key, without a comment."""
    lines = (f"{json.dumps(key)}: {_written(entry.node)}" for key, entry in contract.tree.entries.items())
    return "\n".join(lines) + "\n"


def _written(node: Node) -> str:
    return "".join(_parts(node))


def _parts(node: Node) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield node.text if node.plain and node.text == "null" else json.dumps(node.text)
    elif isinstance(node, Items):
        yield f"[{', '.join(map(_written, node.nodes))}]"
    elif isinstance(node, Mapping):
        inner = (f"{json.dumps(key)}: {_written(entry.node)}" for key, entry in node.entries.items())
        yield f"{{{', '.join(inner)}}}"
