"""Churn: of the held records that a delivery has too, how many would change in a field, and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import polars as pl

from ringback.model.baseline import Churn
from ringback.model.change import ChangeSet
from ringback.model.contract import Contract
from ringback.model.diagnosis import Diagnosis
from ringback.model.rows import LINE

EXPLAINS = 0.75  # of the changed values; honest changes of real feeds are named in part now and then
FAR_DAYS = 365
FAR_SIZE = 1.5  # on the scale of the inverse hyperbolic sine: beyond 10 a factor of 4.5
RESPELLED = "text.punctuation"  # the misreading that is the same as being respelled
_COUNTED = 8  # new values that are counted in fields that were empty
_SCHEME = r"^https?://"
_NOISE = 1e-10  # of a fraction that went through binary floating point


def churn(changes: ChangeSet, contract: Contract) -> dict[str, Churn]:
    """The churn of every field that is no part of the key. Sums of partitions are the churn of the whole.

    Clients who are closed because a snapshot leaves them out do not count.
    """
    delivered = changes.after[LINE].is_not_null()
    before, after = changes.before.filter(delivered), changes.after.filter(delivered)
    return {name: _of(before[name], after[name]) for name in contract.fields if name not in contract.key}


def kept_count(changes: ChangeSet) -> int:
    """How many held records the delivery has too."""
    return int(changes.after[LINE].is_not_null().sum()) + changes.unchanged_count


def _of(before: pl.Series, after: pl.Series) -> Churn:
    changed = before.ne_missing(after)
    before, after = before.filter(changed), after.filter(changed)
    filled, blanked = before.is_null(), after.is_null()
    both = ~(filled | blanked)
    respelled = _respelled(before.filter(both), after.filter(both))
    return Churn(
        replaced=int(both.sum()) - respelled,
        far=_far(before.filter(both), after.filter(both)),
        respelled=respelled,
        blanked=int(blanked.sum()),
        filled=int(filled.sum()),
        filled_by=_frequent(after.filter(filled)),
    )


def _far(before: pl.Series, after: pl.Series) -> int:
    """Numbers that become some four times as large or small, or change their sign; dates a year and more away."""
    if before.is_empty() or isinstance(before.dtype, pl.String | pl.Boolean | pl.Time):
        return 0
    if before.dtype.is_temporal():
        return int(((after.cast(pl.Date) - before.cast(pl.Date)).dt.total_days().abs() > FAR_DAYS).sum())
    sizes = pl.DataFrame({"before": before, "after": after}).select(pl.all().cast(pl.Float64).arcsinh())
    return int(((sizes["after"] - sizes["before"]).abs() > FAR_SIZE).sum())


def _respelled(before: pl.Series, after: pl.Series) -> int:
    """Text that differs in nothing but punctuation and spaces, or in http and https, or in the noise of a fraction."""
    if not isinstance(before.dtype, pl.String) or before.is_empty():
        return 0
    plain = [texts.str.replace(_SCHEME, "").str.replace_all(r"[^\p{L}\p{M}\p{N}]+", "") for texts in (before, after)]
    return int((((plain[0] == plain[1]) & (plain[0] != "")) | _same_fraction(before, after)).sum())


def _same_fraction(before: pl.Series, after: pl.Series) -> pl.Series:
    """Numbers with a point that differ beyond their tenth digit: -122.82906559999999 and -122.8290656."""
    one, other = (
        texts.set(~texts.str.contains(".", literal=True), None).cast(pl.Float64, strict=False)
        for texts in (before, after)
    )
    return ((one - other).abs() <= _NOISE * one.abs()).fill_null(value=False)


def _frequent(values: pl.Series) -> dict[str, int]:
    if values.is_empty():
        return {}
    counts = values.hash(seed=5).alias("value").value_counts(sort=True).head(_COUNTED)
    return {f"{value:016x}": int(count) for value, count in counts.iter_rows()}


def with_explained(churns: Mapping[str, Churn], diagnoses: Iterable[Diagnosis]) -> dict[str, Churn]:
    """The same, and how many of the changed values one misreading explains, where it explains nearly all of them.

    Of several fields with one cause, each is given its part. Values that are lost or come, or have merely other
    punctuation, are counted already.
    """
    told = dict(churns)
    for diagnosis in diagnoses:
        if diagnosis.share_explained < EXPLAINS or diagnosis.code.startswith("missing."):
            continue
        for name in diagnosis.fields:
            if name in told:
                explained = round(diagnosis.share_explained * told[name].changed)
                explained -= told[name].respelled if diagnosis.code == RESPELLED else 0
                told[name] = replace(told[name], explained=max(told[name].explained, explained))
    return told
