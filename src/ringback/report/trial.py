"""A trial as text: what would change, field by field; what a person must look at stands first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ringback.model.finding import Verdict
from ringback.model.measured import percent
from ringback.model.trial import (
    DeliveryTrial,
    FieldState,
    FieldTrial,
    LiveEffect,
    Moving,
    Recording,
    RowChanges,
    Seen,
    Stored,
    Trial,
    TrialKind,
    TrialReport,
)
from ringback.report.findings import example_text
from ringback.report.words import count, shown

NOTHING_READ = "nothing that was read changes"
_VERDICTS = {Verdict.PUBLISH: "published", Verdict.HOLD: "held", Verdict.REFUSE: "refused"}
_ALIKE = (  # of rows: a count's name and what it says, of one and of several
    ("changed", "record changes", "records change"),
    ("rekeyed", "record is another client's", "records are other clients'"),
    ("merged", "row comes to share its key", "rows come to share their key"),
    ("split", "row no longer shares its key", "rows no longer share their key"),
    ("entered", "row enters quarantine", "rows enter quarantine"),
    ("left", "row leaves quarantine", "rows leave quarantine"),
    ("vanished", "record's line is no row any more", "records' lines are no rows any more"),
    ("appeared", "record's line was no row before", "records' lines were no rows before"),
)


def trial_text(report: TrialReport) -> str:
    """What changes, in how many records; examples; what would become of each delivery and of the live table."""
    lines = [
        headline(report),
        *(f"  {each}" for each in causes(report)),
        scope(report),
        *(f"note: {remark}" for remark in report.remarks),
        *_sections(report),
    ]
    return "\n".join([*lines, "", closing(report)])


def recording_text(recording: Recording, path: str) -> str:
    """What was written, and what to do with it."""
    many = count(len(recording.readings), "delivery")
    return (
        f"{recording.feed}: readings of {many} written to {path}; no client value is in it\n"
        f"In the other environment: ringback trial {recording.feed} --against {path}"
    )


def headline(report: TrialReport) -> str:
    """One line: what a trial came to."""
    trial = report.trial
    if trial.is_unreadable:
        many = sum(each.refused is not None for each in trial.deliveries)
        return f"{trial.feed}: {count(many, 'delivery')} cannot be read any more"
    if trial.changes_nothing:
        return f"{trial.feed}: reads the same"
    told = came_to(trial)
    return f"{trial.feed}: {told}" if told else f"{trial.feed}: {NOTHING_READ}, but a person must look"


def came_to(trial: Trial) -> str:
    """533 records change, 1 row enters quarantine, 1 delivery would be held; empty, where nothing is read otherwise."""
    return ", ".join([*told_rows(trial.changes), *_other_digests(trial), *_only_judged(trial)])


def told_rows(changes: RowChanges) -> Iterator[str]:
    """533 records change, 1 row enters quarantine."""
    for name, one, several in _ALIKE:
        number = getattr(changes, name)
        if number:
            yield f"{number:,} {one if number == 1 else several}"


def _other_digests(trial: Trial) -> Iterator[str]:
    other = [each for each in trial.deliveries if each.stored is Stored.OTHER]
    if other:
        names = dict.fromkeys(name for each in other for name in each.differing)
        reads = "reads" if len(other) == 1 else "read"
        yield f"{count(len(other), 'delivery')} {reads} otherwise than before ({', '.join(told_digests(names))})"


def _only_judged(trial: Trial) -> Iterator[str]:
    judged = [each for each in trial.deliveries if each.news]
    if judged and trial.changes.are_none:
        yield f"{count(len(judged), 'delivery')} would be held or refused"


def causes(report: TrialReport) -> Iterator[str]:
    """What makes the difference: lines of the contract, software; and what readings do not show."""
    yield from (f"{report.contract_name} {each.told}" for each in report.differences)
    yield from (f"other software reads it: {moved}" for moved in report.software)
    told = {each.told for each in report.differences}
    yield from (f"{each}" for each in report.trial.needs_person if each not in told)


def scope(report: TrialReport) -> str:
    """What was read, always stated."""
    trial = report.trial
    names = ", ".join(f"R{each.run}" for each in trial.deliveries) or "none"
    amount = "whole" if trial.share >= 1 else f"a sample of 1 row in {1 / trial.share:.3g}"
    what = {
        TrialKind.CONTRACT: f"{report.contract_name} with {report.compared_with}",
        TrialKind.SOFTWARE: "this software with what each delivery was read as at its import",
        TrialKind.MACHINES: f"this environment with {report.compared_with}",
    }[trial.kind]
    return (
        f"compared {what}, on {len(trial.deliveries)} of {count(trial.of_deliveries, 'delivery')}, "
        f"{amount} ({names}): {count(trial.rows, 'row')}, {count(len(trial.fields), 'field')}"
    )


def closing(report: TrialReport) -> str:
    """What is kept, and what to do next."""
    trial = report.trial
    kept = f"Nothing was written but the evidence: trial {trial.id}, digest {trial.digest[:12]}."
    if trial.is_unreadable or trial.kind is TrialKind.MACHINES or trial.before == trial.after:
        return kept
    if trial.changes_nothing:
        return f"{kept} Next: ringback approve {trial.feed}"
    return f"{kept} If all of this is meant: ringback approve {trial.feed}"


def field_line(told: FieldTrial) -> str:
    """born_on: 533 of 599 records change (89.0 %)."""
    if told.state is FieldState.NEW:
        return f"{told.field}: a new field"
    if told.state is FieldState.GONE:
        return f"{told.field}: no longer a field"
    if told.changed is None:
        return f"{told.field}: reads otherwise in some of {count(told.compared, 'record')} (only digests are compared)"
    parts = [(told.blanked, "lose their value"), (told.filled, "had none")]
    more = "".join(f", {number:,} {what}" for number, what in parts if number)
    return (
        f"{told.field}: {told.changed:,} of {count(told.compared, 'record')} change ({percent(told.share or 0)}{more})"
    )


def _sections(report: TrialReport) -> Iterator[str]:
    for told in report.trial.fields:
        if told.is_other:
            yield from ("", *_field(told, report))
    for lines in (_keys(report), _quarantine(report), _columns(report), _outcomes(report), _live(report)):
        yield from with_gap(lines)


def with_gap(lines: Iterable[str]) -> Iterator[str]:
    """The lines after an empty one; nothing where there are none."""
    for number, line in enumerate(lines):
        if number == 0:
            yield ""
        yield line


def _field(told: FieldTrial, report: TrialReport) -> Iterator[str]:
    yield field_line(told)
    if told.sentence is not None:
        yield f"  {told.sentence}"
    yield from (f"  {seen_text(each)}" for each in report.found.examples.get(told.field, ()))


def seen_text(seen: Seen) -> str:
    """R2  0011  line 13  1951-01-12 -> 1951-12-01  "12/01/1951"."""
    return f"R{seen.run}  {example_text(seen.example)}"


def _keys(report: TrialReport) -> Iterator[str]:
    changes, found = report.trial.changes, report.found
    if changes.rekeyed:
        yield f"keys: {count(changes.rekeyed, 'record')} of another client than before"
        yield from (f"  {seen_text(each)}" for each in found.keys)
    if changes.merged or changes.split:
        yield f"keys: {changes.merged:,} rows come to share theirs with another, {changes.split:,} no longer do"
        yield from (f"  {shared_text(each)}" for each in found.shared)


def shared_text(seen: Seen) -> str:
    """R2  line 13  shares the key 12 now."""
    example = seen.example
    if example.after is not None:
        return f"R{seen.run}  line {example.line}  shares the key {shown(example.after)} now"
    return f"R{seen.run}  line {example.line}  shared the key {shown(example.before)} before"


def _quarantine(report: TrialReport) -> Iterator[str]:
    changes, found = report.trial.changes, report.found
    if changes.entered or changes.left:
        yield f"quarantine: {count(changes.entered, 'row')} would enter it, {count(changes.left, 'row')} would leave it"
        yield from (line for each in found.entering for line in _moving(each, "enter: "))
        yield from (line for each in found.leaving for line in _moving(each, "leave: it "))


def _moving(moving: Moving, word: str) -> Iterator[str]:
    yield f"  {word}{moving_text(moving)}"
    yield from (f'    R{moving.run}  line {line}  "{shown(text)}"' for line, text in moving.group.raws)


def moving_text(moving: Moving) -> str:
    """column "Born" is not a date written as %m/%d/%Y (1 row)."""
    group = moving.group
    subject = f'column "{group.column}"' if group.column is not None else "the row"
    return f"{subject} {group.reason} ({count(group.row_count, 'row')})"


def _columns(report: TrialReport) -> Iterator[str]:
    columns = report.found.columns
    for names, what in (
        (columns.now_read, "are read now and were not before"),
        (columns.no_longer_read, "are not read any more"),
        (columns.unmapped, "are neither read nor ignored"),
    ):
        if names:
            yield f"columns that {what}: " + ", ".join(f'"{name}"' for name in names)


def _outcomes(report: TrialReport) -> Iterator[str]:
    """What would become of each delivery, where that is news."""
    for each in report.trial.deliveries:
        if not each.is_same or each.verdict is not None:
            yield outcome_text(each)
            yield from (f"  {finding.why}" for finding in report.found.findings.get(each.run, ()))


def outcome_text(told: DeliveryTrial) -> str:
    """R2 b.csv: 266 records change; would be held if it came again so."""
    name = f"R{told.run} {told.file_name}"
    if told.refused is not None:
        return f"{name}: would be refused: {told.refused}"
    rows = ", ".join(told_changes(told)) or "no record changes"
    if told.verdict is None:
        return f"{name}: {rows}"
    as_before = "" if told.news or told.verdict is Verdict.PUBLISH else ", as before"
    return f"{name}: {rows}; would be {_VERDICTS[told.verdict]} if it came again{as_before}"


def told_changes(told: DeliveryTrial) -> Iterator[str]:
    """What is read otherwise in one delivery: counts of two readings, or what digests tell."""
    yield from told_rows(told.changes)
    if told.stored is Stored.OTHER:
        yield f"this software reads it otherwise than before: {', '.join(told_digests(told.differing))}"
        if "rows" in told.differing and told.records_before is not None:
            yield f"{told.records_before:,} records before"


def told_digests(differing: Iterable[str]) -> Iterator[str]:
    """What digests that differ mean."""
    words = {"rows": "other rows become records", "rejects": "other rows are rejected"}
    yield from (words.get(name, f"{name} is another") for name in differing)


def _live(report: TrialReport) -> Iterator[str]:
    live = report.trial.live
    if live is None:
        if report.trial.kind is TrialKind.CONTRACT and report.trial.share < 1:
            yield "the live table and the guard were not asked: a sample tells nothing of who is missing"
        return
    yield f"the live table, if R{live.run}'s file came again so: {live_text(live)}"


def live_text(live: LiveEffect) -> str:
    """266 of 301 clients changed (born_on 266), 0 added, 0 removed."""
    fields = ", ".join(f"{name} {number:,}" for name, number in live.by_field.items())
    told = f"{live.changed:,} of {count(live.held, 'client')} changed" + (f" ({fields})" if fields else "")
    closed = f", {live.closed:,} closed" if live.closed else ""
    return f"{told}, {live.added:,} added, {live.removed:,} removed{closed}"
