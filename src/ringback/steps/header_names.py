"""Names of columns that are not what they seem: letters that nobody sees, and letters of another alphabet."""

from __future__ import annotations

import unicodedata

# Letters that look alike in most typefaces. A part of Unicode's confusables (UTS 39) for the alphabets of our senders.
_CYRILLIC = dict(zip("аеорсухіјѕԁһԛԝАВЕКМНОРСТХІЈЅ", "aeopcyxijsdhqwABEKMHOPCTXIJS", strict=True))
_GREEK = dict(zip("οναυρικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ovaupikABEZHIKMNOPTYX", strict=True))
_ALIKE = str.maketrans({**_CYRILLIC, **_GREEK})


def unseen(name: str) -> tuple[str, ...]:
    """Characters of a name that nobody sees, or that turn the text around them, as U+202E."""
    return tuple(f"U+{ord(letter):04X}" for letter in name if unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cn"))


def seen(name: str) -> str:
    """What a name looks like on a screen: two names that give the same look alike."""
    shown = "".join(letter for letter in unicodedata.normalize("NFKC", name) if not unseen(letter))
    return " ".join(shown.translate(_ALIKE).split())


def differing(name: str, other: str) -> tuple[str, ...]:
    """The letters of a name that the other one does not have, as U+0430."""
    return tuple(f"U+{ord(letter):04X}" for letter in dict.fromkeys(name) if letter not in other)


def plainly(name: str) -> str:
    """A name as it may be printed: what nobody sees is written as its number."""
    return "".join(f"\\u{ord(letter):04x}" if unseen(letter) else letter for letter in name)
