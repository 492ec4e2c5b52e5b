"""A postmortem as a page: summary, timeline, root cause and resolution, measures, conclusion.

Every figure names its source; what only people know is a marked gap.
"""

from __future__ import annotations

from collections.abc import Iterator

from ringback.model.measured import percent
from ringback.model.postmortem import Action, Basis, Cause, Postmortem, RunImpact, Span
from ringback.model.run import Outcome, RunKind
from ringback.report.page import Gap, Grid, Heading, Pairs, Paragraph, Part, Points
from ringback.report.plain import plain
from ringback.report.spans import clock, length
from ringback.report.timeline_picture import timeline_picture
from ringback.report.words import count, shown

_BASES = {
    Basis.RIGHT: "the delivery, read again under release {}",
    Basis.HISTORY: "the run's before-images in history",
    Basis.PLAN: "the plan of the run, which was kept out",
}


def postmortem_title(told: Postmortem) -> str:
    """What it is about, in a line."""
    state = "open" if told.incident.is_open else "closed"
    return f"Postmortem: incident {told.incident.id}, feed {told.incident.feed} ({state})"


def postmortem_text(told: Postmortem) -> str:
    """For a terminal."""
    return plain(postmortem_title(told), postmortem_parts(told))


def postmortem_parts(told: Postmortem) -> tuple[Part, ...]:
    """The parts of a page for `report.page`."""
    return tuple(_parts(told))


def summary_rows(told: Postmortem) -> tuple[tuple[str, str], ...]:
    """The incident in a few lines."""
    return tuple(_summary(told))


def summary_text(told: Postmortem) -> str:
    """The title and the summary, for a terminal."""
    return plain(postmortem_title(told), [Pairs(rows=summary_rows(told))])


def _parts(told: Postmortem) -> Iterator[Part]:
    yield Heading(text="Summary")
    yield Pairs(rows=summary_rows(told))
    yield Gap(text="what callers and colleagues noticed, in two or three sentences")
    yield from _timeline(told)
    yield from _impact(told)
    yield from _cause(told)
    yield from _resolution(told)
    yield from _measures(told)
    yield from _conclusion(told)
    yield Paragraph(
        text=f"Gathered {clock(told.written_at)} UTC by ringback postmortem {told.incident.id} from the audit trail, "
        "the ledger, history, and the archived deliveries. R5 is a run: ringback show R5. Times are UTC."
    )


# -- summary


def _summary(told: Postmortem) -> Iterator[tuple[str, str]]:
    yield "wrong values", _wrong(told)
    yield from _stood(told)
    if told.cause.is_known:
        yield "cause", cause_text(told.cause)
    for span in told.spans:
        if span.took is not None and span.name != "wrong values stood":
            yield span.name, _span_text(span)
    for deed in told.deeds:
        what = f"R{deed.of} {'undone' if deed.run.kind is RunKind.UNDO else 'repaired'}"
        counts = f"{deed.restored:,} values put right, {deed.kept:,} kept, {deed.impossible:,} not possible"
        yield "done", f"{what} by {deed.run.name}: {counts}"
    if told.reached:
        yield "read by", ", ".join(f"{each.name} ({', '.join(each.fields)})" for each in told.reached)


def _span_text(span: Span) -> str:
    if span.took is None:
        return f"not known ({span.remark})" if span.remark else "not known"
    return f"{length(span.took)} ({span.remark})" if span.remark else length(span.took)


def _wrong(told: Postmortem) -> str:
    if not told.published:
        kept_out = [each.run.name for each in told.impacts]
        return f"none in the live table: {', '.join(kept_out)} was kept out" if kept_out else "none known"
    if not told.wrong_values:
        return f"none counted in {_names(told.published)}"
    share = f" ({percent(told.wrong_records / told.held_records)} of the live table)" if told.held_records else ""
    clients, values = count(told.wrong_records, "client"), count(told.wrong_values, "value")
    sure = "" if all(each.basis is Basis.RIGHT for each in told.published) else "at most "
    return f"{sure}{clients}{share}, {values} ({_names(told.published)})"


def _stood(told: Postmortem) -> Iterator[tuple[str, str]]:
    span = next((each for each in told.spans if each.name == "wrong values stood"), None)
    if span is None or span.since is None:
        return
    begin = f"{clock(span.since.at)} ({span.since.evidence})"
    if span.until is None or span.took is None:
        yield "they stand", f"since {begin}; nobody has taken them out of the live table"
    else:
        yield "they stood", f"from {begin} to {clock(span.until.at)} ({span.until.evidence}): {length(span.took)}"


def cause_text(cause: Cause) -> str:
    """In a sentence."""
    parts = []
    if cause.sentence is not None:
        share = f" ({cause.explained:,} of {cause.changed:,} values)" if cause.changed else ""
        fields = f"{', '.join(cause.fields)}: " if cause.fields else ""
        parts.append(f"{fields}{cause.sentence}{share}")
    parts += [f"{cause.contract_name} {each.told}" for each in cause.lines[:2]]
    if len(cause.lines) > 2:
        parts.append(f"and {count(len(cause.lines) - 2, 'more line')}")
    parts += cause.told or ()
    return "; ".join(parts)


# -- timeline


def _timeline(told: Postmortem) -> Iterator[Part]:
    yield Heading(text="Timeline")
    yield timeline_picture(told)
    rows = tuple((clock(each.at), str(each.kind), each.by, each.evidence, shown(each.what)) for each in told.timeline)
    yield Grid(head=("when (UTC)", "moment", "who", "evidence", "what happened"), rows=rows)
    spans = tuple(
        (
            span.name,
            _span_text(span),
            span.since.evidence if span.since else "",
            span.until.evidence if span.until else "",
        )
        for span in told.spans
    )
    yield Grid(head=("how long", "took", "from", "to"), rows=spans)


# -- impact


def _impact(told: Postmortem) -> Iterator[Part]:
    yield Heading(text="Impact")
    if not told.impacts:
        yield Paragraph(text="No run is known to be at fault.")
        yield Gap(text=f'the run at fault: ringback incident note {told.incident.id} --run R... --found "..."')
        return
    for impact in told.impacts:
        yield Heading(text=_impact_head(impact), level=3)
        yield from _fields(impact)
        yield from _beside(impact)
    yield from _consumers(told)


def _impact_head(impact: RunImpact) -> str:
    run = impact.run
    return f"{run.name}, {run.file_name}: {run.outcome if impact.basis is Basis.PLAN else 'published'}"


def _fields(impact: RunImpact) -> Iterator[Part]:
    source = _BASES[impact.basis].format(impact.right.id if impact.right else "")
    verb = {Basis.RIGHT: "had a wrong value", Basis.HISTORY: "were changed", Basis.PLAN: "would have been changed"}
    of = f"{impact.wrong_records:,} of {impact.records:,} clients" if impact.records else "no clients"
    yield Paragraph(text=f"{of} {verb[impact.basis]}. Counted in: {source} ({impact.run.name}).")
    if impact.basis is Basis.HISTORY and impact.fields:
        yield Paragraph(
            text="No corrected contract reads it otherwise, so which of these values were false is not known."
        )
    rows = tuple(
        (
            each.field,
            f"{each.values:,}",
            percent(each.share) if each.records else "",
            f"{each.sentence} ({each.misreading})" if each.sentence else "",
        )
        for each in impact.fields
    )
    if rows:
        yield Grid(head=("field", "values", "share of clients", "misreading"), rows=rows, right=(1, 2))


def _beside(impact: RunImpact) -> Iterator[Part]:
    """Rows, and since when until when."""
    run, told = impact.run, []
    if impact.since is not None:
        until = f"until {clock(impact.until.at)} ({impact.until.evidence})" if impact.until else "and stand still"
        told.append(f"in the live table from {clock(impact.since.at)} ({impact.since.evidence}) {until}")
    told.append(f"{count(run.rows.quarantined, 'row')} in quarantine of {run.rows.read:,} read ({run.name})")
    if impact.left_out:
        told.append(f"{count(impact.left_out, 'client')} not taken in, whose rows the right contract takes")
    if impact.strangers:
        what = "under a key that the right contract does not read" if impact.basis is Basis.RIGHT else "added by it"
        told.append(f"{count(impact.strangers, 'record')} {what}")
    yield Points(texts=tuple(told))


def _consumers(told: Postmortem) -> Iterator[Part]:
    if not told.published:
        return
    yield Heading(text="Who read them", level=3)
    if told.reached:
        rows = tuple((each.name, ", ".join(each.fields)) for each in told.reached)
        yield Grid(head=("consumer", "reads, of the fields with wrong values"), rows=rows)
        yield Paragraph(text="Source: consumers in ringback.yaml.")
    elif told.consumers_named:
        yield Paragraph(text="None of the consumers in ringback.yaml reads a field in which values were wrong.")
    else:
        yield Gap(text="who reads the live table (name them under consumers: in ringback.yaml)")
    yield Gap(text="how many clients noticed, and what was said to them")


# -- cause and resolution


def _cause(told: Postmortem) -> Iterator[Part]:
    cause = told.cause
    yield Heading(text="Root cause")
    if not cause.is_known:
        yield Gap(text=f'the cause: ringback incident note {told.incident.id} --found "..."')
    if cause.sentence is not None:
        share = f" {cause.explained:,} of {cause.changed:,} values." if cause.changed else ""
        fields = f" in {', '.join(cause.fields)}" if cause.fields else ""
        yield Paragraph(
            text=f"Misreading{fields}: {cause.sentence} ({cause.misreading}).{share} Source: {cause.basis}."
        )
    if cause.lines:
        yield from _lines(cause)
    if cause.software:
        yield Points(texts=tuple(f"software: {each}" for each in cause.software))
    if cause.told:
        yield Points(texts=tuple(f"found: {each}" for each in cause.told))
    if cause.others:
        yield Paragraph(text="What the guard had said:")
        yield Points(texts=cause.others)
    yield Gap(text="why it came to be so, and why nobody saw it before")


def _lines(cause: Cause) -> Iterator[Part]:
    good = f", compared with release {cause.good.id}" if cause.good else ""
    yield Paragraph(text=f"The contract that read {cause.run.name if cause.run else 'it'}{good}:")
    rows = tuple(
        (
            cause.contract_name,
            str(each.line or ""),
            each.name,
            each.before or "(not written)",
            each.after or "(not written)",
        )
        for each in cause.lines
    )
    yield Grid(head=("file", "line", "key", "right", "as it was"), rows=rows, right=(1,), code=(3, 4))
    release = cause.release
    if release is not None:
        how = " in an emergency" if release.emergency else ""
        tried = f"on trial {release.trial}" if release.trial is not None else "without a trial"
        author = f"; changed by {release.author}" if release.author else ""
        reason = f', reason: "{release.reason}"' if release.reason else ""
        yield Paragraph(
            text=f"It came with release {release.id}, approved{how} by {release.approved_by} at "
            f"{clock(release.approved_at)} UTC, {tried}{author}{reason}."
        )


def _resolution(told: Postmortem) -> Iterator[Part]:
    yield Heading(text="Resolution")
    if not told.deeds:
        kept_out = [each for each in told.impacts if each.run.outcome in (Outcome.DROPPED, Outcome.FAILED)]
        if kept_out:
            yield Paragraph(text="Nothing had to be taken back: nothing of it was in the live table.")
        else:
            yield Gap(text="what was done")
        return
    rows = tuple(
        (
            deed.run.name,
            f"{'undo' if deed.run.kind is RunKind.UNDO else 'repair'} of R{deed.of}",
            f"{deed.restored:,}",
            f"{deed.kept:,}",
            f"{deed.impossible:,}",
            deed.run.by,
        )
        for deed in told.deeds
    )
    yield Grid(head=("run", "what", "put right", "kept", "not possible", "who"), rows=rows, right=(2, 3, 4))
    yield Paragraph(text="Counted in values; a whole client taken out or put back is one. Source: the ledger.")


# -- measures, conclusion


def _measures(told: Postmortem) -> Iterator[Part]:
    yield Heading(text="Corrective measures")
    yield from _actions(told.corrective)
    yield Heading(text="Preventive measures")
    yield from _actions(told.preventive)
    yield Gap(text="who does each of them, and by when")


def _actions(actions: tuple[Action, ...]) -> Iterator[Part]:
    if not actions:
        yield Gap(text="none is known")
        return
    yield Points(texts=tuple(f"{each.text} [{each.by or 'proposed by ringback'}; {each.evidence}]" for each in actions))


def _conclusion(told: Postmortem) -> Iterator[Part]:
    yield Heading(text="Conclusion")
    incident = told.incident
    if incident.is_open:
        yield Paragraph(text="The incident is open.")
        yield Gap(text=f'the conclusion: ringback incident close {incident.id} --conclusion "..."')
        return
    closing = incident.entries[-1]
    text = incident.conclusion or ""
    yield Paragraph(text=f"{text} (closed by {closing.by} at {clock(closing.at)} UTC)" if text else "Closed.")
    yield Gap(text="what was learned")


def _names(impacts: tuple[RunImpact, ...]) -> str:
    return ", ".join(each.run.name for each in impacts)
