"""An incident: something went wrong with a feed; what is known of it, entry by entry.

Nothing of an incident is ever changed: all that happens to it is another entry, each sealed in the audit trail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from ringback.model.event import EventKind
from ringback.model.finding import Severity
from ringback.model.run import Run, RunKind


class EntryKind(StrEnum):
    """What an entry says; the words of its event in the audit trail."""

    OPENED = EventKind.OPENED.value
    WENT_ON = EventKind.WENT_ON.value  # a run of it was released, dropped, undone, ...; or another run joined it
    COMPLAINT = EventKind.COMPLAINT.value
    NOTED = EventKind.NOTED.value
    FOUND = EventKind.FOUND.value  # the cause
    MEASURE = EventKind.MEASURE.value
    REOPENED = EventKind.REOPENED.value
    CLOSED = EventKind.CLOSED.value


WHAT_OPENS = (EventKind.HELD, EventKind.FAILED, EventKind.UNDONE, EventKind.REPAIRED)
WHAT_SETTLES = (EventKind.RELEASED, EventKind.DROPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Befell:
    """What befell a run."""

    kind: EventKind  # held, failed, undone, repaired, released, dropped
    run: int  # of an undo or a repair: its own number
    of: int | None = None  # the run that an undo takes back, or a repair puts right
    sha256: str | None = None  # of the delivery
    fingerprint: str | None = None  # of the release that read it
    signs: tuple[str, ...] = ()  # what held it: code and field of each finding that held or refused it
    fields: tuple[str, ...] = ()  # that it concerns, where that is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing said of an incident."""

    id: int = 0  # the number of its event in the audit trail; given by the store
    incident: int = 0  # 0: a new one
    feed: str
    kind: EntryKind
    at: datetime  # when what it tells of was: a complaint came in before it is written down
    written_at: datetime
    by: str
    text: str = ""
    fields: tuple[str, ...] = ()  # named by a person
    befell: Befell | None = None

    @property
    def name(self) -> str:
        """Where it stands as evidence."""
        return f"event {self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """All entries of one incident, in the order of the audit trail; the first one opened it."""

    id: int
    feed: str
    entries: tuple[Entry, ...]

    @property
    def is_open(self) -> bool:
        """Whether nobody closed it since it was last opened."""
        told = [entry.kind for entry in self.entries]
        return EntryKind.CLOSED not in told or told[::-1].index(EntryKind.CLOSED) > _last_opening(told)

    @property
    def opened_by(self) -> str:
        """What opened it: "held", "failed", "undone", "repaired", or "by hand"."""
        befell = self.entries[0].befell
        return str(befell.kind) if befell else "by hand"

    @property
    def befallen(self) -> tuple[Befell, ...]:
        """All that befell its runs."""
        return tuple(entry.befell for entry in self.entries if entry.befell is not None)

    @property
    def runs(self) -> frozenset[int]:
        """All runs that it names, those taken back among them."""
        named = {befell.run for befell in self.befallen} | {befell.of for befell in self.befallen}
        return frozenset(run for run in named if run is not None)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it concerns, as far as runs or people named any."""
        of_runs = (name for befell in self.befallen for name in befell.fields)
        return tuple(dict.fromkeys([*of_runs, *(name for entry in self.entries for name in entry.fields)]))

    @property
    def conclusion(self) -> str | None:
        """What it was closed with; None while it is open."""
        closing = [entry for entry in self.entries if entry.kind is EntryKind.CLOSED]
        return None if self.is_open or not closing else closing[-1].text

    def of_kind(self, kind: EntryKind) -> tuple[Entry, ...]:
        """Its entries of one kind."""
        return tuple(entry for entry in self.entries if entry.kind is kind)

    def concerns(self, field: str) -> bool:
        """Whether values of this field may be false; as long as no field is named, those of any may be."""
        return not self.fields or field in self.fields


def _last_opening(told: list[EntryKind]) -> int:
    """How far from the end it was last opened."""
    return min(told[::-1].index(kind) for kind in (EntryKind.OPENED, EntryKind.REOPENED) if kind in told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incidents:
    """A list of them, newest first."""

    incidents: tuple[Incident, ...]


def told_together(entries: Sequence[Entry]) -> tuple[Incident, ...]:
    """Entries in any order -> incidents, newest first."""
    ordered = sorted(entries, key=lambda entry: (entry.incident, entry.id))
    groups = [(number, tuple(each)) for number, each in groupby(ordered, key=lambda entry: entry.incident)]
    return tuple(Incident(id=number, feed=each[0].feed, entries=each) for number, each in reversed(groups))


# -- what opens, joins and closes incidents without anybody's asking


def befell(run: Run, kind: EventKind, target: Run | None) -> Befell:
    """What befell a run; `target`: the run that it takes back or puts right."""
    grave = [finding for finding in run.findings if finding.severity is not Severity.NOTE]
    named = dict.fromkeys(name for finding in grave for name in (finding.field, *finding.fields) if name)
    return Befell(
        kind=kind,
        run=run.id,
        of=target.id if target else None,
        sha256=run.sha256,
        fingerprint=(target or run).fingerprint,
        signs=tuple(f"{finding.code} {finding.field or ''}".strip() for finding in grave),
        fields=tuple(run.changed_by_field if run.corrects_values else named),
    )


def following(known: Sequence[Incident], fact: Befell, *, feed: str, at: datetime, by: str) -> Iterator[Entry]:
    """What to write of it. known: the feed's incidents, newest first.

    One incident a cause. A hold joins the one of the same content, or an open one with the same reasons. A correction
    joins an open one that names its run, or is about runs of the same release, or that somebody opened by hand and that
    names no run yet; else a closed one that names its run. A closed one that is joined is opened again.
    """
    home = _home(known, fact)
    kind = EntryKind.OPENED if home is None else EntryKind.WENT_ON if home.is_open else EntryKind.REOPENED
    if fact.kind in WHAT_SETTLES:
        if home is None:
            return  # it was held by a ringback that knew of no incidents
        kind = EntryKind.WENT_ON
    entry = Entry(
        incident=home.id if home else 0, feed=feed, kind=kind, at=at, written_at=at, by=by, befell=fact, text=""
    )
    yield entry
    if home is not None and home.is_open and fact.kind in WHAT_SETTLES:
        grown = replace(home, entries=(*home.entries, entry))
        if _is_settled(grown):
            yield replace(entry, kind=EntryKind.CLOSED, befell=None, text=_settled_text(fact))


def is_correction_of_correction(run: Run, target: Run | None) -> bool:
    """Whether it takes back what itself corrected a run."""
    return run.kind is RunKind.UNDO and target is not None and target.kind is RunKind.UNDO


def _home(known: Sequence[Incident], fact: Befell) -> Incident | None:
    of_run = _of_run(known, fact)
    if fact.kind in WHAT_SETTLES or (of_run is not None and of_run.is_open):
        return of_run
    if fact.of is not None:
        return _open_for_correction(known, fact) or of_run
    if of_run is None:
        same = [each for each in known if any(fact.sha256 == other.sha256 for other in each.befallen)]
        return next((each for each in (*same, *known) if each in same or _holds_alike(each, fact)), None)
    return of_run


def _open_for_correction(known: Sequence[Incident], fact: Befell) -> Incident | None:
    """An open one that is about runs of the same release, or that somebody opened by hand and that names no run yet."""
    still_open = [each for each in known if each.is_open]
    alike = [each for each in still_open if any(_same_release(fact, other) for other in each.befallen)]
    return next((each for each in (*alike, *still_open) if each in alike or not each.runs), None)


def _of_run(known: Sequence[Incident], fact: Befell) -> Incident | None:
    """The newest that names the run, or the run that it takes back; an open one before those that are closed."""
    named = {fact.run, fact.of} - {None}
    of_run = [each for each in known if named & each.runs]
    return min(of_run, key=lambda each: (not each.is_open, -each.id), default=None)


def _holds_alike(incident: Incident, fact: Befell) -> bool:
    return incident.is_open and any(fact.signs == other.signs and other.signs for other in incident.befallen)


def _same_release(fact: Befell, other: Befell) -> bool:
    return other.of is not None and other.fingerprint == fact.fingerprint


def _is_settled(incident: Incident) -> bool:
    """Whether all that it holds was released or dropped, and nothing else is known of it."""
    every = incident.befallen
    settled = [each for each in every if each.kind in WHAT_SETTLES]
    runs, contents = {each.run for each in settled}, {each.sha256 for each in settled}
    held = [each for each in every if each.kind is EventKind.HELD]
    only_held = all(each.kind in (EventKind.HELD, *WHAT_SETTLES) for each in every)
    waits = any(each.run not in runs and each.sha256 not in contents for each in held)
    return only_held and not waits and not incident.of_kind(EntryKind.COMPLAINT)


def _settled_text(fact: Befell) -> str:
    if fact.kind is EventKind.RELEASED:
        return f"judged right: R{fact.run} was released after a look"
    return f"kept out: R{fact.run} was dropped, and nothing of it was published"
