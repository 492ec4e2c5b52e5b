"""A name as phones can show it. Whole columns are judged by the same rule at import (`steps/callers.py`)."""

from __future__ import annotations

import re
import unicodedata

from ringback.model.phone import LEFT_OUT, LONGEST_NAME, TO_SPACE

_TABLE = str.maketrans({**dict.fromkeys(TO_SPACE, " "), **dict.fromkeys(LEFT_OUT)})
_NOT_DECOMPOSED = str.maketrans(  # Latin letters that Unicode does not take apart
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D"}
    | {"ł": "l", "Ł": "L", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "ı": "i", "’": "'", "‘": "'", "–": "-", "—": "-"}
)
_OF_MARKS = re.compile("[\u0300-\u036f]")


def clean(text: str, longest: int = LONGEST_NAME) -> str:
    """NFC, in one line, without what makes phones not ring, at most `longest` characters."""
    composed = unicodedata.normalize("NFC", text[: 20 * longest]).translate(_TABLE)
    words = composed.replace("${", " ").split(" ")
    return " ".join(word for word in words if word)[:longest].rstrip()


def ascii_of(name: str) -> str:
    """The name in ASCII: Müller -> Muller. "" where any letter has none: half a name is another name."""
    apart = unicodedata.normalize("NFKD", name.translate(_NOT_DECOMPOSED))
    plain = _OF_MARKS.sub("", apart)
    return clean(plain) if plain.isascii() else ""
