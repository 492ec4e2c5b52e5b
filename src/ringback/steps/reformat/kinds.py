"""The kinds of characters, as patterns that Rust and `re` read alike.

Letters are those of the Latin, Greek and Cyrillic blocks (U+0041 to U+052F), each code point written out in ranges: no
engine's own idea of a letter takes part.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import groupby

from ringback.model.recipe import Kind, Literal, Mark

_LAST = 0x52F  # end of the Cyrillic supplement
_SPACE = r"\t\n\r \x{A0}"


@cache
def letter_ranges(*, capital: bool) -> str:
    """The inside of a character class: all capitals, or all other letters, up to U+052F."""
    wanted = [code for code in range(0x41, _LAST + 1) if chr(code).isalpha() and chr(code).isupper() is capital]
    runs = groupby(enumerate(wanted), key=lambda pair: pair[1] - pair[0])
    spans = [[code for _, code in run] for _, run in runs]
    return "".join(
        f"{_escaped(span[0])}-{_escaped(span[-1])}" if len(span) > 1 else _escaped(span[0]) for span in spans
    )


def _escaped(code: int) -> str:
    return chr(code) if code < 0x80 else rf"\x{{{code:X}}}"


@cache
def rust_pattern(kind: Kind) -> str:
    """One run of a kind, for Polars."""
    capital, small = letter_ranges(capital=True), letter_ranges(capital=False)
    return {
        Kind.DIGITS: "[0-9]+",
        Kind.LETTERS: f"[{capital}{small}]+",
        Kind.CAPITALS: f"[{capital}]+",
        Kind.SMALL: f"[{small}]+",
        Kind.NAME: f"[{capital}][{small}]+",
        Kind.WORD: f"[{capital}{small}0-9]+",
        Kind.NUMBER: "[0-9]+(?:[.,][0-9]+)*",
        Kind.TEXT: f"[^{_SPACE}]+",
        Kind.SPACE: f"[{_SPACE}]+",
        Kind.MARKS: f"[^{capital}{small}0-9{_SPACE}]+",
    }[kind]


@cache
def pattern(kind: Kind) -> re.Pattern[str]:
    """The same for `re`."""
    return re.compile(re.sub(r"\\x\{([0-9A-F]+)\}", lambda found: chr(int(found[1], 16)), rust_pattern(kind)))


def _bare(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0]


# Latin letters with something above or below them, and the letters alone
BARE = {chr(code): bare for code in range(0xC0, 0x250) if (bare := _bare(chr(code))) != chr(code)}


@lru_cache(maxsize=1 << 17)
def spans(text: str, mark: Mark) -> tuple[tuple[int, int], ...]:
    """Where a mark stands in a text, from left to right, none overlapping."""
    if not isinstance(mark, Literal):
        return tuple(found.span() for found in pattern(mark.kind).finditer(text))
    found, at, size = [], text.find(mark.text), len(mark.text)
    while at >= 0:
        found.append((at, at + size))
        at = text.find(mark.text, at + size)
    return tuple(found)
