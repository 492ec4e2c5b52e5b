"""Which new column of a delivery is a missing one under another name: by its name, by its values, by what is held."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import polars as pl

from ringback.model.contract import Contract
from ringback.steps.interpret import interpret

FITS = 0.98  # of a column's values: fewer are another column's
ALIKE = 0.6  # names, 0 to 1
SAME = 0.5  # of the clients held have this very value in the column
_FILL = frozenset({"of", "the", "a", "de", "der", "und", "and"})

SameShare = Callable[[str, str], float | None]  # field, new column -> share of held clients with the same value


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """A missing column, and the new one that it seems to be."""

    field: str
    column: str  # as the contract has it
    new_column: str
    fit_share: float  # of the new column's values that the field reads
    same_share: float | None  # of held clients whose value in this field is the new column's; None: nobody is held
    name_share: float  # how alike the names are

    @property
    def is_likely(self) -> bool:
        """Whether it may be proposed."""
        by_name = self.fit_share >= FITS and self.name_share >= ALIKE
        return by_name if self.same_share is None else self.same_share >= SAME or (by_name and self.same_share > 0)

    @property
    def weight(self) -> float:
        """How much speaks for it."""
        return 3 * (self.same_share or 0) + self.name_share + self.fit_share


def renamed(
    absent: Sequence[str], new_columns: Sequence[str], rows: pl.DataFrame, contract: Contract, same_share: SameShare
) -> tuple[Renamed, ...]:
    """Pair missing fields with new columns, the likeliest first; each is paired once.

    Shapes: rows: some rows of the delivery, with all of its columns.
    """
    pairs = sorted(_pairs(absent, new_columns, rows, contract, same_share), key=lambda pair: -pair.weight)
    found: dict[str, Renamed] = {}
    for pair in pairs:
        taken = {each.new_column for each in found.values()}
        if pair.is_likely and pair.field not in found and pair.new_column not in taken:
            found[pair.field] = pair
    return tuple(found.values())


def _pairs(
    absent: Sequence[str], new_columns: Sequence[str], rows: pl.DataFrame, contract: Contract, same_share: SameShare
) -> Iterator[Renamed]:
    for name in absent:
        old = str(contract.fields[name].column)
        for column in new_columns:
            fit = fit_share(rows, contract, name, column)
            if fit < FITS:
                continue
            yield Renamed(
                field=name,
                column=old,
                new_column=column,
                fit_share=fit,
                same_share=same_share(name, column),
                name_share=max(alike(old, column), alike(name, column)),
            )


def fit_share(rows: pl.DataFrame, contract: Contract, field: str, column: str) -> float:
    """The share of a column's values that a field reads; 0 where it has none."""
    spec = contract.fields[field].model_copy(update={"column": column})
    only = contract.model_copy(update={"fields": {field: spec}, "key": (field,)})
    read = interpret(rows, only)
    wrong = read.rejects["line"].n_unique() if read.rejects.height else 0
    values = read.records.height - read.records[field].null_count()
    return values / (values + wrong) if values else 0.0


def alike(one: str, other: str) -> float:
    """How alike two names are, 0 to 1: by their words, or by their letters."""
    first, second = _words(one), _words(other)
    shared = len(first & second) / len(first | second) if first | second else 0.0
    letters = SequenceMatcher(None, " ".join(sorted(first)), " ".join(sorted(second))).ratio()
    return max(shared, letters)


def _words(name: str) -> frozenset[str]:
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return frozenset(re.findall(r"[^\W_]+", parted.casefold())) - _FILL
