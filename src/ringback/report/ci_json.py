"""What `ci` found, for machines. Values of clients are in it only where they may stand in what is published."""

from __future__ import annotations

from typing import Any

from ringback.model.ci import CiReport, FeedCi
from ringback.report.ci import without_values
from ringback.report.examples_json import examples_json
from ringback.report.trial_json import trial_json


def ci_json(report: CiReport) -> dict[str, Any]:
    """The answer, and feed by feed what led to it."""
    return {
        "answer": report.answer.name.lower(),
        "exit_code": int(report.answer),
        "ground": report.ground,
        "faults": list(report.faults),
        "gone": list(report.gone),
        "feeds": [_feed(each, shows_values=report.shows_values) for each in report.feeds],
    }


def _feed(told: FeedCi, *, shows_values: bool) -> dict[str, Any]:
    trial, drill, before = told.trial, told.drill, told.drill_before
    if trial is not None and not shows_values:
        trial = without_values(trial)
    return {
        "feed": told.feed,
        "answer": told.answer.name.lower(),
        "standing": told.standing.value,
        "compared_with": told.compared_with or None,
        "faults": list(told.faults),
        "examples": None if told.examples is None else examples_json(told.examples),
        "differences": [each.told for each in told.differences],
        "trial": None if trial is None else trial_json(trial),
        "drill": None if drill is None else {"caught": drill.drilled.caught, "total": drill.drilled.total},
        "drill_before": None if before is None else {"caught": before.caught, "total": before.total},
        "remarks": list(told.remarks),
    }
