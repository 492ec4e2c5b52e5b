"""What `--decide` settles: `born_on=%d/%m/%Y`, `moved_at.zone=Europe/Berlin`, `source.encoding=cp1252`, `key=a,b`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from ringback.contracts.draft.readings import Decided
from ringback.errors import UsageError
from ringback.steps.interpret.zones import zone_named

_SOURCE = ("encoding", "delimiter", "header")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Everything that a person decided, by what it is about."""

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    key: tuple[str, ...] = ()
    zone: str | None = None  # of every datetime without one of its own
    fields: Mapping[str, Decided] = field(default_factory=dict)

    def of_field(self, name: str) -> Decided:
        """The decisions about one field."""
        return replace(self.fields.get(name, Decided()), zone=self.zone)

    def check_names(self, names: Sequence[str]) -> None:
        """Raises: UsageError, when a decision is about a field that there is not."""
        for name in (*self.fields, *self.key):
            if name not in names:
                near = get_close_matches(name, names, 1)
                raise UsageError(
                    f'there is no field "{name}" in the sample',
                    where="--decide",
                    mend=f"Did you mean {near[0]}?" if near else f"The fields are: {', '.join(names)}.",
                )


def decisions_of(decide: Mapping[str, str]) -> Decisions:
    """Sort what was given by what it is about. Raises: UsageError."""
    of_source = {about: value for key, value in decide.items() if (about := _about_source(key))}
    for_fields = {key: value for key, value in decide.items() if not _about_source(key) and key not in ("key", "zone")}
    return Decisions(
        encoding=_encoding(of_source.get("encoding")),
        delimiter=_delimiter(of_source.get("delimiter")),
        header=_truth(of_source.get("header")),
        key=tuple(part.strip() for part in decide.get("key", "").split(",") if part.strip()),
        zone=_zone(decide.get("zone")),
        fields=_by_field(for_fields),
    )


def _about_source(key: str) -> str | None:
    prefix, _, about = key.rpartition(".")
    if prefix != "source":
        return None
    if about not in _SOURCE:
        raise UsageError(
            f'"{key}" is not decided here', where="--decide", mend=f"Decide source.{', source.'.join(_SOURCE)}."
        )
    return about


def _by_field(given: Mapping[str, str]) -> dict[str, Decided]:
    fields: dict[str, Decided] = {}
    for written, value in given.items():
        name, _, key = written.removeprefix("fields.").partition(".")
        known = fields.get(name, Decided())
        whole = key in ("", "type", "format")
        fields[name] = (
            Decided(reading=value, keys=known.keys)
            if whole
            else Decided(reading=known.reading, keys={**known.keys, key: value})
        )
    return fields


def _encoding(written: str | None) -> str | None:
    try:
        "a".encode(written or "utf-8")
    except LookupError:  # unknown, or an encoding of bytes, as hex is
        raise UsageError(
            f'"{written}" is no encoding of text',
            where="--decide source.encoding",
            mend="Write one as utf-8 or cp1252.",
        ) from None
    return written


def _zone(written: str | None) -> str | None:
    try:
        if written is not None:
            zone_named(written)
    except ValueError as unknown:
        raise UsageError(f'"{written}": {unknown}', where="--decide zone") from None
    return written


def _delimiter(written: str | None) -> str | None:
    named = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
    return None if written is None else named.get(written, written)


def _truth(written: str | None) -> bool | None:
    if written is None:
        return None
    if written not in ("true", "false"):
        raise UsageError(
            f'"{written}" is neither true nor false', where="--decide source.header", mend="Write one of the two."
        )
    return written == "true"
