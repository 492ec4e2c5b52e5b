"""Take what was read through plan and audit, the gate passed on purpose: what holds, and what would be false."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from ringback.model.baseline import Measures
from ringback.model.change import ChangeSet
from ringback.model.contract import Contract
from ringback.model.diagnosis import Diagnosis
from ringback.model.drill import Catch, Damage, Tried
from ringback.model.finding import Finding, Severity
from ringback.steps.audit import Evidence, audit
from ringback.steps.diagnose import diagnose_keys
from ringback.steps.drill.attempts import Attempt
from ringback.steps.drill.ground import Ground
from ringback.steps.drill.reading import FILE, Taken
from ringback.steps.gauge import Gauge
from ringback.steps.guard.findings import Suspicion
from ringback.steps.limits import exceeded
from ringback.steps.measure import Counts, measure
from ringback.steps.plan import compared, plan
from ringback.steps.profile import profile
from ringback.steps.summarise import summarise

Usual = frozenset[tuple[str, str | None]]  # codes and fields of findings that the delivery has as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What an import would have known; `measures` and `evidence` are None where no row was read."""

    findings: tuple[Finding, ...]  # that hold or refuse
    measures: Measures | None = None
    diagnoses: tuple[Diagnosis, ...] = ()
    evidence: Evidence | None = None

    def beyond(self, usual: Usual) -> tuple[Finding, ...]:
        """Those that the delivery does not have as it is."""
        return tuple(each for each in self.findings if (each.code, each.field) not in usual)


def usual_of(passage: Passage) -> Usual:
    """The findings of a delivery as it is."""
    return frozenset((each.code, each.field) for each in passage.findings)


def pass_through(taken: Taken, held: pl.DataFrame, ground: Ground) -> Passage:
    """Plan, summarise, measure and audit.

    Shapes:
        held: the held records with the keys of the sample, and of `taken`.
    """
    if taken.is_refused:
        return Passage(findings=taken.findings)
    contract = taken.contract
    changes = plan(taken.records, held.select(compared(contract)), contract, spared=taken.spared)
    gauge = Gauge(contract)
    summary = summarise(gauge.watch(iter([changes])), contract, held_count=held.height)
    measures = _measures(taken, changes, gauge, ground, held_count=held.height)
    diagnoses = _diagnoses(changes, gauge, contract)
    evidence = Evidence(
        contract=contract,
        line_of=ground.line_of,
        file_name=FILE,
        reading=taken.summary,
        changes=summary,
        last=ground.last,
        suspicion=Suspicion(),
    )
    passage = Passage(findings=taken.findings, measures=measures, diagnoses=diagnoses, evidence=evidence)
    return judged(passage, contract, ground)


def judged(passage: Passage, contract: Contract, ground: Ground) -> Passage:
    """Audited under a contract: the one that it was read with, or the same with a line more about what is allowed."""
    assert passage.evidence is not None  # noqa: S101
    assert passage.measures is not None  # noqa: S101
    over = exceeded(passage.measures, ground.limits_of(contract))
    records = passage.measures.records
    suspicion = Suspicion(exceeded=over, diagnoses=passage.diagnoses if over else (), records=records)
    evidence = replace(passage.evidence, contract=contract, suspicion=suspicion)
    found = (*passage.findings, *audit(evidence))
    holding = tuple(each for each in found if each.severity is not Severity.NOTE)
    return replace(passage, findings=holding, evidence=evidence)


def outcome(attempt: Attempt, passage: Passage, harm: Damage, *, usual: Usual) -> Tried:
    """What became of an attempt that does harm."""
    found = passage.beyond(usual)
    guard = [each for each in found if each.code.startswith("guard.")]
    catch = Catch.GUARD if guard else Catch.CONSTRAINTS if found else Catch.NOTHING
    return Tried(
        code=attempt.code,
        fields=attempt.fields,
        kind=attempt.kind,
        told=attempt.told,
        share=attempt.share,
        damage=harm,
        catch=catch,
        names_field=any(_concerns(each, attempt) for each in guard),
        names_cause=bool(guard) and guard[0].misreading == attempt.code,
    )


def _concerns(finding: Finding, attempt: Attempt) -> bool:
    """Whether a finding points at one of the fields, or at the cause; or the fault is in no field."""
    named = {finding.field, *finding.fields} & set(attempt.fields)
    return not attempt.fields or finding.misreading == attempt.code or bool(named)


def _measures(taken: Taken, changes: ChangeSet, gauge: Gauge, ground: Ground, *, held_count: int) -> Measures:
    counts = Counts(
        rows=taken.summary.read,
        held=held_count,
        kept=gauge.kept_count,
        added=changes.added.height,
        missing=changes.missing_count,
        duplicate=taken.summary.duplicate,
        size_bytes=_size_bytes(taken, ground),
        columns=taken.columns,
    )
    found = profile(taken.interpreted, taken.contract, rejects=taken.rejects)
    return measure(found, gauge.churns, counts, taken.contract)


def _size_bytes(taken: Taken, ground: Ground) -> int | None:
    """The file's size, as the rows' text is longer or shorter."""
    if ground.size_bytes is None:
        return None
    return round(ground.size_bytes * taken.text_bytes / max(ground.text_bytes, 1))


def _diagnoses(changes: ChangeSet, gauge: Gauge, contract: Contract) -> tuple[Diagnosis, ...]:
    """As planning tells them: of values, and of keys where clients come and others are gone."""
    if changes.added.is_empty() or changes.missing.is_empty():
        return gauge.diagnoses
    keys = diagnose_keys(changes.missing, changes.added.select(contract.key), contract)
    return gauge.diagnoses if keys is None else (*gauge.diagnoses, keys)
