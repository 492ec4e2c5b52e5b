"""Gather all that is known of an incident: timeline, impact, cause, what was done, measures. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from ringback.model.event import Chain, EventKind
from ringback.model.finding import Severity
from ringback.model.incident import Incident
from ringback.model.postmortem import (
    Basis,
    Cause,
    Deed,
    Moment,
    MomentKind,
    Postmortem,
    Reached,
    RunImpact,
    Span,
)
from ringback.model.release import Release
from ringback.model.run import Outcome, Run, RunKind
from ringback.workflows.blame import blame, worst_first
from ringback.workflows.import_file import Asked
from ringback.workflows.incident import require_incident
from ringback.workflows.measures import corrective, preventive
from ringback.workflows.place import Place
from ringback.workflows.timeline import read_events, timeline
from ringback.workflows.wrong_values import Right, clients_in, count_wrong, every_once, right_for, values_in

_CORRECTIONS = (MomentKind.UNDONE, MomentKind.REPAIRED)
_ENTERED = (MomentKind.IMPORTED, MomentKind.RELEASED)


def postmortem(number: int, place: Place, asked: Asked) -> Postmortem:
    """Gather an incident. Archived deliveries are read again; of a run of a million clients that takes seconds.

    Raises: UsageError, when there is no such incident; StoreError.
    """
    incident = require_incident(number, place)
    return _Gathering(incident, place, asked).told()


@dataclass(frozen=True, slots=True)
class _Ledger:
    """The runs that an incident is about."""

    at_fault: tuple[Run, ...]
    deeds: tuple[Deed, ...]
    named: Mapping[int, Run]  # all that stand in the timeline


class _Gathering:
    """One incident, being gathered."""

    def __init__(self, incident: Incident, place: Place, asked: Asked) -> None:
        self._incident, self._place, self._asked = incident, place, asked
        self._chain = place.store.chain()
        self._ledger = _ledger(incident, self._chain, place)
        self._releases = {release.id: release for release in place.store.releases(incident.feed)}

    def told(self) -> Postmortem:
        """All of it."""
        incident, place, ledger = self._incident, self._place, self._ledger
        rights = {run.id: right_for(run, place) for run in ledger.at_fault}
        counted = worst_first([count_wrong(run, rights[run.id], place, self._asked) for run in ledger.at_fault])
        cause = blame(incident, counted, rights, place) if counted else self._looked_at()
        moments = self._moments(cause, rights)
        impacts = tuple(_timed(each.impact, moments, ledger.deeds, place) for each in counted)
        live = [each for each, impact in zip(counted, impacts, strict=True) if impact.basis is not Basis.PLAN]
        cells = every_once(live)
        by_field = values_in(cells)
        gathered = Postmortem(
            incident=incident,
            timeline=moments,
            spans=tuple(_spans(moments, impacts, ledger.at_fault)),
            impacts=impacts,
            wrong_records=clients_in(cells) if not cells.is_empty() else 0,
            wrong_values=sum(by_field.values()),
            by_field=by_field,
            held_records=_held_count(incident.feed, place),
            reached=_reached(incident.feed, tuple(by_field), place),
            consumers_named=bool(place.project.settings.consumers),
            cause=cause,
            deeds=ledger.deeds,
            corrective=(),
            preventive=(),
            written_at=self._asked.now,
        )
        return replace(
            gathered,
            corrective=tuple(corrective(gathered, place)),
            preventive=tuple(preventive(gathered, place)),
        )

    def _looked_at(self) -> Cause:
        """Of holds that were judged right: what the guard saw."""
        runs = [run for run in self._ledger.named.values() if run.id in self._incident.runs]
        seen = (each.why for run in runs for each in run.findings if each.severity is not Severity.NOTE)
        told = blame(self._incident, (), {}, self._place)
        return replace(told, others=tuple(dict.fromkeys(seen)))

    def _moments(self, cause: Cause, rights: Mapping[int, Right | None]) -> tuple[Moment, ...]:
        events = read_events(self._chain.events, self._incident.feed)
        told = timeline(self._incident, events, self._ledger.named, self._concerned(cause, rights))
        if any(moment.kind is MomentKind.FOUND for moment in told):
            return told
        found = _found(told, self._ledger.at_fault, cause)
        return tuple(sorted([*told, found], key=lambda each: (each.at, each.order))) if found else told

    def _concerned(self, cause: Cause, rights: Mapping[int, Right | None]) -> dict[int, Release]:
        """The releases from the one that brought it to the one that repaired it."""
        read = {run.fingerprint for run in self._ledger.at_fault}
        numbers = [number for number, release in self._releases.items() if release.fingerprint in read]
        numbers += [cause.release.id] if cause.release else []
        numbers += [right.release.id for right in rights.values() if right is not None]
        if not numbers:
            return {}
        return {number: each for number, each in self._releases.items() if min(numbers) <= number <= max(numbers)}


def _ledger(incident: Incident, chain: Chain, place: Place) -> _Ledger:
    run_of: Callable[[int], Run | None] = cache(place.store.run)
    corrected = (_import_behind(fact.of, run_of) for fact in incident.befallen if fact.of is not None)
    others = (run_of(fact.run) for fact in incident.befallen if fact.of is None)
    at_fault = {run.id: run for run in corrected if run is not None}
    found = {fact.run for fact in incident.befallen if fact.kind is EventKind.FOUND}
    at_fault |= {run.id: run for run in others if run is not None and (run.id in found or _is_kept_out(run))}
    contents = {run.sha256 for run in at_fault.values()} - {None}
    named = incident.runs | {int(str(row["id"])) for row in chain.runs if _same_content(row, contents, incident.feed)}
    runs = {number: run for number in sorted(named) if (run := run_of(number)) is not None}
    deeds = tuple(_deed(run) for run in runs.values() if run.corrects_values and run.outcome is Outcome.PUBLISHED)
    return _Ledger(at_fault=tuple(at_fault[number] for number in sorted(at_fault)), deeds=deeds, named=runs)


def _same_content(row: Mapping[str, object], contents: set[str | None], feed: str) -> bool:
    """Whether it imported one of these contents, in whatever way it ended; nothing to do is no moment."""
    imported = row["kind"] == RunKind.IMPORT and row["outcome"] != Outcome.UNCHANGED
    return imported and row["feed"] == feed and row["sha256"] in contents


def _is_kept_out(run: Run) -> bool:
    return run.outcome in (Outcome.HELD, Outcome.DROPPED, Outcome.FAILED)


def _import_behind(number: int | None, run_of: Callable[[int], Run | None]) -> Run | None:
    """The import that a correction, or a correction of one, is about."""
    run = run_of(number) if number is not None else None
    while run is not None and run.corrects_values:
        behind = run.undoes or run.repairs
        run = run_of(behind) if behind is not None else None
    return run


def _deed(run: Run) -> Deed:
    """An undo or a repair in numbers. A whole record taken out or put back is one value."""
    word = "undo" if run.kind is RunKind.UNDO else "repair"
    by_code = {
        code: sum(each.row_count for each in run.findings if each.code == f"{word}.{code}")
        for code in ("kept", "impossible")
    }
    restored = sum(run.changed_by_field.values()) + run.rows.added + run.removed
    return Deed(run=run, restored=restored, kept=by_code["kept"], impossible=by_code["impossible"])


def _timed(impact: RunImpact, moments: Sequence[Moment], deeds: Sequence[Deed], place: Place) -> RunImpact:
    """With the time in which the wrong values of a run stood in the live table."""
    run = impact.run
    if impact.basis is Basis.PLAN:
        return impact
    undone = place.undone(run.feed)
    standing = [each for each in deeds if each.of == run.id and each.run.id not in undone]
    since = next((each for each in moments if each.run == run.id and each.kind in _ENTERED), None)
    whole = [each for each in standing if not each.run.partial] or (standing if _covers(standing, impact) else [])
    numbers = {each.run.id for each in whole[-1:]}
    until = next((each for each in moments if each.run in numbers and each.kind in _CORRECTIONS), None)
    return replace(impact, since=since, until=until, stands=until is None)


def _covers(parts: Sequence[Deed], impact: RunImpact) -> bool:
    """Whether corrections of parts have changed as many values of each wrong field as there were."""
    return bool(parts) and all(
        sum(each.run.changed_by_field.get(wrong.field, 0) for each in parts) >= wrong.values for wrong in impact.fields
    )


def _found(moments: Sequence[Moment], at_fault: Sequence[Run], cause: Cause) -> Moment | None:
    """When the cause was known, where nobody noted it: with the guard's hold that names it, or the correction."""
    naming = {
        run.id for run in at_fault if any(each.misreading or each.since for each in run.findings) and cause.is_known
    }
    held = next((each for each in moments if each.kind is MomentKind.HELD and each.run in naming), None)
    if held is not None:
        what = f"the guard named it when it held R{held.run}"
        return replace(held, kind=MomentKind.FOUND, what=what, by="ringback")
    if not cause.is_known:
        return None
    first = next((each for each in moments if each.kind in _CORRECTIONS), None)
    if first is None:
        return None
    what = "nobody noted when it was found; known at the latest with the correction"
    return replace(first, kind=MomentKind.FOUND, what=what)


def _spans(moments: Sequence[Moment], impacts: Sequence[RunImpact], at_fault: Sequence[Run]) -> Iterator[Span]:
    live = [each for each in impacts if each.since is not None]
    entered = min((each.since for each in live if each.since), key=lambda each: (each.at, each.order), default=None)
    numbers = {run.id for run in at_fault}
    complaint = _first(moments, MomentKind.COMPLAINT)
    by_ringback = next(
        (each for each in moments if each.kind in (MomentKind.HELD, MomentKind.FAILED) and each.run in numbers), None
    )
    correction = next((each for each in moments if each.kind in _CORRECTIONS), None)
    known = [each for each in (complaint, by_ringback, _first(moments, MomentKind.OPENED), correction) if each]
    detected = min(known, key=lambda each: (each.at, each.order), default=None)
    ended = [each.until for each in live if each.until]
    restored = None if any(each.stands for each in live) else max(ended, key=lambda each: each.at, default=None)
    yield _detection(entered, detected)
    if complaint is not None:
        before = entered is not None and complaint.at < entered.at
        remark = (
            "it came in before the first run at fault that is known; was an earlier one at fault?" if before else ""
        )
        yield Span(name="to the first complaint", since=None if before else entered, until=complaint, remark=remark)
    yield Span(name="to find the cause", since=detected, until=_first(moments, MomentKind.FOUND))
    yield Span(name="to restore", since=detected, until=restored)
    yield Span(name="wrong values stood", since=entered, until=restored)


def _detection(entered: Moment | None, detected: Moment | None) -> Span:
    """From the first wrong value in the live table; what was seen before it came in took no time."""
    early = entered and detected and (detected.at, detected.order) < (entered.at, entered.order)
    if not early or detected is None:
        return Span(name="to detect", since=entered, until=detected)
    if detected.kind is MomentKind.HELD:
        remark = f"R{detected.run} was held before anything of it was published"
        return Span(name="to detect", since=entered, until=detected, remark=remark)
    return Span(name="to detect", since=None, until=detected)


def _first(moments: Sequence[Moment], kind: MomentKind) -> Moment | None:
    return next((each for each in moments if each.kind is kind), None)


def _held_count(feed: str, place: Place) -> int:
    """Clients in the live table now; none where nothing of the feed was ever approved."""
    newest = next(iter(place.store.releases(feed)), None)
    if newest is None:
        return 0
    return sum(frame.height for frame in place.store.held(place.parse_release(newest).contract))


def _reached(feed: str, fields: tuple[str, ...], place: Place) -> tuple[Reached, ...]:
    """The consumers that read a field in which values were wrong."""
    told = ((each.name, each.fields_read(feed, fields)) for each in place.project.settings.consumers)
    return tuple(Reached(name=name, fields=read) for name, read in told if read)
