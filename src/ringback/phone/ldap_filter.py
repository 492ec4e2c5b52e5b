"""LDAP search filters as telephones write them: numbers are compared by meaning, names by their beginning.

Source: RFC 4511, 4.5.1.7. What is not known is neither true nor an error: it matches nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

NUMBERS = ("telephonenumber", "mobile", "homephone", "ipphone")
NAMES = ("cn", "sn", "givenname", "displayname", "commonname", "surname")
_CLASSES = ("top", "person", "organizationalperson", "inetorgperson")

Attributes = Mapping[str, tuple[str, ...]]  # name in small letters -> values
Meanings = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One part of a filter: `and`, `or`, `not` over others; or of an attribute: `is`, `begins`, `present`, `never`."""

    kind: str
    parts: tuple[Condition, ...] = ()
    attribute: str = ""
    text: str = field(default="", repr=False)

    def numbers(self) -> Iterator[str]:
        """The numbers that are asked for, as they are written."""
        if self.kind == "is" and self.attribute in NUMBERS:
            yield self.text
        for part in self.parts:
            yield from part.numbers()

    def beginnings(self) -> Iterator[str]:
        """What names shall begin with."""
        if self.kind in {"is", "begins"} and self.attribute in NAMES:
            yield self.text
        for part in self.parts:
            yield from part.beginnings()

    def fits(self, entry: Attributes, meanings: Meanings) -> bool:
        """Whether an entry is one of those that are searched."""
        if self.kind in _OF_PARTS:
            return _OF_PARTS[self.kind](part.fits(entry, meanings) for part in self.parts)
        values = entry.get(_ALIASES.get(self.attribute, self.attribute), ())
        if self.kind == "present":
            return bool(values) or self.attribute == "objectclass"
        if self.kind == "never":
            return False
        if self.attribute in NUMBERS:  # a telephone that asks for one kind of number wants to know who calls
            numbers = (*entry.get("telephonenumber", ()), *entry.get("mobile", ()))
            return self.kind == "is" and not set(meanings(self.text)).isdisjoint(numbers)
        if self.attribute == "objectclass":
            return self.text.lower() in _CLASSES
        text = self.text.casefold()
        same = str.__eq__ if self.kind == "is" else str.startswith
        return any(same(value.casefold(), text) for value in values)


_OF_PARTS: dict[str, Callable[[Iterator[bool]], bool]] = {"and": all, "or": any, "not": lambda parts: not any(parts)}
_ALIASES = {"commonname": "cn", "surname": "sn"}


def condition(asked: Any) -> Condition:
    """A decoded Filter (pyasn1_modules.rfc2251) -> Condition. A number that ends with * is asked as it is."""
    kind, told = asked.getName(), asked.getComponent()
    if kind in {"and", "or"}:
        return Condition(kind=kind, parts=tuple(condition(part) for part in told))
    if kind == "not":
        return Condition(kind=kind, parts=(condition(told),))
    if kind == "present":
        return Condition(kind=kind, attribute=_text(told).lower())
    if kind in {"equalityMatch", "approxMatch"}:
        attribute = _text(told["attributeDesc"]).lower()
        return Condition(kind="is", attribute=attribute, text=_text(told["assertionValue"]))
    if kind == "substrings":
        return _substrings(told)
    return Condition(kind="never")


def _substrings(told: Any) -> Condition:
    attribute, pieces = _text(told["type"]).lower(), list(told["substrings"])
    first = pieces[0].getName() if pieces else ""
    text = _text(pieces[0].getComponent()) if pieces else ""
    if attribute in NUMBERS:
        return Condition(kind="is", attribute=attribute, text=text) if len(pieces) == 1 else Condition(kind="never")
    if first == "initial" and len(pieces) == 1:
        return Condition(kind="begins", attribute=attribute, text=text)
    return Condition(kind="never")


def _text(told: Any) -> str:
    """A leading space stays: it may be a lost plus."""
    return bytes(told).decode("utf-8", "replace").rstrip()
