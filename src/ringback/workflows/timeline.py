"""The timeline of an incident, gathered from the audit trail, the ledger and what people noted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from ringback.model.event import EventKind, Row
from ringback.model.finding import Severity
from ringback.model.incident import Entry, EntryKind, Incident
from ringback.model.postmortem import Moment, MomentKind
from ringback.model.release import Release
from ringback.model.run import Run, RunKind

_OF_RUNS = {
    EventKind.PUBLISHED: MomentKind.IMPORTED,
    EventKind.HELD: MomentKind.HELD,
    EventKind.RELEASED: MomentKind.RELEASED,
    EventKind.DROPPED: MomentKind.DROPPED,
    EventKind.REFUSED: MomentKind.REFUSED,
    EventKind.FAILED: MomentKind.FAILED,
    EventKind.UNDONE: MomentKind.UNDONE,
    EventKind.REPAIRED: MomentKind.REPAIRED,
}
_OF_ENTRIES = {
    EntryKind.COMPLAINT: MomentKind.COMPLAINT,
    EntryKind.FOUND: MomentKind.FOUND,
    EntryKind.NOTED: MomentKind.NOTED,
    EntryKind.CLOSED: MomentKind.CLOSED,
}
_APPROVALS = (EventKind.APPROVED, EventKind.EMERGENCY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event of the audit trail, read."""

    sequence: int
    kind: EventKind
    at: datetime
    by: str
    what: Mapping[str, object]


def read_events(rows: Iterable[Row], feed: str) -> tuple[Told, ...]:
    """The events of a feed, in order."""
    return tuple(
        Told(
            sequence=cast("int", row["sequence"]),
            kind=EventKind(str(row["kind"])),
            at=cast("datetime", row["happened_at"]),
            by=str(row["done_by"]),
            what=json.loads(str(row["what"])),
        )
        for row in rows
        if row["feed"] == feed
    )


def timeline(
    incident: Incident, events: Sequence[Told], runs: Mapping[int, Run], releases: Mapping[int, Release]
) -> tuple[Moment, ...]:
    """All moments, in order. runs: those that the incident is about; releases: those that brought or repaired it."""
    told = [*_of_runs(events, runs), *_of_releases(events, releases), *_of_people(incident)]
    return tuple(sorted(told, key=lambda moment: (moment.at, moment.order)))


def _of_runs(events: Sequence[Told], runs: Mapping[int, Run]) -> Iterator[Moment]:
    for event in events:
        number = event.what.get("run")
        run = runs.get(number) if isinstance(number, int) else None
        kind = _OF_RUNS.get(event.kind)
        if run is None or kind is None:
            continue
        evidence = f"{run.name}, event {event.sequence}"
        what = _what(run, kind)
        yield Moment(
            at=event.at, kind=kind, what=what, by=event.by, evidence=evidence, order=event.sequence, run=run.id
        )
        if kind in (MomentKind.UNDONE, MomentKind.REPAIRED):
            yield Moment(
                at=event.at,
                kind=MomentKind.READ_BACK,
                what=f"the live table was read again and held what {run.name} was to write; only then was it committed",
                by="ringback",
                evidence=evidence,
                order=event.sequence,
                run=run.id,
            )


def _what(run: Run, kind: MomentKind) -> str:
    file = f"{run.file_name} ({run.name})"
    grave = [finding for finding in run.findings if finding.severity is not Severity.NOTE]
    match kind:
        case MomentKind.IMPORTED:
            return f"{file} was imported and published: {run.rows.added:,} added, {run.rows.changed:,} changed"
        case MomentKind.HELD | MomentKind.REFUSED | MomentKind.FAILED:
            why = grave[0].why if grave else ""
            acts = {MomentKind.HELD: "was held", MomentKind.REFUSED: "was refused", MomentKind.FAILED: "was undone"}
            return f"{file} {acts[kind]}: {why}"
        case MomentKind.RELEASED:
            return f"{file}, which was held, was released: {run.rows.added:,} added, {run.rows.changed:,} changed"
        case MomentKind.DROPPED:
            return f"{file} was dropped; nothing of it was published"
        case _:
            what = f"R{run.undoes} was undone" if run.kind is RunKind.UNDO else f"R{run.repairs} was repaired"
            part = " in part" if run.partial else ""
            return f"{what}{part} ({run.name})"


def _of_releases(events: Sequence[Told], releases: Mapping[int, Release]) -> Iterator[Moment]:
    for event in events:
        number = event.what.get("release")
        release = releases.get(number) if isinstance(number, int) else None
        if release is None or event.kind not in _APPROVALS:
            continue
        reason = f': "{release.reason}"' if release.reason else ""
        how = " in an emergency" if release.emergency else ""
        yield Moment(
            at=event.at,
            kind=MomentKind.DEPLOYED,
            what=f"release {release.id} of {release.feed} was approved{how}{reason}",
            by=release.approved_by,
            evidence=f"release {release.id}, event {event.sequence}",
            order=event.sequence,
        )


def _of_people(incident: Incident) -> Iterator[Moment]:
    first = incident.entries[0]
    if first.befell is None:
        yield _moment(first, MomentKind.OPENED, f"incident {incident.id} was opened by hand")
    for entry in incident.entries:
        kind = _OF_ENTRIES.get(entry.kind)
        if kind is not None and (entry.text or entry.befell):
            named = f"R{entry.befell.run} is at fault" if entry.befell else ""
            yield _moment(entry, kind, "; ".join(part for part in (entry.text, named) if part))


def _moment(entry: Entry, kind: MomentKind, what: str) -> Moment:
    return Moment(at=entry.at, kind=kind, what=what, by=entry.by, evidence=entry.name, order=entry.id)
