"""Gauge: what change sets do to each field, and by what misreading; partition by partition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from ringback.model.baseline import Churn
from ringback.model.change import ChangeSet
from ringback.model.contract import Contract
from ringback.model.diagnosis import Diagnosis
from ringback.steps.churn import churn, kept_count, with_explained
from ringback.steps.diagnose import diagnose

BATCH = 100_000  # changed records that are looked at together: a few of each partition would tell nothing

_Cause = tuple[str, str, tuple[str, ...]]


class Gauge:
    """The churn and the diagnoses of all change sets taken so far; their order makes no difference."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._churns: dict[str, Churn] = {name: Churn() for name in contract.fields if name not in contract.key}
        self._causes: dict[_Cause, Diagnosis] = {}
        self._pending: list[tuple[pl.DataFrame, pl.DataFrame]] = []
        self.kept_count = 0  # held records that the delivery has too

    def take(self, changes: ChangeSet) -> None:
        """Add one partition."""
        self.kept_count += kept_count(changes)
        for name, found in churn(changes, self._contract).items():
            self._churns[name] += found
        if sum(before.height for before, _ in self._pending) >= BATCH:
            self._diagnose()
        self._pending.append((changes.before, changes.after))

    def watch(self, change_sets: Iterator[ChangeSet]) -> Iterator[ChangeSet]:
        """The same change sets, each taken as it passes."""
        for changes in change_sets:
            self.take(changes)
            yield changes

    def _diagnose(self) -> None:
        """Name what made the changes that wait for it."""
        if not self._pending:
            return
        before, after = (pl.concat(side) for side in zip(*self._pending, strict=True))
        self._pending = []
        for diagnosis in diagnose(before, after, self._contract):
            cause = diagnosis.code, diagnosis.sentence, diagnosis.fields
            known = self._causes.get(cause)
            self._causes[cause] = diagnosis if known is None else _sum(known, diagnosis)

    @property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """At most one a field, those of most records first; shares are of the values changed in all partitions."""
        self._diagnose()
        told: list[Diagnosis] = []
        for diagnosis in sorted(self._causes.values(), key=lambda one: (-one.record_count, one.fields)):
            if not any(set(diagnosis.fields) & set(other.fields) for other in told):
                changed = sum(self._churns[name].changed for name in diagnosis.fields)
                told.append(replace(diagnosis, changed_count=max(changed, diagnosis.changed_count)))
        return tuple(told)

    @property
    def churns(self) -> dict[str, Churn]:
        """Of every field that is no part of the key."""
        return with_explained(self._churns, self.diagnoses)


def _sum(one: Diagnosis, other: Diagnosis) -> Diagnosis:
    return replace(
        one,
        changed_count=one.changed_count + other.changed_count,
        explained_count=one.explained_count + other.explained_count,
        record_count=one.record_count + other.record_count,
    )
