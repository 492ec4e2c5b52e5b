"""Faults of a written file: where each is, as an editor counts, and what to write instead."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from ringback.errors import ContractError

_LINE_END = re.compile(r"\r\n|\n|\r")  # what editors count; YAML's own NEL is no line to them
_SHOWN = 60  # characters of a text that a fault repeats
MAX_FAULTS = 1000  # then nobody reads on, and a file that is no contract costs no more time
_COMPARED = 1000  # words, in looking for the one that was meant
_LISTED = 15  # words that it lists


@dataclass(frozen=True)
class Page:
    """One file's text, as an editor shows it."""

    name: str
    text: str
    _starts: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = [0, *(end.end() for end in _LINE_END.finditer(self.text))]
        object.__setattr__(self, "_starts", starts)

    def line(self, at: int) -> int:
        """The line, from 1, of a character's offset."""
        return bisect_right(self._starts, at)

    def column(self, at: int) -> int:
        """The column, from 1, of a character's offset."""
        return at - self._starts[self.line(at) - 1] + 1


@dataclass
class Faults:
    """Collects all faults of one page, in whatever order they are found; tells them in the order of the file."""

    page: Page
    found: set[tuple[int, str]] = field(default_factory=set)
    settled: set[int] = field(default_factory=set)

    def add(self, at: int, what: str) -> None:
        """Note a fault at a character's offset. Raises: ContractError, when there are too many to go on."""
        if at not in self.settled:
            self.found.add((at, _on_one_line(what)))
        if len(self.found) == MAX_FAULTS:
            self.found.add((len(self.page.text), f"more than {MAX_FAULTS - 1} faults: the rest is not looked for"))
            raise self.error()

    def settle(self, at: int, what: str) -> None:
        """Note a fault after which nothing else about this place is worth saying."""
        self.add(at, what)
        self.settled.add(at)

    def error(self) -> ContractError:
        """All of them as one error."""
        page = self.page
        told = (
            f"{page.name}, line {page.line(at)}, column {page.column(at)}: {what}" for at, what in sorted(self.found)
        )
        return contract_error(page.name, tuple(told))

    def raise_if_any(self) -> None:
        """Raises: ContractError, when there is a fault."""
        if self.found:
            raise self.error()


def contract_error(name: str, faults: tuple[str, ...]) -> ContractError:
    """One error for all faults of a file."""
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    return ContractError(f"{name} has {count}", why="\n".join(faults), faults=faults)


def quoted(text: str) -> str:
    """The text in quotes, on one line, shortened."""
    return f'"{_short(text)}"'


def _short(text: str) -> str:
    return _on_one_line(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def _on_one_line(text: str) -> str:
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The valid word that was probably meant."""
    by_lower = {valid.lower().replace("_", ""): valid for valid in islice(words, _COMPARED)}
    close = difflib.get_close_matches(word.lower().replace("_", "")[:200], by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


def instead(word: str, words: Iterable[str]) -> str:
    """What to write instead of a word: the nearest valid one, or all of them."""
    valid = list(words)
    meant = nearest(word, valid)
    if meant:
        return f"did you mean {quoted(meant)}?"
    more = ", ..." if len(valid) > _LISTED else ""
    return f"write one of: {', '.join(_short(each) for each in valid[:_LISTED])}{more}"
