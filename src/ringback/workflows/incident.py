"""Incidents by hand: open one when a caller complains, note what is found, close it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ringback.errors import UsageError
from ringback.model.event import EventKind
from ringback.model.incident import Befell, Entry, EntryKind, Incident, Incidents, befell
from ringback.workflows.import_file import Asked
from ringback.workflows.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a person says of an incident, and since when it is so."""

    text: str
    kind: EntryKind = EntryKind.NOTED
    at: datetime | None = None  # UTC; None: now
    fields: tuple[str, ...] = ()
    run_id: int | None = None  # the run that is at fault


def open_incident(feed: str, place: Place, asked: Asked, words: Sequence[Words]) -> Incident:
    """Open an incident of a feed; the first of the words opens it. Raises: UsageError; ContractError; StoreError."""
    known = tuple(place.contract(feed).contract.fields)
    facts = [_fact(each, feed, place, known, asked) for each in words]
    first = _written(words[0], feed, asked, facts[0])
    opened = place.store.tell_incident(
        replace(first, kind=EntryKind.OPENED, at=asked.now, text="", fields=(), befell=None)
    )
    for each, fact in zip(words, facts, strict=True):
        if each.text or each.fields or fact:
            place.store.tell_incident(replace(_written(each, feed, asked, fact), incident=opened.incident))
    return require_incident(opened.incident, place)


def note_incident(number: int, place: Place, asked: Asked, words: Sequence[Words]) -> Incident:
    """Add to what is known of an incident, open or closed. Raises: UsageError; StoreError."""
    feed = require_incident(number, place).feed
    known = tuple(place.contract(feed).contract.fields)
    facts = [_fact(each, feed, place, known, asked) for each in words]
    for each, fact in zip(words, facts, strict=True):
        place.store.tell_incident(replace(_written(each, feed, asked, fact), incident=number))
    return require_incident(number, place)


def close_incident(number: int, place: Place, asked: Asked, text: str) -> Incident:
    """Close an incident with a conclusion. Raises: UsageError, when it is closed already."""
    incident = require_incident(number, place)
    if not incident.is_open:
        raise UsageError(
            f"incident {number} is closed already: {incident.conclusion}",
            mend=f"to add something to it: ringback incident note {number}",
        )
    written = _written(Words(text=text, kind=EntryKind.CLOSED), incident.feed, asked, None)
    place.store.tell_incident(replace(written, incident=number))
    return require_incident(number, place)


def list_incidents(place: Place, *, feed: str | None = None, only_open: bool = False) -> Incidents:
    """Incidents, newest first."""
    known = place.store.incidents(feed)
    return Incidents(incidents=tuple(each for each in known if each.is_open or not only_open))


def require_incident(number: int, place: Place) -> Incident:
    """One incident. Raises: UsageError, when there is none."""
    for incident in place.store.incidents():
        if incident.id == number:
            return incident
    raise UsageError(f"there is no incident {number}", mend="list them: ringback incident")


def _written(words: Words, feed: str, asked: Asked, fact: Befell | None) -> Entry:
    return Entry(
        feed=feed,
        kind=words.kind,
        at=words.at or asked.now,
        written_at=asked.now,
        by=asked.by,
        text=words.text,
        fields=words.fields,
        befell=fact,
    )


def _fact(words: Words, feed: str, place: Place, known: tuple[str, ...], asked: Asked) -> Befell | None:
    """The run that somebody holds at fault. Raises: UsageError, for what cannot be meant."""
    strange = [name for name in words.fields if name not in known]
    if strange:
        raise UsageError(f"{strange[0]} is not a field of {feed}", mend=f"fields: {', '.join(known)}")
    if words.at is not None and words.at > asked.now:
        raise UsageError(f"{words.at:%Y-%m-%d %H:%M} UTC is still to come", where="--at", mend="say when it was")
    if words.run_id is None:
        return None
    run = place.require_run(words.run_id)
    if run.feed != feed:
        raise UsageError(f"{run.name} is a run of {run.feed}, the incident is one of {feed}", mend="ringback runs")
    return befell(run, EventKind.FOUND, None)
