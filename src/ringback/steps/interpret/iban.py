"""iban: an international bank account number; stored without spaces, in capitals.

Letters and digits of ASCII, in capitals or not, with single spaces anywhere between them. The check digits, the
country's length and structure must be right, and its own check digits where python-stdnum knows them.
"""

from __future__ import annotations

import re
import string
from functools import lru_cache
from itertools import product
from typing import ClassVar, Literal

import polars as pl
from stdnum import iban, numdb
from stdnum.exceptions import ValidationError
from stdnum.util import get_cc_module

from ringback.model.field import FieldSpec, Unreadable
from ringback.steps.interpret.patterns import fits
from ringback.steps.interpret.uniques import read_each

_WRITTEN = "[A-Za-z]{2} ?[0-9] ?[0-9](?: ?[A-Za-z0-9]){1,30}"
_CLASSES = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}
_PIECE, _PIECES = 16, 5  # digits: 97 times a piece fits Int64; 34 letters and digits are at most 68 digits
_AS_DIGITS = {letter: str(value) for value, letter in enumerate(string.ascii_uppercase, 10)}


class IbanField(FieldSpec):
    """An account number."""

    type: Literal["iban"] = "iban"

    code: ClassVar[str] = "iban"

    @property
    def dtype(self) -> pl.DataType:
        return pl.String()

    def read(self, text: pl.Expr) -> pl.Expr:
        return text.map_batches(self._read_column, return_dtype=pl.String)

    def _read_column(self, texts: pl.Series) -> pl.Series:
        compact = _right(texts)
        own_check = compact.str.slice(0, 2).is_in(_countries_with_own_check())
        if not own_check.any():
            return compact
        asked = read_each(compact.filter(own_check), self.read_one)
        return compact.scatter(own_check.arg_true(), asked)

    def read_one(self, text: str) -> str:
        if re.fullmatch(_WRITTEN, text) is None:
            raise Unreadable
        try:
            return str(iban.validate(text))
        except ValidationError:
            raise Unreadable from None

    def expects(self) -> str:
        return "a valid IBAN"

    def in_words(self) -> tuple[str, ...]:
        return (
            "An international bank account number (IBAN) whose country, length and check digits are right. "
            "Held in capitals, without spaces.",
        )

    def invented(self) -> tuple[str, ...]:
        return ("GB82 WEST 1234 5698 7654 32",)  # the registry's own sample


def _right(texts: pl.Series) -> pl.Series:
    """Without spaces, in capitals, where country, structure and check digits are right; else null."""
    text, compact, digits = pl.col("text"), pl.col("compact"), pl.col("digits")
    moved = compact.str.slice(4) + compact.str.slice(0, 4)
    return (
        pl.DataFrame({"text": texts})  # in stages, so that no column is made twice
        .with_columns(pl.when(fits(text, _WRITTEN)).then(text))
        .with_columns(text.str.replace_all(" ", "", literal=True).str.to_uppercase().alias("compact"))
        .with_columns(pl.when(fits(compact, _structures())).then(compact))
        .with_columns(moved.str.replace_many(_AS_DIGITS).str.pad_start(_PIECE * _PIECES, "0").alias("digits"))
        .select(pl.when(_remainder(digits) == 1).then(compact))
        .to_series()
    )


def _remainder(digits: pl.Expr) -> pl.Expr:
    """80 digits modulo 97, piece by piece: for a right number it is 1 (ISO 7064)."""
    remainder: pl.Expr = pl.lit(0, dtype=pl.Int64)
    for place in range(_PIECES):
        piece = digits.str.slice(place * _PIECE, _PIECE).cast(pl.Int64, strict=False)
        remainder = (remainder * (10**_PIECE % 97) + piece) % 97
    return remainder


@lru_cache(maxsize=1)
def _structures() -> str:
    """One pattern for the accounts of all countries, from python-stdnum's copy of the registry."""
    registry = numdb.get("iban")
    countries = ("".join(pair) for pair in product(string.ascii_uppercase, repeat=2))
    known = {country: registry.info(country)[0][1].get("bban") for country in countries}
    return "|".join(f"{country}[0-9]{{2}}{_as_pattern(bban)}" for country, bban in known.items() if bban)


def _as_pattern(bban: str) -> str:
    return re.sub("([1-9][0-9]*)!([nac])", lambda part: f"{_CLASSES[part[2]]}{{{part[1]}}}", bban)


@lru_cache(maxsize=1)
def _countries_with_own_check() -> list[str]:
    countries = sorted({branch[:2] for branch in _structures().split("|")})
    return [country for country in countries if get_cc_module(country.lower(), "iban") is not None]
