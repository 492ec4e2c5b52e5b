"""A client's story: each value, since when, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from ringback.model.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change of a value."""

    run: Run
    kind: str  # "added", "changed", "removed"
    before: str | None
    after: str | None
    line: int | None  # of the delivery; null where no row of a file says it
    counted: str  # what `line` counts: "line", or "record" in formats whose lines tell nothing
    raw: str | None  # the text as delivered
    contract_name: str
    contract_line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldStory:
    """One field of one client: its value today and how it came to it, oldest step first."""

    field: str
    now: str | None
    steps: tuple[Step, ...]
    outside: bool  # today's value is not what the last run wrote


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One client."""

    feed: str
    key: tuple[str, ...]
    is_held: bool
    fields: tuple[FieldStory, ...]
