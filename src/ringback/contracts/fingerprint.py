"""The fingerprint of a contract: two readings that may differ have different ones.

In it: everything that the contract says (with defaults written out and the policy that applies), and the versions of
all software that gives it its meaning. Not in it: titles, descriptions, comments, the order of keys.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from ringback.model.contract import Contract, Source

READING_VERSION = "1"  # raise it with every change of ringback after which some delivery may read differently
READING_LIBRARIES = ("polars", "phonenumbers", "python-stdnum", "tzdata")

_FOR_PEOPLE = ("title", "description")
# Keys of `source` that came after the first releases were approved. Where such a key is not written nothing is said of
# it, so that those releases keep their fingerprints.
_CAME_LATER = ("offsets", "layout", "recordLength", "lineEnds", "record", "unfold", "namespaces", "optional")


def fingerprint(contract: Contract, software: Mapping[str, str]) -> str:
    """SHA-256, hexadecimal, of what the contract means when this software reads it."""
    whole = {"contract": meaning(contract), "software": dict(software)}
    written = json.dumps(whole, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(written.encode("ascii")).hexdigest()


def meaning(contract: Contract) -> dict[str, Any]:
    """All that the contract says but words for people, as JSON has it: defaults written out, keys as in the file."""
    said = contract.model_dump(mode="json", by_alias=True)
    for part in (said, *said["fields"].values()):
        for key in _FOR_PEOPLE:
            part.pop(key, None)
    unsaid = _unsaid()
    said["source"] = {key: value for key, value in said["source"].items() if (key, value) not in unsaid}
    return said


def _unsaid() -> list[tuple[str, Any]]:
    plain = Source().model_dump(mode="json", by_alias=True)
    return [(key, plain[key]) for key in _CAME_LATER]


def software() -> dict[str, str]:
    """Name -> version of all that gives a contract its meaning, as installed."""
    return {"ringback reading": READING_VERSION, **{name: version(name) for name in READING_LIBRARIES}}
