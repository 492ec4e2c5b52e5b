"""Diagnose: what would make the changed values of a change set false, by name.

A misreading is named where it makes at least `NAMED_SHARE` of a field's changed values, and `FEWEST` of them, out of
the old ones, more than it would by chance: chance is what it explains when old and new values of different records
stand side by side. Of several that explain (nearly) as much, the one that could make the fewest other values is the
cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from ringback.model.contract import Contract
from ringback.model.diagnosis import Diagnosis
from ringback.model.field import FieldSpec
from ringback.steps.misreadings import FEED_MISREADINGS, MISREADINGS, Misreading, Specificity
from ringback.steps.misreadings.keys import KeyMisreading
from ringback.steps.misreadings.misreading import explained

NAMED_SHARE = 0.2  # of a field's changed values
FEWEST = 5  # of them; a few values are often alike by chance
_DRAWN = 4_000  # changed values of a field that are looked at first: a share is then right to about 2 %
_DRAWN_RECORDS = 20_000  # the same for records
_ALIKE = 0.02  # shares that differ by less are equal


@dataclass(frozen=True, slots=True)
class _Cause:
    """What explains some changed values of one field."""

    code: str
    sentence: str
    specificity: Specificity
    together: tuple[str, ...]  # causes of several fields that agree in this and in the code are one
    mask: pl.Series  # records, where it explains the value
    chance: float = 0.0  # the share that it would explain anyway

    def share(self, changed: pl.Series) -> float:
        """Of the changed values, those that it explains, less what it would explain by chance."""
        return float(self.mask.sum()) / float(changed.sum()) - self.chance


@dataclass(frozen=True, slots=True)
class _Column:
    """One field of a change set; `changed` says where, `drawn` which records are looked at first."""

    spec: FieldSpec
    before: pl.Series
    after: pl.Series
    changed: pl.Series
    drawn: pl.Series

    @property
    def is_small(self) -> bool:
        """Whether all records are looked at first."""
        return bool(self.drawn.all())

    def sampled(self) -> _Column:
        """The records that are looked at first."""
        before, after, changed = (whole.filter(self.drawn) for whole in (self.before, self.after, self.changed))
        return _Column(self.spec, before, after, changed, self.drawn.filter(self.drawn))


def diagnose(before: pl.DataFrame, after: pl.DataFrame, contract: Contract) -> tuple[Diagnosis, ...]:
    """Name the misreadings of a change set, those of most records first.

    Shapes:
        before, after: as in a ChangeSet: one row a changed record; the contract's fields, typed.
    Returns: at most one diagnosis a field; what gives several fields one cause names them all.
    """
    columns = dict(_changed_columns(before, after, contract))
    shared = list(_of_records(before, after, contract, columns)) if columns else []
    found: dict[str, _Cause] = {}
    for name, column in columns.items():
        cause = _best([*_of_field(name, column), *(causes[name] for causes in shared if name in causes)], column)
        if cause is not None:
            found[name] = cause
    diagnoses = (_told(fields, found, columns) for fields in _groups(found))
    return tuple(sorted(diagnoses, key=lambda one: (-one.record_count, one.fields)))


def diagnose_keys(gone: pl.DataFrame, added: pl.DataFrame, contract: Contract) -> Diagnosis | None:
    """Name what makes clients that are gone and clients that are new the same ones, their keys written otherwise.

    Shapes:
        gone, added: the key's fields of held records that a snapshot does not have, and of records that are not held.
    """
    if added.is_empty() or gone.is_empty():
        return None
    told = [
        Diagnosis(
            code=misreading.code,
            sentence=misreading.sentence,
            fields=(name,),
            changed_count=added.height,
            explained_count=count,
            record_count=count,
        )
        for misreading in FEED_MISREADINGS
        for name in contract.key
        if isinstance(misreading, KeyMisreading) and isinstance(contract.fields[name].dtype, pl.String)
        if (count := _same_keys(misreading, gone, added, name, contract)) >= max(FEWEST, NAMED_SHARE * added.height)
    ]
    return max(told, key=lambda one: one.explained_count, default=None)


def _same_keys(
    misreading: KeyMisreading, gone: pl.DataFrame, added: pl.DataFrame, name: str, contract: Contract
) -> int:
    """How many added keys are gone ones with one part written otherwise and the others as they are."""
    explained = misreading.explains_keys(gone[name], added[name])
    others = [part for part in contract.key if part != name]
    same = added.filter(explained)
    return (same.join(gone, on=others, how="semi") if others else same).height


def _changed_columns(before: pl.DataFrame, after: pl.DataFrame, contract: Contract) -> Iterator[tuple[str, _Column]]:
    lots = pl.select(lot=pl.int_range(before.height).hash(seed=0).cast(pl.Float64) / 2.0**64)["lot"]
    for name, spec in contract.fields.items():
        if name in contract.key:
            continue
        changed = before[name].ne_missing(after[name])
        count = int(changed.sum())
        if count >= FEWEST:
            yield name, _Column(spec, before[name], after[name], changed, lots <= _DRAWN / count)


def _of_field(name: str, column: _Column) -> list[_Cause]:
    """What may explain the field by itself; looked at in a sample first."""
    sampled = column.sampled()
    applying = [misreading for misreading in MISREADINGS if misreading.applies(column.spec)]
    masks = explained(applying, sampled.before, sampled.after, column.spec)
    tried = [_tried(misreading, masks[misreading.code], name, sampled) for misreading in applying]
    shares = [(cause.share(sampled.changed), misreading, cause) for misreading, cause in tried]
    likely = [entry for entry in shares if entry[0] >= NAMED_SHARE / 2]
    if column.is_small or not likely:
        return [cause for _, _, cause in likely]
    near = max(share for share, _, _ in likely) - 5 * _ALIKE
    return [_in_full(misreading, column, cause) for share, misreading, cause in likely if share >= near]


def _tried(misreading: Misreading, mask: pl.Series, name: str, column: _Column) -> tuple[Misreading, _Cause]:
    chance = _chance(misreading, column) if mask.any() and not misreading.is_told_by_column else 0.0
    together = () if misreading.is_common else (name,)
    return misreading, _Cause(misreading.code, misreading.sentence, misreading.specificity, together, mask, chance)


def _chance(misreading: Misreading, column: _Column) -> float:
    """The share that it explains when old values stand beside other records' new values, where these are others."""
    before, after = column.before.filter(column.changed), column.after.filter(column.changed)
    half = before.len() // 2
    others = pl.concat([after.slice(half), after.slice(0, half)])
    strange = others.ne_missing(after)
    explained = misreading.explains(before.filter(strange), others.filter(strange), column.spec)
    return float(explained.sum()) / max(float(strange.sum()), 1.0)


def _in_full(misreading: Misreading, column: _Column, cause: _Cause) -> _Cause:
    return replace(cause, mask=misreading.explains(column.before, column.after, column.spec))


def _of_records(
    before: pl.DataFrame, after: pl.DataFrame, contract: Contract, columns: Mapping[str, _Column]
) -> Iterator[dict[str, _Cause]]:
    """What explains several fields of the same records; looked at in a sample first."""
    step = 1 + before.height // _DRAWN_RECORDS
    sampled = before.gather_every(step), after.gather_every(step)
    for misreading in FEED_MISREADINGS:
        likely = any(misreading.explains_records(*sampled, contract))
        if not likely:
            continue
        for masks in misreading.explains_records(before, after, contract):
            together = tuple(masks)
            sentence, specificity = misreading.named(together), misreading.specificity
            yield {
                name: _Cause(misreading.code, sentence, specificity, together, mask)
                for name, mask in masks.items()
                if name in columns
            }


def _best(causes: list[_Cause], column: _Column) -> _Cause | None:
    """Of those that explain about the most, the one that could make the fewest other values."""
    named = [(cause.share(column.changed), cause) for cause in causes if cause.mask.sum() >= FEWEST]
    most = max((share for share, _ in named), default=0.0)
    if most < NAMED_SHARE:
        return None
    near = [cause for share, cause in named if share >= most - _ALIKE]
    return min(near, key=lambda cause: (cause.specificity, cause.chance, cause.code))


def _groups(found: Mapping[str, _Cause]) -> list[tuple[str, ...]]:
    """Fields by their cause."""
    groups: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
    for name, cause in found.items():
        key = cause.code, cause.together
        groups[key] = (*groups.get(key, ()), name)
    return list(groups.values())


def _told(fields: tuple[str, ...], found: Mapping[str, _Cause], columns: Mapping[str, _Column]) -> Diagnosis:
    causes = [found[name] for name in fields]
    records = pl.DataFrame([cause.mask.alias(name) for name, cause in zip(fields, causes, strict=True)])
    return Diagnosis(
        code=causes[0].code,
        sentence=causes[0].sentence,
        fields=fields,
        changed_count=sum(int(columns[name].changed.sum()) for name in fields),
        explained_count=sum(int(cause.mask.sum()) for cause in causes),
        record_count=int(records.select(pl.any_horizontal(pl.all())).to_series().sum()),
    )
