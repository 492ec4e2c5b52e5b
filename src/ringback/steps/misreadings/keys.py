"""Keys written otherwise: every client is a new one, and gone; or two become one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import cast

import polars as pl

from ringback.model.contract import Contract
from ringback.model.rows import cells_of
from ringback.steps.misreadings.misreading import TEXTS, DeliveryMutant, FeedMisreading

_WIDTH = 12  # to which keys are padded
_CUT = 2  # characters


class KeyMisreading(FeedMisreading):
    """Keys written otherwise; what stays the same is their `core`."""

    def core(self, key: pl.Expr) -> pl.Expr:
        """What a key keeps."""
        return key

    def explains_keys(self, gone: pl.Series, added: pl.Series) -> pl.Series:
        """Which of the added keys (String) are keys that are gone (String), written otherwise."""
        old, new = (keys.to_frame("key").select(self.core(pl.col("key")))["key"] for keys in (gone, added))
        return new.is_in(old.implode())

    @abstractmethod
    def rewritten(self, key: pl.Expr) -> Iterator[tuple[str, pl.Expr]]:
        """What happened, and the key that came of it."""

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, *, seed: int, earlier: pl.DataFrame | None = None
    ) -> Iterator[DeliveryMutant]:
        for field in contract.key:
            if contract.fields[field].type not in (*TEXTS, "phone"):
                continue
            column = str(contract.fields[field].column)
            for line, key in self.rewritten(cells_of(column).str.strip_chars()):
                mutated = rows.with_columns(key.alias(column))
                if not mutated[column].equals(rows[column]):
                    yield DeliveryMutant(rows=mutated, code=self.code, fields=(field,), line=line)


class KeyZeros(KeyMisreading):
    """Leading zeros of keys lost, or put."""

    code = "key.leading_zeros"
    sentence = "leading zeros of the key lost or added"

    def core(self, key: pl.Expr) -> pl.Expr:
        return key.str.strip_chars_start("0")

    def rewritten(self, key: pl.Expr) -> Iterator[tuple[str, pl.Expr]]:
        yield "leading zeros of keys lost", key.str.strip_chars_start("0")
        yield f"keys padded with zeros to {_WIDTH} characters", key.str.zfill(_WIDTH)


class KeyCase(KeyMisreading):
    """Small and capital letters of keys changed."""

    code = "key.case"
    sentence = "small and capital letters of the key changed"

    def core(self, key: pl.Expr) -> pl.Expr:
        return key.str.to_uppercase().str.to_lowercase()

    def rewritten(self, key: pl.Expr) -> Iterator[tuple[str, pl.Expr]]:
        yield "keys in small letters", key.str.to_lowercase()
        yield "keys in capitals", key.str.to_uppercase()


class KeySpaces(KeyMisreading):
    """Spaces and marks of keys lost, or put."""

    code = "key.marks"
    sentence = "spaces, hyphens or dots of the key lost or added"

    def core(self, key: pl.Expr) -> pl.Expr:
        return key.str.replace_all(r"[\s.\-/_]", "")

    def rewritten(self, key: pl.Expr) -> Iterator[tuple[str, pl.Expr]]:
        yield "a hyphen put into keys", key.str.head(2) + "-" + key.str.slice(2)


class KeyCut(KeyMisreading):
    """The end of keys cut off: clients whose keys begin alike become one."""

    code = "key.cut"
    sentence = "the end of the key cut off"

    def explains_keys(self, gone: pl.Series, added: pl.Series) -> pl.Series:
        length = cast("int", added.str.len_chars().max() or 0)
        longer = gone.filter(gone.str.len_chars() > length)
        return added.is_in(longer.str.head(length).implode()) & (added.str.len_chars() == length)

    def rewritten(self, key: pl.Expr) -> Iterator[tuple[str, pl.Expr]]:
        yield f"the last {_CUT} characters of keys lost", key.str.head(key.str.len_chars().max() - _CUT)
