"""boolean: exactly the texts that the contract lists, letter for letter."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import polars as pl
from pydantic import Field, model_validator

from ringback.model.field import FieldSpec, Unreadable


class BooleanField(FieldSpec):
    """Yes or no. The default texts are those of Table Schema."""

    type: Literal["boolean"] = "boolean"
    true_values: tuple[str, ...] = Field(default=("true", "True", "TRUE", "1"), alias="trueValues", min_length=1)
    false_values: tuple[str, ...] = Field(default=("false", "False", "FALSE", "0"), alias="falseValues", min_length=1)

    code: ClassVar[str] = "boolean"

    @model_validator(mode="after")
    def _one_meaning_each(self) -> Self:
        both = sorted(set(self.true_values) & set(self.false_values))
        if both:
            raise ValueError(f"{', '.join(map(repr, both))} cannot be true and false; list it once")
        return self

    @property
    def dtype(self) -> pl.DataType:
        return pl.Boolean()

    def read(self, text: pl.Expr) -> pl.Expr:
        return text.replace_strict(self._meanings, default=None, return_dtype=pl.Boolean)

    def read_one(self, text: str) -> bool:
        if text not in self._meanings:
            raise Unreadable
        return self._meanings[text]

    def expects(self) -> str:
        listed = ", ".join(map(repr, (*self.true_values, *self.false_values)))
        return f"one of {listed}"

    def in_words(self) -> tuple[str, ...]:
        yes, no = (", ".join(map(repr, texts)) for texts in (self.true_values, self.false_values))
        return (f"Yes or no: {yes} is held as true, {no} as false, letter for letter; no other text is guessed at.",)

    def invented(self) -> tuple[str, ...]:
        return (self.true_values[0], self.false_values[0])

    @property
    def _meanings(self) -> dict[str, bool]:
        return dict.fromkeys(self.true_values, True) | dict.fromkeys(self.false_values, False)
