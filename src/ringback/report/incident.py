"""Incidents as text: a list, and one of them."""

from __future__ import annotations

from collections.abc import Iterator

from ringback.model.event import EventKind
from ringback.model.incident import Befell, Entry, EntryKind, Incident, Incidents
from ringback.report.spans import clock
from ringback.report.words import shown, table

_HEAD = ("incident", "feed", "state", "opened (UTC)", "by", "why", "fields")


def incidents_text(told: Incidents) -> str:
    """A line each, the newest first."""
    if not told.incidents:
        return "no incidents"
    return "\n".join(table(_HEAD, [_row(each) for each in told.incidents]))


def incident_text(incident: Incident) -> str:
    """All entries of one."""
    state = "open" if incident.is_open else f"closed: {incident.conclusion or 'no conclusion was written'}"
    fields = f", fields {', '.join(incident.fields)}" if incident.fields else ""
    lines = [f"incident {incident.id}, feed {incident.feed}{fields}", state]
    lines += [_line(entry) for entry in incident.entries]
    return "\n".join([*lines, *_next(incident)])


def why_opened(incident: Incident) -> str:
    """What opened it, in a few words."""
    first = incident.entries[0].befell
    if first is None:
        complaints = incident.of_kind(EntryKind.COMPLAINT)
        return f"complaint: {shown(complaints[0].text)}" if complaints else "by hand"
    return _of_run(first)


def _row(incident: Incident) -> tuple[str, ...]:
    first = incident.entries[0]
    state = "open" if incident.is_open else f"closed: {incident.conclusion}"
    fields = ", ".join(incident.fields) or "not known"
    return (str(incident.id), incident.feed, state, clock(first.at)[:16], first.by, why_opened(incident), fields)


def _line(entry: Entry) -> str:
    fact = entry.befell
    what = _of_run(fact) if fact else ""
    fields = f"fields: {', '.join(entry.fields)}" if entry.fields else ""
    said = "; ".join(part for part in (what, shown(entry.text) if entry.text else "", fields) if part)
    return f"  {clock(entry.at)}  {entry.kind:<9}  {said or '-'}  ({entry.by}, {entry.name})"


def _of_run(fact: Befell) -> str:
    if fact.kind is EventKind.FOUND:
        return f"R{fact.run} is at fault"
    return f"{fact.kind} R{fact.of} by R{fact.run}" if fact.of else f"{fact.kind} R{fact.run}"


def _next(incident: Incident) -> Iterator[str]:
    if incident.is_open:
        yield f"All that is known of it: ringback postmortem {incident.id}"
        yield f'To close it: ringback incident close {incident.id} --conclusion "..."'
