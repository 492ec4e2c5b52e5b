"""Interpret: rows of text become typed records, and rejects with their reasons.

One file per field type. A new type is one file with a subclass of `FieldSpec` (and its test): it is found by itself.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from ringback.model.field import FieldSpec
from ringback.steps.interpret.fast import Interpretation, interpret

__all__ = ["FIELD_TYPES", "Interpretation", "interpret"]


def _field_types() -> Iterator[type[FieldSpec]]:
    for module in pkgutil.iter_modules(__path__):
        for thing in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(thing, type) and issubclass(thing, FieldSpec) and "code" in vars(thing):
                yield thing


FIELD_TYPES: dict[str, type[FieldSpec]] = {kind.code: kind for kind in _field_types()}
