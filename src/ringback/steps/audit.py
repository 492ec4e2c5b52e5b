"""Audit: what reading and planning came to, against contract, policy and the delivery before. Findings; no effects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ringback.model.change import Summary
from ringback.model.contract import Contract
from ringback.model.delivery import Origin
from ringback.model.finding import Example, Finding, Severity
from ringback.model.limits import Measure
from ringback.model.measured import percent
from ringback.model.policy import Limit, Rule
from ringback.model.reading import ReadingSummary, RejectGroup
from ringback.model.run import Run
from ringback.steps.guard.findings import Suspicion, suspected

LineOf = Callable[..., int | None]  # ("fields", "born_on", "format") -> line of the contract

SMALL_REMOVAL = 20  # rows that may leave any table unasked; issue 2, point 7
USUAL_REMOVAL = Limit(share=Decimal("0.01"))
_TOLD_BY_POLICY = {  # a fixed limit that was passed says the same in other words
    Measure.UNREADABLE: ("rows.quarantined",),
    Measure.ROWS: ("rows.none", "rows.shrunk", "rows.removed"),
    Measure.GONE: ("rows.none", "rows.removed"),
    Measure.DUPLICATES: ("key.duplicate",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that audit looks at."""

    contract: Contract
    line_of: LineOf
    file_name: str
    reading: ReadingSummary
    changes: Summary
    last: Run | None  # the newest published import of the feed that was not undone
    suspicion: Suspicion = field(default_factory=Suspicion)


def audit(evidence: Evidence) -> tuple[Finding, ...]:
    """Judge one delivery. All findings, in one pass, what a person must act on first at the head."""
    findings = [
        *_rejected(evidence),
        *_duplicated(evidence),
        *_repeated(evidence),
        *_emptied(evidence),
        *_removed(evidence),
        *_changed(evidence),
    ]
    findings += _suspected(evidence, {finding.code for finding in findings if finding.severity is Severity.HOLD})
    return tuple(sorted(findings, key=_urgency))


def _urgency(finding: Finding) -> tuple[int, bool, bool, int]:
    """What a person must act on first: the gravest; of these what a change of the contract or a misreading explains."""
    return -finding.severity, not finding.since, finding.misreading is None, -finding.row_count


def share(part: int, of: int) -> str:
    """A share as people read it: 31.2 %, 0.02 %."""
    return percent(part / of) if of else "0 %"


def _rejected(evidence: Evidence) -> Iterator[Finding]:
    reading, rule = evidence.reading, evidence.contract.policy.quarantined
    if not rule.hold_above.allows(reading.quarantined, reading.read):
        yield Finding(
            code="rows.quarantined",
            severity=Severity.HOLD,
            row_count=reading.quarantined,
            why=f"{reading.quarantined:,} of {reading.read:,} rows ({share(reading.quarantined, reading.read)}) "
            f"could not be read; the policy allows {rule.hold_above}",
            mend="correct the contract or the file; or release the run to import the other rows",
            line=evidence.line_of("policy", "quarantined", "hold_above"),
        )
    yield from (_reject_group(group, evidence) for group in reading.rejects)


def _reject_group(group: RejectGroup, evidence: Evidence) -> Finding:
    subject = f'column "{group.column}"' if group.column is not None else "the row"
    return Finding(
        code=group.code,
        severity=Severity.NOTE,
        row_count=group.row_count,
        where=Origin(file_name=evidence.file_name, line=group.first_line, column=group.column),
        field=group.field,
        line=evidence.line_of("fields", group.field) if group.field else None,
        why=f"{subject} {group.reason}",
        mend="correct the rows and send them back in: ringback quarantine FEED",
        examples=tuple(Example(key=(), line=line, raw=raw) for line, raw in group.raws),
    )


def _duplicated(evidence: Evidence) -> Iterator[Finding]:
    reading, policy = evidence.reading, evidence.contract.policy
    if not reading.duplicate:
        return
    allowed = policy.duplicated.hold_above.allows(reading.duplicate, reading.read)
    yield Finding(
        code="key.duplicate",
        severity=Severity.NOTE if allowed else Severity.HOLD,
        row_count=reading.duplicate,
        why=f"{reading.duplicate:,} rows share their key ({', '.join(evidence.contract.key)}) with another row; "
        f"the policy for them is: {policy.duplicates}",
        mend="find out which row is meant and deliver it once",
        line=evidence.line_of("key"),
    )


def _repeated(evidence: Evidence) -> Iterator[Finding]:
    for name, row_count in evidence.reading.repeated.items():
        if row_count:
            yield Finding(
                code="constraint.unique",
                severity=Severity.HOLD,
                row_count=row_count,
                field=name,
                why=f"{row_count:,} rows share a value of {name} with another row; the contract says that it is unique",
                mend="correct the rows, or take the constraint back",
                line=evidence.line_of("fields", name, "constraints", "unique"),
            )


def _emptied(evidence: Evidence) -> Iterator[Finding]:
    """Fewer rows than last time: a file cut short looks like nothing else."""
    now, last = evidence.reading.read - evidence.reading.skipped, evidence.last
    if not now:
        yield Finding(
            code="rows.none",
            severity=Severity.HOLD,
            row_count=0,
            why="the delivery has no rows",
            mend="ask the sender for the whole file",
        )
    elif last is not None and evidence.contract.delivers == "snapshot":
        before = last.rows.read - last.rows.skipped
        rule = evidence.contract.policy.shrunk
        if not rule.hold_above.allows(before - now, before):
            yield Finding(
                code="rows.shrunk",
                severity=Severity.HOLD,
                row_count=before - now,
                why=f"{now:,} rows; {last.name} had {before:,} ({share(before - now, before)} fewer; "
                f"the policy allows {rule.hold_above})",
                mend="ask the sender whether the file is whole",
                line=evidence.line_of("policy", "shrunk", "hold_above"),
            )


def _removed(evidence: Evidence) -> Iterator[Finding]:
    changes, contract = evidence.changes, evidence.contract
    leaving = changes.removed + changes.closed
    if not leaving:
        return
    act = "deleted" if changes.removed else "closed"
    if not _removal_allowed(contract.policy.removed, leaving, changes.held):
        yield Finding(
            code="rows.removed",
            severity=Severity.HOLD,
            row_count=leaving,
            why=f"{leaving:,} of {changes.held:,} held clients ({share(leaving, changes.held)}) would be {act}",
            mend="ask the sender whether these clients have left",
            line=evidence.line_of("policy", "removed", "hold_above") or evidence.line_of("missing"),
            examples=changes.gone,
        )
    if evidence.reading.keyless:
        yield Finding(
            code="rows.removal_doubtful",
            severity=Severity.HOLD,
            row_count=leaving,
            why=f"{evidence.reading.keyless:,} rows do not tell which client they are; "
            f"some of the {leaving:,} clients that would be {act} may be among them",
            mend="correct these rows and deliver the file again",
            line=evidence.line_of("missing"),
            examples=changes.gone,
        )


def _removal_allowed(rule: Rule | None, leaving: int, held: int) -> bool:
    if rule is not None:
        return rule.hold_above.allows(leaving, held)
    return leaving <= SMALL_REMOVAL or USUAL_REMOVAL.allows(leaving, held)


def _changed(evidence: Evidence) -> Iterator[Finding]:
    """Fields that change in more held clients than their owner allows, whatever was learned."""
    changes, kept = evidence.changes, evidence.changes.changed + evidence.changes.unchanged
    for name, rule in evidence.contract.policy.changed.items():
        count = changes.changed_by_field.get(name, 0)
        if not rule.hold_above.allows(count, kept):
            yield Finding(
                code="field.changed",
                severity=Severity.HOLD,
                row_count=count,
                field=name,
                why=f"{count:,} of {kept:,} held clients ({share(count, kept)}) would change {name}; "
                f"the policy allows {rule.hold_above}",
                mend="ask the sender what changed",
                line=evidence.line_of("policy", "changed", name, "hold_above"),
                examples=changes.examples.get(name, ()),
            )


def _suspected(evidence: Evidence, held_for: set[str]) -> Iterator[Finding]:
    """What is beyond learned limits, but for what policy says already."""
    told = evidence.suspicion
    news = tuple(over for over in told.exceeded if held_for.isdisjoint(_TOLD_BY_POLICY.get(over.measure, ())))
    yield from suspected(
        replace(told, exceeded=news),
        evidence.contract,
        line_of=evidence.line_of,
        examples=evidence.changes.examples,
    )
