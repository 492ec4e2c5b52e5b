"""Incidents and postmortems as machines read them."""

from __future__ import annotations

from typing import Any

from ringback.model.incident import Entry, Incident
from ringback.model.postmortem import Action, Cause, Moment, Postmortem, RunImpact, Span

Json = dict[str, Any]


def incident_json(incident: Incident) -> Json:
    """One incident with all of its entries."""
    return {
        "incident": incident.id,
        "feed": incident.feed,
        "open": incident.is_open,
        "opened_by": incident.opened_by,
        "fields": list(incident.fields),
        "runs": [f"R{number}" for number in sorted(incident.runs)],
        "conclusion": incident.conclusion,
        "entries": [_entry(each) for each in incident.entries],
    }


def _entry(entry: Entry) -> Json:
    fact = entry.befell
    return {
        "event": entry.id,
        "kind": str(entry.kind),
        "at": entry.at.isoformat(),
        "written_at": entry.written_at.isoformat(),
        "by": entry.by,
        "text": entry.text,
        "fields": list(entry.fields),
        "what": str(fact.kind) if fact else None,
        "run": f"R{fact.run}" if fact else None,
        "of": f"R{fact.of}" if fact and fact.of else None,
    }


def postmortem_json(told: Postmortem) -> Json:
    """All figures of a postmortem, with their sources."""
    return {
        **incident_json(told.incident),
        "timeline": [_moment(each) for each in told.timeline],
        "seconds": {each.name: _seconds(each) for each in told.spans},
        "wrong_records": told.wrong_records,
        "wrong_values": told.wrong_values,
        "by_field": told.by_field,
        "held_records": told.held_records,
        "impacts": [_impact(each) for each in told.impacts],
        "reached": {each.name: list(each.fields) for each in told.reached},
        "cause": _cause(told.cause),
        "done": [
            {
                "run": each.run.name,
                "kind": str(each.run.kind),
                "of": f"R{each.of}",
                "restored": each.restored,
                "kept": each.kept,
                "impossible": each.impossible,
            }
            for each in told.deeds
        ],
        "corrective": [_action(each) for each in told.corrective],
        "preventive": [_action(each) for each in told.preventive],
    }


def _moment(moment: Moment) -> Json:
    return {
        "at": moment.at.isoformat(),
        "kind": str(moment.kind),
        "what": moment.what,
        "by": moment.by,
        "evidence": moment.evidence,
    }


def _seconds(span: Span) -> float | None:
    return None if span.took is None else span.took.total_seconds()


def _impact(impact: RunImpact) -> Json:
    return {
        "run": impact.run.name,
        "basis": str(impact.basis),
        "release": impact.right.id if impact.right else None,
        "records": impact.records,
        "wrong_records": impact.wrong_records,
        "fields": {
            each.field: {"values": each.values, "share": each.share, "misreading": each.misreading}
            for each in impact.fields
        },
        "quarantined": impact.run.rows.quarantined,
        "left_out": impact.left_out,
        "strangers": impact.strangers,
        "since": impact.since.at.isoformat() if impact.since else None,
        "until": impact.until.at.isoformat() if impact.until else None,
        "stands": impact.stands,
    }


def _cause(cause: Cause) -> Json:
    return {
        "run": cause.run.name if cause.run else None,
        "misreading": cause.misreading,
        "explained": cause.explained,
        "changed": cause.changed,
        "fields": list(cause.fields),
        "file": cause.contract_name or None,
        "lines": [
            {"line": each.line, "key": each.name, "right": each.before, "was": each.after} for each in cause.lines
        ],
        "release": cause.release.id if cause.release else None,
        "software": list(cause.software),
        "told": list(cause.told),
    }


def _action(action: Action) -> Json:
    return {"text": action.text, "evidence": action.evidence, "by": action.by}
