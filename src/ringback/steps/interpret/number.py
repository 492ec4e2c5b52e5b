"""number: a standard number (VAT, ISBN, company numbers, ...) by python-stdnum; its compact form is stored."""

from __future__ import annotations

import importlib
import re
from functools import lru_cache
from types import ModuleType
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import AfterValidator, Field

from ringback.model.field import FieldSpec, Unreadable
from ringback.steps.interpret.uniques import each_unique


@lru_cache(maxsize=256)
def _standard(name: str) -> ModuleType:
    """The module of a standard. Raises: ValueError, for a name that python-stdnum does not have."""
    try:
        module = importlib.import_module(f"stdnum.{name}") if re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)?", name) else None
    except ImportError:
        module = None
    if module is None or not hasattr(module, "validate"):
        raise ValueError("python-stdnum has no such standard; write one as de.vat, isbn, nl.bsn")
    return module


def _a_standard(written: str) -> str:
    _standard(written)
    return written


class NumberField(FieldSpec):
    """A number that a standard describes."""

    type: Literal["number"] = "number"
    standard: Annotated[str, AfterValidator(_a_standard)] = Field(
        description="As python-stdnum names it: de.vat, isbn."
    )

    code: ClassVar[str] = "number"

    @property
    def dtype(self) -> pl.DataType:
        return pl.String()

    def read(self, text: pl.Expr) -> pl.Expr:
        return each_unique(text, self.read_one)

    def read_one(self, text: str) -> str:
        try:
            number = _standard(self.standard).validate(text)
        except Exception:  # noqa: BLE001 - some standards stumble over odd texts instead of refusing them
            raise Unreadable from None
        if not isinstance(number, str) or "\x00" in number:
            raise Unreadable
        return number

    def expects(self) -> str:
        return f"a valid number of the standard {self.standard}"

    def in_words(self) -> tuple[str, ...]:
        return (f"A number of the standard {self.standard} whose check digits are right. Held in its compact form.",)
