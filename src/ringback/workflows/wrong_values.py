"""Count the wrong values of a run: against its delivery as it reads rightly; where nobody knows that, in history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import polars as pl

from ringback.contracts import ContractFile, differences
from ringback.engine.local import Workspace, align
from ringback.errors import ContractError, DeliveryRefused, StoreError
from ringback.model.canonical import from_text, to_text
from ringback.model.contract import Contract
from ringback.model.diagnosis import Diagnosis
from ringback.model.postmortem import Basis, FieldImpact, RunImpact
from ringback.model.release import Release
from ringback.model.run import Outcome, Run
from ringback.steps.diagnose import diagnose
from ringback.workflows.import_file import Asked
from ringback.workflows.place import Place, as_corrected
from ringback.workflows.redelivered import read_again, says

_FIELD = "ringback.field"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What one run did; and which cells were wrong (key as canonical text, field), to count clients of several once."""

    impact: RunImpact
    cells: pl.DataFrame
    diagnoses: tuple[Diagnosis, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """How a delivery reads rightly."""

    contract: ContractFile
    release: Release


def count_wrong(run: Run, right: Right | None, place: Place, asked: Asked) -> Counted:
    """Count them. A run that was kept out counts as planned: of it nothing was ever false in the live table."""
    if run.outcome is not Outcome.PUBLISHED:
        return _planned(run)
    if right is not None:
        with suppress(DeliveryRefused, StoreError):  # the bytes may be gone from the archive
            counted = _against(run, right, place, asked)
            if counted.impact.values or counted.impact.left_out or counted.impact.strangers:
                return counted
    return _of_history(run, place)


def right_for(run: Run, place: Place) -> Right | None:
    """The contract that is right for a run's delivery: of its repair, of the import that brought it again, or approved.

    None where no other contract than the run's own was ever right for it.
    """
    releases = place.store.releases(run.feed)
    by_fingerprint = {release.fingerprint: release for release in reversed(releases)}
    again = place.store.published_imports(run.feed, run.sha256) if run.sha256 else ()
    undone = place.undone(run.feed)
    named = [each.fingerprint for each in place.store.repairs(run.feed) if each.repairs == run.id]
    named += [each.fingerprint for each in again if each.id not in undone and each.id != run.id]
    named += [releases[0].fingerprint] if releases else []
    for fingerprint in named:
        release = by_fingerprint.get(fingerprint or "")
        if release is not None and fingerprint != run.fingerprint:
            with suppress(ContractError):
                found = Right(contract=place.parse_release(release), release=release)
                if _comparable(place.approved(run), found.contract):
                    return found
    return None


def every_once(counted: Sequence[Counted]) -> pl.DataFrame:
    """The wrong cells of several runs, each once."""
    frames = [each.cells for each in counted if not each.cells.is_empty()]
    return pl.concat(frames, how="diagonal").unique() if frames else pl.DataFrame(schema={_FIELD: pl.String()})


def clients_in(cells: pl.DataFrame) -> int:
    """How many clients have a cell among these."""
    return cells.drop(_FIELD).unique().height


def values_in(cells: pl.DataFrame) -> dict[str, int]:
    """How many of them are of each field, the most first."""
    counts = cells.group_by(_FIELD).len().sort(["len", _FIELD], descending=[True, False])
    return dict(counts.rows())


def _comparable(old: ContractFile, new: ContractFile) -> bool:
    then, now = old.contract, new.contract
    return then.key == now.key and then.target == now.target and bool(differences(old, new))


def _planned(run: Run) -> Counted:
    fields = tuple(
        FieldImpact(field=name, values=values, records=run.rows.changed + run.rows.unchanged)
        for name, values in sorted(run.changed_by_field.items(), key=lambda pair: -pair[1])
    )
    impact = RunImpact(
        run=run,
        basis=Basis.PLAN,
        right=None,
        records=run.rows.changed + run.rows.unchanged + run.rows.added,
        wrong_records=run.rows.changed,
        fields=fields,
    )
    return Counted(impact=impact, cells=pl.DataFrame(schema={_FIELD: pl.String()}))


# -- against the right reading


def _against(run: Run, right: Right, place: Place, asked: Asked) -> Counted:
    old = place.released(run)
    new = right.contract if run.corrects is None else as_corrected(right.contract)
    like, tally = new.contract, _Tally(new.contract)
    with Workspace() as workspace:
        was, true = (read_again(run, each, place, asked, like=like, workspace=workspace).records for each in (old, new))
        align(was, true)
        fields = tuple(name for name in says(old.contract, like) if name in like.fields and name not in like.key)
        for number in range(was.count):
            tally.take(true.part(number), was.part(number), fields)
        records, left_out, strangers = tally.records, tally.left_out, tally.strangers
    return _told(
        run,
        tally,
        RunImpact(
            run=run,
            basis=Basis.RIGHT,
            right=right.release,
            records=records,
            wrong_records=0,
            fields=(),
            left_out=left_out,
            strangers=strangers,
        ),
    )


class _Tally:
    """Wrong values, partition by partition."""

    def __init__(self, contract: Contract) -> None:
        self.contract, self.key = contract, list(contract.key)
        self.records = self.left_out = self.strangers = 0
        self.cells: list[pl.DataFrame] = []
        self.diagnoses: dict[tuple[str, tuple[str, ...]], Diagnosis] = {}

    def take(self, true: pl.DataFrame, was: pl.DataFrame, fields: Sequence[str]) -> None:
        """The records of some keys as they read rightly, and as the run read them."""
        keys = true.select(self.key).join(was.select(self.key), on=self.key).sort(self.key)
        self.records += keys.height
        self.left_out += true.height - keys.height
        self.strangers += was.height - keys.height
        before, after = (keys.join(side, on=self.key, how="left", maintain_order="left") for side in (true, was))
        self.compare(before, after, fields)

    def compare(self, before: pl.DataFrame, after: pl.DataFrame, fields: Sequence[str]) -> None:
        """Two frames, row by row of the same client."""
        if not fields:
            return
        wrong = {name: before[name].ne_missing(after[name]) for name in fields}
        some = pl.DataFrame(wrong).select(pl.any_horizontal(pl.all())).to_series()
        texts = [to_text(pl.col(name), self.contract.fields[name].dtype) for name in self.key]
        for name, mask in wrong.items():
            if mask.any():
                self.cells.append(before.filter(mask).select(*texts, pl.lit(name).alias(_FIELD)))
        if some.any():
            self._name(before.filter(some), after.filter(some))

    def _name(self, before: pl.DataFrame, after: pl.DataFrame) -> None:
        for found in diagnose(before, after, self.contract):
            known = self.diagnoses.get((found.code, found.fields))
            self.diagnoses[found.code, found.fields] = found if known is None else _sum(known, found)


def _sum(one: Diagnosis, other: Diagnosis) -> Diagnosis:
    counts = ("changed_count", "explained_count", "record_count")
    return replace(one, **{name: getattr(one, name) + getattr(other, name) for name in counts})


def _told(run: Run, tally: _Tally, impact: RunImpact) -> Counted:
    cells = pl.concat(tally.cells) if tally.cells else pl.DataFrame(schema={_FIELD: pl.String()})
    diagnoses = tuple(sorted(tally.diagnoses.values(), key=lambda one: -one.explained_count))
    fields = tuple(_field(name, number, impact.records, diagnoses) for name, number in values_in(cells).items())
    told = replace(impact, fields=fields, wrong_records=clients_in(cells))
    return Counted(impact=told, cells=cells, diagnoses=diagnoses)


def _field(name: str, values: int, records: int, diagnoses: Sequence[Diagnosis]) -> FieldImpact:
    named = next((each for each in diagnoses if name in each.fields), None)
    alone = named is not None and len(named.fields) == 1
    return FieldImpact(
        field=name,
        values=values,
        records=records,
        misreading=named.code if named else None,
        sentence=named.sentence if named else None,
        explained=named.explained_count if named and alone else 0,
    )


# -- in history


def _of_history(run: Run, place: Place) -> Counted:
    """All values that the run changed."""
    contract = place.released(run).contract
    tally = _Tally(contract)
    for cells in place.store.cells_of_run(contract, run.id):
        for before, after, fields in _changed(cells, contract):
            tally.compare(before, after, fields)
    impact = RunImpact(
        run=run,
        basis=Basis.HISTORY,
        right=None,
        records=run.rows.changed + run.rows.unchanged,
        wrong_records=0,
        fields=(),
        strangers=run.rows.added,
    )
    return _told(run, tally, impact)


def _changed(cells: pl.DataFrame, contract: Contract) -> Iterator[tuple[pl.DataFrame, pl.DataFrame, list[str]]]:
    """Cells -> records before and after, typed; a field that did not change is null on both sides."""
    values = [name for name in contract.fields if name not in contract.key]
    changed = cells.filter((pl.col("kind") == "changed") & pl.col("field").is_in(values))
    if changed.is_empty():
        return
    sides = []
    for side in ("before", "after"):
        wide = changed.pivot(on="field", on_columns=values, index=list(contract.key), values=side, maintain_order=True)
        typed = (from_text(pl.col(name), contract.fields[name].dtype).alias(name) for name in values)
        sides.append(wide.select(*contract.key, *typed))
    yield sides[0], sides[1], values
