"""What every field type has in common. Each type is one file in `steps/interpret/`; `date.py` is the one to read first.

A type says its meaning twice, and tests hold the two equal:
  `read`      whole columns, as a Polars expression: does the work;
  `read_one`  one value, standard library, obvious: is the specification.
"""

from __future__ import annotations

from abc import abstractmethod
from datetime import date, datetime, time
from decimal import Decimal
from typing import ClassVar, TypeAlias

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

Value: TypeAlias = str | int | bool | Decimal | date | time | datetime


class Constraints(BaseModel):
    """Promises about values, in the words of Table Schema. Limits are written as the field itself is delivered."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    required: bool = False
    unique: bool = False
    pattern: str | None = Field(default=None, description="Linear-time (RE2), for the whole trimmed text.")
    enum: tuple[str, ...] | None = Field(default=None, min_length=1)
    minimum: str | None = None
    maximum: str | None = None
    min_length: int | None = Field(default=None, alias="minLength", ge=0)
    max_length: int | None = Field(default=None, alias="maxLength", ge=1)


class Unreadable(ValueError):
    """The text has no meaning under the field's contract. Carries no client value."""


class FieldSpec(BaseModel):
    """One field of a contract. Subclasses fix `type` and add the keys of their own."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    type: str
    column: str | int = Field(alias="from", description="The column's name; without a header its number from 1.")
    title: str = ""
    description: str = ""
    trim: bool = Field(default=True, description="Leave out white space around the text.")
    missing_values: tuple[str, ...] | None = Field(default=None, alias="missingValues")
    stable: bool | None = Field(default=None, description="Whether a client's value normally stays the same for good.")
    constraints: Constraints = Constraints()

    code: ClassVar[str]  # what `type` is, and the first word of its findings: "date" -> "date.unreadable"

    @property
    @abstractmethod
    def dtype(self) -> pl.DataType:
        """A record's type: String, Int64, Decimal(38, scale), Boolean, Date, Time or Datetime("us", "UTC")."""

    @abstractmethod
    def read(self, text: pl.Expr) -> pl.Expr:
        """Trimmed, non-missing text (String) -> value (`dtype`); null where the text has no meaning."""

    @abstractmethod
    def read_one(self, text: str) -> Value:
        """The same for one value. Raises: Unreadable."""

    @abstractmethod
    def expects(self) -> str:
        """What a readable text looks like, for people: 'a date written as %d/%m/%Y'."""

    def in_words(self) -> tuple[str, ...]:
        """How a text is read and what is held, in sentences for people who write no contracts."""
        return (f"Read as {self.expects()}.",)

    def invented(self) -> tuple[str, ...]:
        """A few readable texts that nobody delivered; none where none can be made up without knowing the sender."""
        return ()
