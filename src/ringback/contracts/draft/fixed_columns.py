"""The columns of a fixed-width row as a layout file has them: a copybook, or a table of name, start and length."""

from __future__ import annotations

from dataclasses import dataclass

from ringback.contracts.draft.evidence import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedColumn:
    """One column, and what the layout file says of its values."""

    name: str
    start: int  # from 1
    length: int
    packed: bool = False
    said: str = ""  # as it stands there: "PIC S9(7)V99 COMP-3"
    type: str | None = None  # where the layout decides it
    settings: tuple[Setting, ...] = ()
