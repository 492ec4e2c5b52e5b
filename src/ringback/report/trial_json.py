"""A trial as the one object that machines read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from ringback.model.trial import DeliveryTrial, FieldTrial, Moving, Seen, TrialReport

Json = dict[str, Any]


def trial_json(report: TrialReport) -> Json:
    """Counts, examples and what made the difference; the shapes are the command line's contract."""
    trial, found = report.trial, report.found
    return {
        "trial": trial.id,
        "feed": trial.feed,
        "kind": str(trial.kind),
        "compared_with": report.compared_with,
        "changes_nothing": trial.changes_nothing,
        "unreadable": trial.is_unreadable,
        "fingerprints": {"before": trial.before, "after": trial.after},
        "digest": trial.digest,
        "share": trial.share,
        "row_count": trial.rows,
        "of_deliveries": trial.of_deliveries,
        "rows": asdict(trial.changes),
        "fields": {each.field: _field(each, found.examples.get(each.field, ())) for each in trial.fields},
        "keys": _seen(found.keys),
        "shared_keys": _seen(found.shared),
        "quarantine": {"entering": _moving(found.entering), "leaving": _moving(found.leaving)},
        "columns": asdict(found.columns),
        "deliveries": [_delivery(each, report) for each in trial.deliveries],
        "live": asdict(trial.live) if trial.live is not None else None,
        "differences": [str(each) for each in report.differences],
        "software": list(report.software),
        "needs_person": list(trial.needs_person),
        "remarks": list(report.remarks),
        "tried_at": trial.at.isoformat(),
        "by": trial.by,
    }


def _field(told: FieldTrial, examples: Iterable[Seen]) -> Json:
    counts = asdict(told)
    del counts["field"]
    return {**counts, "share": told.share, "examples": _seen(examples)}


def _delivery(told: DeliveryTrial, report: TrialReport) -> Json:
    findings = report.found.findings.get(told.run, ())
    return {**asdict(told), "run": f"R{told.run}", "why": [finding.why for finding in findings]}


def _seen(examples: Iterable[Seen]) -> list[Json]:
    return [{"run": f"R{each.run}", **asdict(each.example)} for each in examples]


def _moving(groups: Iterable[Moving]) -> list[Json]:
    return [
        {
            "run": f"R{each.run}",
            "code": each.group.code,
            "field": each.group.field,
            "column": each.group.column,
            "reason": each.group.reason,
            "row_count": each.group.row_count,
            "examples": [{"line": line, "raw": raw} for line, raw in each.group.raws],
        }
        for each in groups
    ]
