"""The status as text: what a person on shift must do stands first; then one line a feed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ringback.model.finding import Severity
from ringback.model.run import Outcome, Run
from ringback.model.status import FeedStatus, Status
from ringback.report.drill import share_text
from ringback.report.receipt import what_text
from ringback.report.words import count, table

_WIDE = 100  # characters of a reason
_AGES = ((timedelta(days=2), "d", 86_400), (timedelta(hours=2), "h", 3_600), (timedelta(minutes=1), "min", 60))


def status_text(status: Status) -> str:
    """One screen, to be read in ten seconds."""
    if not status.feeds:
        return "no feeds yet; draft the first from a sample: ringback init FILE"
    calls = [line for each in status.feeds for line in _calls(each, status.now)]
    quiet = f"all quiet: {count(len(status.feeds), 'feed')}, nothing held, nothing refused"
    head = ("feed", "last run", "ago", "what", "release", "drill", "not acknowledged")
    rows = [_row(each, status.now) for each in status.feeds]
    return "\n".join([*(calls or [quiet]), "", *table(head, rows)])


def status_json(status: Status) -> dict[str, Any]:
    """The same for machines."""
    return {"now": status.now.isoformat(), "feeds": [_feed_json(each, status.now) for each in status.feeds]}


def ago(then: datetime, now: datetime) -> str:
    """3 h, 12 d, 5 min; less than a minute is "now"."""
    gone = now - then
    for least, unit, seconds in _AGES:
        if gone >= least:
            return f"{int(gone.total_seconds() // seconds)} {unit}"
    return "now"


def _calls(told: FeedStatus, now: datetime) -> Iterator[str]:
    """What somebody has to do about a feed."""
    for run in told.held:
        yield f"HELD       {told.feed}: {run.name} {_since(run.started_at, now)}, {run.file_name}{_reason(run)}"
        yield f"           ringback show {run.name}, then: ringback release {run.name}, or: ringback drop {run.name}"
    last = told.last
    if last is not None and last.outcome in (Outcome.REFUSED, Outcome.FAILED):
        what = f"{last.name} {_since(last.started_at, now)}, {last.file_name}{_reason(last)}"
        yield f"{str(last.outcome).upper():<10} {told.feed}: {what}"
    if told.fault:
        yield f"NEXT ONE   {told.feed}: will be refused: {told.fault}"
    release = told.release
    if release is not None and release.emergency:
        when = _since(release.approved_at, now)
        yield (
            f"EMERGENCY  {told.feed}: release {release.id} by {release.approved_by} {when}; "
            f"a regular approval is due: ringback trial {told.feed}"
        )


def _reason(run: Run) -> str:
    """Of what stopped it the first finding, shortened."""
    grave = next((each for each in run.findings if each.severity is not Severity.NOTE), None)
    if grave is None:
        return ""
    return f": {grave.why if len(grave.why) <= _WIDE else grave.why[: _WIDE - 3] + '...'}"


def _since(then: datetime, now: datetime) -> str:
    told = ago(then, now)
    return "just now" if told == "now" else f"{told} ago"


def _row(told: FeedStatus, now: datetime) -> tuple[str, ...]:
    last = told.last
    return (
        told.feed,
        f"{last.name} {last.outcome}" if last else "none yet",
        ago(last.started_at, now) if last else "",
        what_text(last) if last else "",
        _release(told),
        _drill(told, now),
        ", ".join(told.waiting) or "-",
    )


def _release(told: FeedStatus) -> str:
    if told.release is None:
        return "none"
    return f"{told.release.id} EMERGENCY" if told.release.emergency else str(told.release.id)


def _drill(told: FeedStatus, now: datetime) -> str:
    if told.drilled is None:
        return "never"
    older = "" if told.is_drill_of_release else ", of another contract"
    return f"{share_text(told.drilled)}, {_since(told.drilled.at, now)}{older}"


def _feed_json(told: FeedStatus, now: datetime) -> dict[str, Any]:
    last, release, drilled = told.last, told.release, told.drilled
    return {
        "feed": told.feed,
        "urgency": told.urgency,
        "run": last.name if last else None,
        "verdict": str(last.outcome) if last else None,
        "file": last.file_name if last else None,
        "seconds_ago": int((now - last.started_at).total_seconds()) if last else None,
        "held": [run.name for run in told.held],
        "release": release.id if release else None,
        "emergency": release is not None and release.emergency,
        "next_refused": told.fault or None,
        "drill": {
            "score": drilled.score,
            "seconds_ago": int((now - drilled.at).total_seconds()),
            "of_release": told.is_drill_of_release,
        }
        if drilled
        else None,
        "not_acknowledged": list(told.waiting),
    }
