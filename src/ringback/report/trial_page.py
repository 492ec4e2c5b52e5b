"""A trial as a page: the same as its text, in tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ringback.model.finding import Verdict
from ringback.model.measured import percent
from ringback.model.trial import DeliveryTrial, FieldTrial, Moving, Seen, TrialReport
from ringback.report.page import Grid, Heading, Paragraph, Part, Points
from ringback.report.trial import (
    causes,
    closing,
    field_line,
    live_text,
    moving_text,
    scope,
    shared_text,
    told_changes,
)
from ringback.report.words import count, shown

_EXAMPLES = ("run", "line", "client", "before", "after", "as delivered")


def trial_parts(report: TrialReport) -> tuple[Part, ...]:
    """The parts of a page for `report.page`; the headline is its title."""
    return (*difference_parts(report), *_evidence(report))


def difference_parts(report: TrialReport) -> tuple[Part, ...]:
    """The same without the evidence at its end: what is tried in a pipeline is thrown away."""
    return tuple(_differences(report))


def _differences(report: TrialReport) -> Iterator[Part]:
    yield Paragraph(text=f"{_capital(scope(report))}.")
    why = [*causes(report), *report.remarks]
    if why:
        yield Points(texts=tuple(why))
    yield from _overview(report)
    for told in report.trial.fields:
        if told.is_other:
            yield from _field(told, report)
    yield from _keys(report)
    yield from _quarantine(report)
    yield from _deliveries(report)
    if report.trial.live is not None:
        yield Heading(text="The live table")
        yield Paragraph(text=f"If R{report.trial.live.run}'s file came again so: {live_text(report.trial.live)}.")


def _evidence(report: TrialReport) -> Iterator[Part]:
    yield Heading(text="Evidence")
    trial = report.trial
    yield Paragraph(text=f"Tried {trial.at:%Y-%m-%d %H:%M} UTC by {trial.by}.")
    yield Paragraph(text=closing(report))
    yield Points(texts=(f"compared with {trial.before}", f"tried {trial.after}", f"digest {trial.digest}"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _overview(report: TrialReport) -> Iterator[Part]:
    fields = report.trial.fields
    if not fields:
        return
    yield Heading(text="Fields")
    others, same = ([each for each in fields if each.is_other is is_other] for is_other in (True, False))
    if others:
        rows = tuple((each.field, *_numbers(each), each.sentence or "") for each in others)
        yield Grid(head=("field", "records compared", "change", "share", "why"), rows=rows, right=(1, 2, 3))
    if same:
        told = count(len(same), "field")
        reads = "reads" if len(same) == 1 else "read"
        yield Paragraph(text=f"{told} {reads} the same: {', '.join(each.field for each in same)}.")


def _numbers(told: FieldTrial) -> tuple[str, str, str]:
    if told.changed is None or told.share is None:
        return f"{told.compared:,}", "some", ""
    return f"{told.compared:,}", f"{told.changed:,}", percent(told.share)


def _field(told: FieldTrial, report: TrialReport) -> Iterator[Part]:
    yield Heading(text=field_line(told))
    if told.sentence is not None:
        yield Paragraph(text=f"{told.sentence}.")
    yield from _examples(report.found.examples.get(told.field, ()))


def _examples(seen: Iterable[Seen]) -> Iterator[Part]:
    rows = tuple(
        (
            f"R{each.run}",
            str(each.example.line or ""),
            ",".join(each.example.key),
            shown(each.example.before),
            shown(each.example.after),
            shown(each.example.raw or ""),
        )
        for each in seen
    )
    if rows:
        yield Grid(head=_EXAMPLES, rows=rows, right=(1,), code=(2, 3, 4, 5))


def _keys(report: TrialReport) -> Iterator[Part]:
    changes, found = report.trial.changes, report.found
    if changes.rekeyed:
        yield Heading(text=f"Keys: {count(changes.rekeyed, 'record')} of another client than before")
        yield from _examples(found.keys)
    if found.shared:
        yield Heading(text=f"Keys: {changes.merged:,} rows come to share theirs, {changes.split:,} no longer do")
        yield Points(texts=tuple(shared_text(each) for each in found.shared))


def _quarantine(report: TrialReport) -> Iterator[Part]:
    changes, found = report.trial.changes, report.found
    for number, groups, what in (
        (changes.entered, found.entering, "would enter quarantine"),
        (changes.left, found.leaving, "would leave quarantine; why each was there"),
    ):
        if number:
            yield Heading(text=f"{count(number, 'row')} {what}")
            rows = tuple(row for group in groups for row in _group_rows(group))
            yield Grid(head=("why", "run", "line", "as delivered"), rows=rows, right=(2,), code=(3,))


def _group_rows(moving: Moving) -> Iterator[tuple[str, ...]]:
    if not moving.group.raws:
        yield moving_text(moving), f"R{moving.run}", "", ""
    for number, (line, text) in enumerate(moving.group.raws):
        yield moving_text(moving) if number == 0 else "", f"R{moving.run}", str(line), shown(text)


def _deliveries(report: TrialReport) -> Iterator[Part]:
    if not report.trial.deliveries:
        return
    yield Heading(text="Deliveries")
    rows = tuple(_delivery(each, report) for each in report.trial.deliveries)
    yield Grid(head=("run", "file", "rows", "what changes", "if it came again"), rows=rows, right=(2,))


def _delivery(told: DeliveryTrial, report: TrialReport) -> tuple[str, ...]:
    changes = ", ".join(told_changes(told)) or "nothing"
    return f"R{told.run}", told.file_name, f"{told.rows:,}", changes, _outcome(told, report)


def _outcome(told: DeliveryTrial, report: TrialReport) -> str:
    if told.refused is not None:
        return f"refused: {told.refused}"
    if told.verdict is None:
        return "not judged"
    why = "; ".join(finding.why for finding in report.found.findings.get(told.run, ()))
    word = {Verdict.PUBLISH: "published", Verdict.HOLD: "held", Verdict.REFUSE: "refused"}[told.verdict]
    return f"{word}: {why}" if why else word
