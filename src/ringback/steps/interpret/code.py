"""code: a short text that stands for a longer one, as the contract lists them, letter for letter."""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from ringback.model.field import FieldSpec, Unreadable


class CodeField(FieldSpec):
    """A code; the record holds what it stands for."""

    type: Literal["code"] = "code"
    codes: dict[str, str] = Field(min_length=1, description="Code as delivered -> what the record holds.")

    code: ClassVar[str] = "code"

    @property
    def dtype(self) -> pl.DataType:
        return pl.String()

    def read(self, text: pl.Expr) -> pl.Expr:
        return text.replace_strict(self.codes, default=None, return_dtype=pl.String)

    def read_one(self, text: str) -> str:
        if text not in self.codes:
            raise Unreadable
        return self.codes[text]

    def expects(self) -> str:
        listed = list(self.codes)
        return f"one of the codes {', '.join(listed[:12])}{', ...' if len(listed) > 12 else ''}"

    def in_words(self) -> tuple[str, ...]:
        return (
            "A code: what it stands for is held. Codes are compared letter for letter; an unknown one is rejected.",
        )

    def invented(self) -> tuple[str, ...]:
        return tuple(self.codes)[:2]
