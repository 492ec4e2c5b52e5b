"""What audit and guard would say of a delivery that came again under another reading, and what it would change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from ringback.engine.local import Workspace
from ringback.model.canonical import from_text, to_text
from ringback.model.change import Summary
from ringback.model.contract import Contract
from ringback.model.finding import Example, Finding, Severity, Verdict, verdict
from ringback.model.run import Run
from ringback.model.trial import LiveEffect
from ringback.steps.audit import Evidence, audit
from ringback.steps.guard.findings import Suspicion
from ringback.steps.limits import exceeded, limits
from ringback.steps.measure import Counts, measure
from ringback.steps.plan import compared, set_apart
from ringback.workflows.guard import guarded, with_raw_texts
from ringback.workflows.import_file import rows_of
from ringback.workflows.place import Place
from ringback.workflows.planning import Held, Planned, judge
from ringback.workflows.reading import Read
from ringback.workflows.release import delivery_of

Usual = frozenset[tuple[str, str | None]]  # codes and fields of findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A delivery under the working copy, planned and audited."""

    verdict: Verdict
    news: tuple[Finding, ...]  # that hold or refuse, and did not before
    effect: LiveEffect
    examples: dict[str, tuple[Example, ...]]


def judgement(read: Read, run: Run, held: Held, place: Place, workspace: Workspace, *, usual: Usual) -> Judgement:
    """Plan a delivery that was read again against `held`, and audit it.

    usual: findings that it has without any change; they are no news.
    Raises: StoreError, when the live table does not fit the contract.
    """
    delivery = delivery_of(run)
    planned = Planned(read, held, workspace, rows_of(delivery, read.contract.contract.source, place.archive))
    guard = guarded(planned, delivery, place, last=run)
    findings = judge(planned, last=run, file_name=delivery.file_name, suspicion=guard.suspicion)
    news = tuple(each for each in findings if each.severity is not Severity.NOTE and _name(each) not in usual)
    return Judgement(
        verdict=verdict(findings),
        news=with_raw_texts(news, planned),
        effect=_effect(run, planned.summary),
        examples=planned.summary.examples,
    )


def usual_findings(read: Read, run: Run, place: Place) -> Usual:
    """What would hold or refuse a delivery whose reading changes nothing."""
    contract, apart = read.contract.contract, apart_count(read)
    records = read.records.row_count - apart
    baseline = place.baseline(contract.feed)
    counts = Counts(
        rows=read.summary.read - read.summary.skipped,
        held=records,
        kept=records,
        added=0,
        missing=0,
        duplicate=apart,
        size_bytes=run.size_bytes,
        columns=read.columns,
    )
    measures = measure(read.profile, {}, counts, contract, last=baseline[-1] if baseline else None)
    over = exceeded(measures, limits(baseline, contract))
    evidence = Evidence(
        contract=contract,
        line_of=read.contract.line,
        file_name=run.file_name or "",
        reading=read.summary,
        changes=Summary(held=records, unchanged=records),
        last=run,
        suspicion=Suspicion(exceeded=over, records=measures.records),
    )
    return frozenset(map(_name, (*read.findings, *audit(evidence))))


def apart_count(read: Read) -> int:
    """Rows that share their key with another and are set apart."""
    contract = read.contract.contract
    return sum(set_apart(read.records.part(number), contract).height for number in range(read.records.count))


def as_held(read: Read, contract: Contract) -> Iterator[pl.DataFrame]:
    """The records of a reading, as if the database held them for another contract.

    Nobody is held where the key has another name or type: then nothing can be found again.
    """
    old = read.contract.contract
    if old.key != contract.key or any(old.fields[name].dtype != contract.fields[name].dtype for name in old.key):
        return
    columns = [_held_column(name, old, contract) for name in compared(contract)]
    for number in range(read.records.count):
        records = read.records.part(number)
        yield records.filter(~pl.struct(list(old.key)).is_duplicated()).select(columns)


def _held_column(name: str, old: Contract, new: Contract) -> pl.Expr:
    if name not in new.fields:
        return pl.lit(value=False).alias(name)
    dtype = new.fields[name].dtype
    if name not in old.fields:
        return pl.lit(None, dtype=dtype).alias(name)
    if old.fields[name].dtype == dtype:
        return pl.col(name)
    return from_text(to_text(pl.col(name), old.fields[name].dtype), dtype).alias(name)


def _name(finding: Finding) -> tuple[str, str | None]:
    return finding.code, finding.field


def _effect(run: Run, summary: Summary) -> LiveEffect:
    return LiveEffect(
        run=run.id,
        held=summary.held,
        added=summary.added,
        changed=summary.changed,
        removed=summary.removed,
        closed=summary.closed,
        missing=summary.missing,
        by_field=summary.changed_by_field,
    )
