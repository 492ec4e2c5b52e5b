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

FAR_DAYS = 365
FAR_SIZE, WILD_SIZE = 1.5, 3.0  # on the scale of the inverse hyperbolic sine: beyond 10 factors of 4.5 and 20
LOOKS = ("text.punctuation", "text.case")  # misreadings that make another look, not another meaning: senders do that
FLAGS = ("code.table", "boolean.polarity")  # what it looks like when flags of the last change are taken down
LATER = ("date.day_shift", "datetime.zone")  # what the stamp of a new day looks like
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
    replaced = _replaced(before.filter(both), after.filter(both))
    return replace(
        replaced, blanked=int(blanked.sum()), filled=int(filled.sum()), filled_by=_frequent(after.filter(filled))
    )


def _replaced(before: pl.Series, after: pl.Series) -> Churn:
    """Values by others: how far off these are, or how little they differ."""
    if before.is_empty() or before.dtype == pl.Boolean:
        return Churn(replaced=before.len())
    if isinstance(before.dtype, pl.String):
        return _rewritten(before, after)
    far, wild = (0, 0) if before.dtype == pl.Time else _far(before, after)
    return Churn(replaced=before.len(), far=far, wild=wild, lower=int((after < before).sum()))


def _far(before: pl.Series, after: pl.Series) -> tuple[int, int]:
    """Numbers some four, and some twenty times as large or small, or of the other sign; dates a year and more away."""
    if before.dtype.is_temporal():
        return int(((after.cast(pl.Date) - before.cast(pl.Date)).dt.total_days().abs() > FAR_DAYS).sum()), 0
    sizes = pl.DataFrame({"before": before, "after": after}).select(pl.all().cast(pl.Float64).arcsinh())
    off, turned = (sizes["after"] - sizes["before"]).abs(), sizes["after"] * sizes["before"] < 0
    return int((off > FAR_SIZE).sum()), int(((off > WILD_SIZE) | turned).sum())


def _rewritten(before: pl.Series, after: pl.Series) -> Churn:
    same, (plain, plain_after) = _respelled(before, after), (_plain(before), _plain(after))
    repunctuated = ~same & (plain != "") & (plain == plain_after)
    recased = ~same & ~repunctuated & (plain != "") & (plain.str.to_lowercase() == plain_after.str.to_lowercase())
    return Churn(
        replaced=before.len() - int((same | repunctuated | recased).sum()),
        repunctuated=int(repunctuated.sum()),
        recased=int(recased.sum()),
        respelled=int(same.sum()),
    )


def _respelled(before: pl.Series, after: pl.Series) -> pl.Series:
    """Text that means the same: addresses of a page with http or https, a slash at the end; the noise of a fraction."""
    pages = [texts.str.replace(_SCHEME, "").str.strip_chars_end("/") for texts in (before, after)]
    return (pages[0] == pages[1]) | _same_fraction(before, after)


def _plain(texts: pl.Series) -> pl.Series:
    """Without punctuation and spaces."""
    return texts.str.replace_all(r"[^\p{L}\p{M}\p{N}]+", "")


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
    """The same, and how many of the changed values a misreading explains that makes them mean something else.

    Of several fields with one cause, each is given its part. Values that are lost or come are counted already.
    """
    told = dict(churns)
    for diagnosis in diagnoses:
        if diagnosis.code in (*LOOKS, *FLAGS) or diagnosis.code.startswith("missing."):
            continue
        for name in diagnosis.fields:
            if name in told and not (diagnosis.code in LATER and _moves_on(told[name])):
                explained = round(diagnosis.share_explained * told[name].changed)
                told[name] = replace(told[name], explained=max(told[name].explained, explained))
    return told


def _moves_on(churn: Churn) -> bool:
    return churn.lower < churn.replaced / 2
