"""string: the text as it is. The NUL character is no text: PostgreSQL cannot keep it."""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl

from ringback.model.field import FieldSpec, Unreadable


class StringField(FieldSpec):
    """Text that ringback leaves as it is."""

    type: Literal["string"] = "string"

    code: ClassVar[str] = "string"

    @property
    def dtype(self) -> pl.DataType:
        return pl.String()

    def read(self, text: pl.Expr) -> pl.Expr:
        return pl.when(~text.str.contains("\x00", literal=True)).then(text)

    def read_one(self, text: str) -> str:
        if "\x00" in text:
            raise Unreadable
        return text

    def expects(self) -> str:
        return "text without NUL characters"

    def in_words(self) -> tuple[str, ...]:
        return ("Text, held as it is delivered; only a NUL character is no text.",)

    def invented(self) -> tuple[str, ...]:
        return ("Ann Brook", "12 Mill Lane")
