"""The `source` of a format that needs no finding out, as YAML: what is not at its default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ringback.contracts.draft.scalar import quoted, scalar
from ringback.model.contract import Source

_TOLD = ("files", "issued", "format", "encoding")  # written above, in this order


def source_keys(source: Source) -> Iterator[str]:
    """The lines below `encoding`."""
    plain = Source().model_dump(by_alias=True)
    for key, value in source.model_dump(by_alias=True).items():
        if key in _TOLD or value == plain[key]:
            continue
        if isinstance(value, tuple) and value and isinstance(value[0], Mapping):
            yield f"  {key}:"
            yield from (f"    - {_flow(each)}" for each in value)
        elif isinstance(value, Mapping):
            yield f"  {key}: {_flow(value)}"
        elif isinstance(value, tuple | list):
            yield f"  {key}: [{', '.join(map(_scalar, value))}]"
        else:
            yield f"  {key}: {_scalar(value)}"


def _flow(mapping: Mapping[str, object]) -> str:
    written = (f"{scalar(key)}: {_scalar(value)}" for key, value in mapping.items() if value is not False)
    return "{" + ", ".join(written) + "}"


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return quoted(text) if text != text.strip() or text[:1].isdigit() else scalar(text)
