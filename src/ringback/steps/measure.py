"""Measure: what a baseline keeps of a delivery, from its profile and its change sets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

import polars as pl

from ringback.model.baseline import Churn, FieldMeasures, Measures, Shares
from ringback.model.contract import Contract, Missing
from ringback.model.field import FieldSpec
from ringback.model.profile import FieldProfile, Profile

SHAPES = 20
CODES = 64  # different values that a field of codes has at most
OFTEN = 15  # records of the sample that must share a value before it is kept: nobody is told by it
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_LISTED = ("code", "boolean", "string")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What planning counted."""

    rows: int  # as delivered, without those that a named rule skips
    held: int
    kept: int
    added: int
    missing: int
    duplicate: int = 0
    size_bytes: int | None = None
    columns: tuple[str, ...] = ()
    issued: date | None = None  # by the file's name


def measure(
    profile: Profile,
    churns: Mapping[str, Churn],
    counts: Counts,
    contract: Contract,
    *,
    last: Measures | None = None,
) -> Measures:
    """The measures of one delivery; `last` are those of the newest accepted one."""
    none = Churn()
    return Measures(
        rows=counts.rows,
        records=profile.row_count,
        held=counts.held,
        kept=counts.kept,
        added=counts.added,
        missing=counts.missing,
        gone=_gone(counts, contract, last),
        duplicate=counts.duplicate,
        size_bytes=counts.size_bytes,
        columns=counts.columns,
        issued=counts.issued,
        fields={
            name: _field(profile, name, spec, churns.get(name, none))
            for name, spec in contract.fields.items()
            if name in profile.fields
        },
    )


def _gone(counts: Counts, contract: Contract, last: Measures | None) -> int:
    """Clients who are held although no delivery has them any more are missing from each: only more of them are news."""
    if contract.missing is Missing.DELETE or last is None:
        return counts.missing
    return max(0, counts.missing - last.missing)


def shape(text: pl.Expr) -> pl.Expr:
    """Digits as 9, capitals as A, other letters as a; each as often as it comes in a row, once."""
    letters = text.str.replace_all(r"\p{Nd}+", "9").str.replace_all(r"\p{Lu}+", "A")
    return letters.str.replace_all(r"(?:[\p{L}--\p{Lu}]\p{M}*)+", "a").str.replace_all(r"\s+", " ")


def _field(profile: Profile, name: str, spec: FieldSpec, churn: Churn) -> FieldMeasures:
    counted, sample = profile.fields[name], profile.sample[name].drop_nulls()
    present = profile.row_count - counted.missing_count
    return FieldMeasures(
        type=spec.type,
        changed=churn.changed,
        replaced=churn.replaced,
        far=churn.far,
        wild=churn.wild,
        lower=churn.lower,
        repunctuated=churn.repunctuated,
        recased=churn.recased,
        respelled=churn.respelled,
        blanked=churn.blanked,
        filled_alike=churn.filled_alike,
        explained=churn.explained,
        missing_share=_share(counted.missing_count, profile.row_count),
        unreadable_share=_share(counted.unreadable_count, profile.row_count + counted.unreadable_count),
        distinct_count=counted.distinct_count,
        distinct_share=min(1.0, _share(counted.distinct_count, present)),
        shapes=_shapes(sample),
        length=_length(sample),
        quantiles=_quantiles(sample),
        total=float(counted.total) if counted.total is not None else None,
        mean=float(counted.total) / present if counted.total is not None and present else None,
        codes=_codes(sample, counted, spec),
    )


def _share(part: float, of: int) -> float:
    return part / of if of else 0.0


def _shapes(sample: pl.Series) -> Shares:
    if not isinstance(sample.dtype, pl.String) or sample.is_empty():
        return {}
    return _shares(sample.to_frame().select(shape(pl.col(sample.name)))[sample.name], SHAPES)


def _length(sample: pl.Series) -> float | None:
    if not isinstance(sample.dtype, pl.String) or sample.is_empty():
        return None
    return cast("float", sample.str.len_chars().mean())


def _quantiles(sample: pl.Series) -> tuple[float, ...]:
    if isinstance(sample.dtype, pl.String | pl.Boolean) or sample.is_empty():
        return ()
    numbers = sample.to_physical() if sample.dtype.is_temporal() else sample
    spread = numbers.cast(pl.Float64) / _units_a_day(sample.dtype)
    return tuple(float(cast("float", spread.quantile(at))) for at in _QUANTILES)


def _units_a_day(dtype: pl.DataType) -> float:
    if isinstance(dtype, pl.Datetime):
        return 86_400e6
    return 86_400e9 if isinstance(dtype, pl.Time) else 1.0


def _codes(sample: pl.Series, counted: FieldProfile, spec: FieldSpec) -> Shares:
    """Frequent values of fields with few different ones: codes by name, other text by digest, as it may be a name."""
    if spec.type not in _LISTED or counted.distinct_count > CODES:
        return {}
    shares = _shares(sample.cast(pl.String), CODES)
    often = {value: part for value, part in shares.items() if part * len(sample) >= OFTEN}
    return often if spec.type != "string" else {_digest(value): part for value, part in often.items()}


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:12]


def _shares(texts: pl.Series, most: int) -> Shares:
    counts = texts.alias("text").value_counts(sort=True).sort("count", "text", descending=[True, False]).head(most)
    return {text: count / len(texts) for text, count in counts.iter_rows()}
