"""phone: a telephone number that can exist, stored as E.164 (+442079460958)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import phonenumbers
import polars as pl
from pydantic import AfterValidator, Field

from ringback.model.field import FieldSpec, Unreadable
from ringback.steps.interpret.phone_columns import read_phones
from ringback.steps.interpret.uniques import read_each


def _a_region(written: str) -> str:
    if written not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("this is no region with telephone numbers; write two capitals, as GB")
    return written


Region = Annotated[str, AfterValidator(_a_region)]


class PhoneField(FieldSpec):
    """A telephone number."""

    type: Literal["phone"] = "phone"
    region: Region | None = Field(
        default=None, description="Whose national numbers these are; none: only +44... is read."
    )

    code: ClassVar[str] = "phone"

    @property
    def dtype(self) -> pl.DataType:
        return pl.String()

    def read(self, text: pl.Expr) -> pl.Expr:
        return text.map_batches(self._read_column, return_dtype=pl.String)

    def _read_column(self, texts: pl.Series) -> pl.Series:
        told = read_phones(texts, self.region)
        if not told["open"].any():
            return told["number"]
        asked = read_each(texts.zip_with(told["open"], pl.Series([None], dtype=pl.String)), self.read_one)
        return told["number"].zip_with(~told["open"], asked)

    def read_one(self, text: str) -> str:
        try:
            number = phonenumbers.parse(text, self.region)
        except phonenumbers.NumberParseException:
            raise Unreadable from None
        if number.extension is not None or not phonenumbers.is_valid_number(number):
            raise Unreadable
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def expects(self) -> str:
        national = "" if self.region is None else f", or as it is dialled within {self.region}"
        return f"a telephone number that can exist, written with + and country code{national}, without extension"

    def in_words(self) -> tuple[str, ...]:
        local = "Only numbers with + and country code are read."
        if self.region is not None:
            local = f"A number without + is taken as dialled within {self.region}."
        return (f"A telephone number that can exist. {local} Held as + and digits (E.164), without an extension.",)

    def invented(self) -> tuple[str, ...]:
        sample = phonenumbers.example_number(self.region or "GB")
        if sample is None:
            return ()
        styles = phonenumbers.PhoneNumberFormat
        used = (styles.INTERNATIONAL,) if self.region is None else (styles.NATIONAL, styles.INTERNATIONAL)
        return tuple(phonenumbers.format_number(sample, style) for style in used)
