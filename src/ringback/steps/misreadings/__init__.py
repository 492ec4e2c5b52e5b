"""The catalogue of misreadings: ways in which a well-formed value comes to mean something else.

One file each, or one a family. A new one is one file with a subclass of `Misreading` (one field's values) or of
`FeedMisreading` (rows and deliveries), and its test: it is found by itself.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import TypeVar

from ringback.steps.misreadings.misreading import (
    DeliveryMutant,
    FeedMisreading,
    Misreading,
    Mutant,
    Specificity,
)

__all__ = [
    "FEED_MISREADINGS",
    "MISREADINGS",
    "DeliveryMutant",
    "FeedMisreading",
    "Misreading",
    "Mutant",
    "Specificity",
]

Kind = TypeVar("Kind", Misreading, FeedMisreading)


def _found(base: type[Kind]) -> Iterator[Kind]:
    for module in pkgutil.iter_modules(__path__):
        for thing in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if inspect.isclass(thing) and issubclass(thing, base) and "code" in vars(thing):
                yield thing()


def _in_order(base: type[Kind]) -> tuple[Kind, ...]:
    by_code = {each.code: each for each in _found(base)}
    return tuple(sorted(by_code.values(), key=lambda each: (each.specificity, each.code)))


MISREADINGS: tuple[Misreading, ...] = _in_order(Misreading)  # type: ignore[type-abstract]  # made of its subclasses
FEED_MISREADINGS: tuple[FeedMisreading, ...] = _in_order(FeedMisreading)
