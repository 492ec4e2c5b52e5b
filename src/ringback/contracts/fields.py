"""The `fields` of a contract -> one `FieldSpec` each, of the class that its `type` names."""

from __future__ import annotations

import re

from pydantic import ValidationError

from ringback.contracts.document import Entry, Mapping, Scalar
from ringback.contracts.fault import Faults, instead, quoted
from ringback.contracts.wording import suggested, tell
from ringback.contracts.written import UNDECIDED, keys_of, undecided
from ringback.model.contract import NAME_PATTERN
from ringback.model.field import FieldSpec
from ringback.steps.interpret import FIELD_TYPES

# What other tools call our types.
_OTHER_WORDS = {
    "text": "string",
    "str": "string",
    "varchar": "string",
    "char": "string",
    "int": "integer",
    "bigint": "integer",
    "float": "decimal",
    "double": "decimal",
    "numeric": "decimal",
    "money": "decimal",
    "bool": "boolean",
    "timestamp": "datetime",
    "object": "json",
    "enum": "code",
}


def read_fields(root: Mapping, faults: Faults) -> dict[str, FieldSpec]:
    """The fields without faults, in the order of the file; the others become faults."""
    fields = root.node("fields")
    if not isinstance(fields, Mapping):
        return {}
    specs: dict[str, FieldSpec] = {}
    for name, entry in fields.entries.items():
        if not re.fullmatch(NAME_PATTERN, name):
            as_text = Scalar(name, plain=True, at=entry.key_at)
            faults.settle(
                entry.key_at,
                f"{quoted(name)} is not a field name: write a-z, 0-9 and _, at most 63, "
                f"a letter first{suggested(as_text)}",
            )
        spec = _field(name, entry, faults)
        if spec is None:
            faults.settled.add(entry.key_at)
        else:
            specs[name] = spec
    return specs


def _field(name: str, entry: Entry, faults: Faults) -> FieldSpec | None:
    if not isinstance(entry.node, Mapping):
        what = f"{quoted(name)} needs its column and type under it: {{from: Date of Birth, type: string}}"
        faults.settle(entry.node.at, what)
        return None
    kind = _kind(name, entry.node, entry.key_at, faults)
    if kind is None:
        return None
    given = keys_of(entry.node, kind, faults, path=("fields", name))
    try:
        return kind.model_validate(given)
    except ValidationError as refused:
        tell(refused, entry.node, entry.key_at, faults, kind)
        return None


def _kind(name: str, field: Mapping, key_at: int, faults: Faults) -> type[FieldSpec] | None:
    written = field.node("type")
    if written is None:
        faults.add(key_at, f'"type" is missing: write type: and one of {", ".join(FIELD_TYPES)}')
        return None
    word = written.text if isinstance(written, Scalar) else ""
    if word not in FIELD_TYPES:
        undecided_yet = word == UNDECIDED
        faults.settle(written.at, undecided(("fields", name, "type")) if undecided_yet else _no_type(word))
    return FIELD_TYPES.get(word)


def _no_type(word: str) -> str:
    other = _OTHER_WORDS.get(word.lower())
    hint = f"did you mean {quoted(other)}?" if other in FIELD_TYPES else instead(word, FIELD_TYPES)
    return f"{quoted(word)} is not a type; {hint}"
