"""What every misreading has in common. `date_day_month.py` is the one to read first.

A misreading is a way in which a well-formed value comes to mean something else. It is told from values before and
after, and it can be made: by a contract that says something else, or by an accident of the sender.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

import polars as pl
from pydantic import BaseModel, ValidationError

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec, Unreadable
from ringback.model.rows import cells_of
from ringback.steps.interpret.constraints import checks

TEXTS = ("string", "code", "email", "iban", "number")  # field types of text that people or systems write
BEFORE, AFTER = pl.col("before"), pl.col("after")


class Specificity(IntEnum):
    """How few other values it may make of one: of two that explain as much, the lower one is the cause."""

    ONE = 1  # just one
    FEW = 2  # one of a few
    SOME = 3  # any of a certain look
    ANY = 4  # any at all: only the column as a whole tells


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A contract that misreads."""

    contract: Contract
    code: str
    fields: tuple[str, ...]  # none: all that the delivery has
    line: str  # what it says otherwise: "format: %d/%m/%Y -> %m/%d/%Y"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryMutant:
    """A delivery as an accident of the sender would make it."""

    rows: pl.DataFrame  # LINE and the delivered columns, all text
    code: str
    fields: tuple[str, ...]
    line: str  # what happened: "leading zeros lost"


class Misreading(ABC):
    """A misreading of one field's values."""

    code: ClassVar[str]
    sentence: ClassVar[str]  # ends "... new dates are the old date with": "day and month exchanged"
    specificity: ClassVar[Specificity]
    types: ClassVar[tuple[str, ...]]  # of the fields that it happens to
    is_common: ClassVar[bool] = False  # whether one cause makes it in several fields at once
    is_told_by_column: ClassVar[bool] = False  # whether pairs put together by chance would tell nothing

    def applies(self, spec: FieldSpec) -> bool:
        """Whether it can happen to such a field."""
        return spec.type in self.types

    def explains(self, before: pl.Series, after: pl.Series, spec: FieldSpec) -> pl.Series:
        """Where the misreading makes `after` of `before` (Boolean, same length); never where they are equal.

        Shapes:
            before, after: the field's values, typed (`spec.dtype`), record by record.
        """
        return _explained([self], before, after, spec)[self.code]

    def concerned(self) -> pl.Expr:
        """The pairs that it may explain."""
        return BEFORE != AFTER  # not true where one is missing

    @abstractmethod
    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        """Where it makes `after` of `before`: an expression over these two columns, which differ and have no nulls."""

    def contract_mutants(self, contract: Contract, field: str) -> Iterator[Mutant]:
        """Valid contracts that misread the field so."""
        spec = contract.fields[field]
        for changes in self.respecified(spec, contract):
            mutated = respecify(contract, {field: changes})
            if mutated is not None:
                yield Mutant(contract=mutated, code=self.code, fields=(field,), line=told(spec, changes))

    def respecified(self, spec: FieldSpec, contract: Contract) -> Iterator[Mapping[str, object]]:
        """What contracts that misread so say otherwise about the field, as attributes of its spec."""
        yield from ()

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, field: str, *, where: pl.Series | None, seed: int
    ) -> Iterator[DeliveryMutant]:
        """The delivery as the sender's accident would make it, on all rows or where the mask says.

        Missing values, and texts that the accident does not concern, stay as they are.
        """
        spec = contract.fields[field]
        column = str(spec.column)
        text = cells_of(column).alias("text")
        touched = ~_trimmed(text, spec).is_in(pl.Series(contract.missing_texts(field), dtype=pl.String).implode())
        if where is not None:
            touched = touched & pl.lit(where)
        for line, accident in self.accidents(_trimmed(text, spec), spec, seed=seed):
            rewritten = pl.when(touched).then(accident.fill_null(text)).otherwise(text)
            yield DeliveryMutant(
                rows=rows.with_columns(rewritten.alias(column)), code=self.code, fields=(field,), line=line
            )

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        """What happened, and the text that came of it; null where it stays."""
        yield from ()


def explained(
    misreadings: Sequence[Misreading], before: pl.Series, after: pl.Series, spec: FieldSpec
) -> dict[str, pl.Series]:
    """`explains` of each, by its code. Those that look at the same pairs are asked in one pass over them."""
    plain = [each for each in misreadings if type(each).explains is Misreading.explains]
    groups: dict[str, list[Misreading]] = {}
    for each in plain:
        groups.setdefault(str(each.concerned()), []).append(each)
    found = {each.code: each.explains(before, after, spec) for each in misreadings if each not in plain}
    for group in groups.values():
        found |= _explained(group, before, after, spec)
    return found


def _explained(
    misreadings: Sequence[Misreading], before: pl.Series, after: pl.Series, spec: FieldSpec
) -> dict[str, pl.Series]:
    """Of misreadings that are concerned with the same pairs."""
    pairs = pl.DataFrame({"before": before, "after": after}).with_row_index("place")
    changed = pairs.filter(misreadings[0].concerned())
    rules = [each.rule(changed, spec).fill_null(value=False).alias(each.code) for each in misreadings if changed.height]
    told, found = changed.with_columns(rules), {}
    for each in misreadings:
        places = changed["place"].filter(told[each.code]) if changed.height else changed["place"]
        nowhere = pl.repeat(value=False, n=before.len(), dtype=pl.Boolean, eager=True)
        found[each.code] = nowhere.scatter(places, True)  # in place
    return found


class FeedMisreading(ABC):
    """A misreading of whole rows or whole deliveries."""

    code: ClassVar[str]
    sentence: ClassVar[str]
    specificity: ClassVar[Specificity] = Specificity.ONE

    def contract_mutants(self, contract: Contract) -> Iterator[Mutant]:
        """Valid contracts that misread so. Those that say otherwise about `source` show only where bytes are read."""
        yield from ()

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, *, seed: int, earlier: pl.DataFrame | None = None
    ) -> Iterator[DeliveryMutant]:
        """The delivery as the sender's accident would make it; `earlier` has the rows of an earlier one."""
        yield from ()

    def explains_records(
        self, before: pl.DataFrame, after: pl.DataFrame, contract: Contract
    ) -> Iterator[dict[str, pl.Series]]:
        """One for each cause found: field -> where it makes `after` of `before` (Boolean).

        Shapes:
            before, after: the contract's fields, typed, record by record.
        """
        yield from ()

    def named(self, fields: tuple[str, ...]) -> str:
        """The sentence about these fields."""
        return self.sentence


def respecify(contract: Contract, changes: Mapping[str, Mapping[str, object]]) -> Contract | None:
    """The contract with other attributes of some fields; null where nobody could load it."""
    fields = dict(contract.fields)
    for field, attributes in changes.items():
        old = fields[field]
        keys = {name: getattr(old, name) for name in type(old).model_fields} | dict(attributes)
        try:
            spec = type(old).model_validate(keys)
            checks(spec)
        except (ValidationError, Unreadable):
            return None
        fields[field] = spec
    return contract.model_copy(update={"fields": fields})


def is_written_in_lines(contract: Contract) -> bool:
    """Whether each row is a line of text: then what is said of lines and letters can be said otherwise."""
    source = contract.source
    return source.format in ("csv", "jsonl") or (source.format == "fixed" and source.line_ends)


def respecify_source(contract: Contract, code: str, **changes: object) -> Mutant:
    """A mutant that says otherwise how bytes become rows: it shows where bytes are read."""
    source = contract.source
    keys = {name: getattr(source, name) for name in type(source).model_fields} | changes
    mutated = contract.model_copy(update={"source": type(source).model_validate(keys)})
    return Mutant(contract=mutated, code=code, fields=(), line=f"source: {told(source, changes)}")


def told(spec: BaseModel, changes: Mapping[str, object]) -> str:
    """What is said otherwise, as a contract writes it: "format: %d/%m/%Y -> %m/%d/%Y"."""
    names = {name: key.alias or name for name, key in type(spec).model_fields.items()}
    return ", ".join(f"{names[name]}: {_word(getattr(spec, name))} -> {_word(new)}" for name, new in changes.items())


def _word(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {meaning}" for key, meaning in value.items()) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(f'"{part}"' for part in value) + "]"
    return "nothing" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _trimmed(text: pl.Expr, spec: FieldSpec) -> pl.Expr:
    return text.str.strip_chars() if spec.trim else text
