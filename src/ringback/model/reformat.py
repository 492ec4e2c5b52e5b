"""What `reformat learn` and `reformat run` came to."""

from __future__ import annotations

from dataclasses import dataclass, field

from ringback.model.recipe import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """A recipe learned from examples, and how it does on the column it was learned for."""

    name: str
    file: str  # where it was saved, as people see it
    columns: tuple[str, ...]
    rules: Rules = field(repr=False)
    words: str  # what it does
    row_count: int  # different rows of the column
    answered_count: int
    open_rows: tuple[tuple[str, ...], ...] = field(default=(), repr=False)  # some of those without an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reformatted:
    """A file that went through a recipe."""

    recipe: str
    file: str
    written: str
    column: str
    row_count: int
    answered_count: int
    unanswered_lines: tuple[int, ...]  # the first of them, as an editor counts; the header is line 1
