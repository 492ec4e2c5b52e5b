"""YAML scalars, written so that any text comes back as it was, and can never end its own line."""

from __future__ import annotations

import re

from ringback.contracts.draft.evidence import UNDECIDED

_PLAIN = re.compile(r"[A-Za-z0-9_/](?:[A-Za-z0-9_/.%*()+-]| (?=[A-Za-z0-9_(/%+-]))*")
# Plain only where neither a person nor a tool sees more in them than text.
_TOKENS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n", UNDECIDED})
_NAMED = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def scalar(text: str) -> str:
    """A text as one YAML scalar: plain where that is safe in flow and block, otherwise in double quotes."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _TOKENS and not text[0].isdigit()
    return text if plain else quoted(text)


def quoted(text: str) -> str:
    """A text in quotes: single ones where they save escapes; what does not print is written as its number."""
    if text.isprintable() and "'" not in text and ('"' in text or "\\" in text):
        return f"'{text}'"
    return '"' + "".join(map(_escaped, text)) + '"'


def shown(text: str, longest: int = 40) -> str:
    """An example value for a comment or a terminal: quoted, and cut where it is long."""
    return quoted(text if len(text) <= longest else text[: longest - 1] + "…")


def words(texts: tuple[str, ...]) -> str:
    """A flow list of scalars: [A, "no"]."""
    return "[" + ", ".join(map(scalar, texts)) + "]"


def _escaped(letter: str) -> str:
    if letter in _NAMED:
        return _NAMED[letter]
    if letter.isprintable():
        return letter
    number = ord(letter)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 65536 else f"\\U{number:08x}"
