"""Candidates for a column's meaning, each tried with its type's own `read`: one meaning, no second parser."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl
from pydantic import ValidationError

from ringback.contracts.draft.columns import ColumnTexts
from ringback.contracts.draft.evidence import ColumnReading, Meaning, Setting
from ringback.model.field import FieldSpec
from ringback.steps.interpret import FIELD_TYPES

LEAST_SHARE = 0.02  # a reading of fewer of the texts looked at first is not worth counting
_EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One way in which a column could be read."""

    type: str
    settings: tuple[Setting, ...] = ()
    decide: str
    open_keys: tuple[str, ...] = ()  # settings that no sample can decide: `zone`, `pivot`

    def with_settings(self, given: Mapping[str, str]) -> Candidate:
        """The candidate with settings that a person decided in place of its own."""
        kept = tuple(setting for setting in self.settings if setting.key not in given)
        added = tuple(Setting(key=key, value=_number_or_text(key, value)) for key, value in given.items())
        still = tuple(key for key in self.open_keys if key not in given)
        return replace(self, settings=kept + added, open_keys=still)


def _number_or_text(key: str, value: str) -> str | int:
    return int(value) if key in ("pivot", "scale") and value.isascii() and value.isdigit() else value


@dataclass(frozen=True)
class Tried:
    """A candidate and what it made of the column's texts.

    Shapes: values: one per row of `column.texts`, the type's own dtype; null where the text has no meaning.
    """

    candidate: Candidate
    column: ColumnTexts
    values: pl.Series

    @cached_property
    def read_count(self) -> int:
        """Values that it reads."""
        return int(self.column.texts["count"].filter(self.values.is_not_null()).sum())

    @property
    def unread_count(self) -> int:
        """Values that it cannot read."""
        return self.column.value_count - self.read_count

    def reads_like(self, other: Tried) -> bool:
        """Whether both read every text the same."""
        return self.values.dtype == other.values.dtype and bool(self.values.eq_missing(other.values).all())

    def differs_at(self, other: Tried) -> tuple[int, ...]:
        """A few texts (by row) that both read, not the same; shown side by side."""
        mine, theirs = self.values.cast(pl.String), other.values.cast(pl.String)
        differ = (mine != theirs).fill_null(value=False)
        return tuple(differ.arg_true().head(_EXAMPLES).to_list())

    def reading(self, shown_at: Iterable[int] = ()) -> ColumnReading:
        """Its evidence, with what these texts mean under it."""
        texts = self.column.texts["text"]
        unread = texts.filter(self.values.is_null()).head(_EXAMPLES)
        return ColumnReading(
            type=self.candidate.type,
            settings=self.candidate.settings,
            read_count=self.read_count,
            unread_count=self.unread_count,
            decide=self.candidate.decide,
            meanings=tuple(Meaning(text=texts[at], value=_said(self.values[at])) for at in shown_at),
            unread=tuple(unread.to_list()),
        )


def try_all(column: ColumnTexts, candidates: Iterable[Candidate]) -> tuple[Tried, ...]:
    """Try candidates on a few texts, and those that read some of them on all; best first, ties in the given order."""
    peek = column.peek()
    known = [(candidate, spec) for candidate in candidates if (spec := spec_of(candidate, column.column)) is not None]
    hopeful = [
        (candidate, spec)
        for candidate, spec in known
        if int(_values(spec, peek).is_not_null().sum()) > LEAST_SHARE * peek.height
    ]
    tried = [Tried(candidate, column, _values(spec, column.texts)) for candidate, spec in hopeful]
    return tuple(sorted(tried, key=lambda one: -one.read_count))


def try_one(column: ColumnTexts, candidate: Candidate) -> Tried | None:
    """Try one candidate on all texts, whatever it reads; None where the type does not take its settings."""
    spec = spec_of(candidate, column.column)
    return None if spec is None else Tried(candidate, column, _values(spec, column.texts))


def spec_of(candidate: Candidate, column: str | int) -> FieldSpec | None:
    """The field as the contract would have it; None where the type does not take these settings."""
    written = {setting.key: setting.value for setting in candidate.settings}
    probes = {"zone": "UTC", "pivot": PROBE_PIVOT}
    written |= {key: probes[key] for key in candidate.open_keys if key in probes}
    try:
        return FIELD_TYPES[candidate.type].model_validate({"type": candidate.type, "from": column, **written})
    except (KeyError, ValidationError):
        return None


PROBE_PIVOT = "1930"  # only to see which texts are read; never written


def _values(spec: FieldSpec, texts: pl.DataFrame) -> pl.Series:
    return texts.select(value=spec.read(pl.col("text")))["value"]


def _said(value: object) -> str:
    return "nothing" if value is None else str(value)
