"""Trials: the evidence that approvals are bound to."""

from __future__ import annotations

from dataclasses import replace

from pydantic import ValidationError

from ringback.errors import StoreError
from ringback.model.trial import Trial
from ringback.store.link import Link
from ringback.store.own import TRIAL, TRIAL_SHAPE, next_number
from ringback.store.shape import frame


def store(link: Link, trial: Trial) -> Trial:
    """Write a trial under an id of its own. Inside a transaction."""
    given = next_number(link, TRIAL)
    stored = replace(trial, id=given)
    told = {
        "id": given,
        "feed": trial.feed,
        "fingerprint_before": trial.before,
        "fingerprint_after": trial.after,
        "changes_nothing": trial.changes_nothing,
        "evidence": stored.to_json(),
        "tried_at": trial.at,
        "done_by": trial.by,
    }
    link.ingest(TRIAL, frame(TRIAL_SHAPE, told), TRIAL_SHAPE)
    return stored


def of_feed(link: Link, feed: str) -> tuple[Trial, ...]:
    """All trials of a feed, newest first."""
    if TRIAL.name not in link.dialect.tables(link, (TRIAL.name,)):
        return ()
    found = link.fetch(TRIAL_SHAPE, f"from {TRIAL.sql} where feed = $1", feed).sort("id", descending=True)
    return tuple(_read(text, trial_id) for text, trial_id in found.select("evidence", "id").iter_rows())


def evidence(link: Link) -> dict[int, str | None]:
    """Each trial's digest; None where the trial is not as it was written."""
    found = link.fetch(TRIAL_SHAPE, f"from {TRIAL.sql}")
    return {trial_id: _digest(text, trial_id) for text, trial_id in found.select("evidence", "id").iter_rows()}


def _digest(text: str, trial_id: int) -> str | None:
    try:
        return _read(text, trial_id).digest
    except StoreError:
        return None


def _read(text: str, trial_id: int) -> Trial:
    try:
        found = Trial.from_json(text)
    except ValidationError:
        found = None
    if found is None or not found.is_whole or found.id != trial_id:
        raise StoreError(
            f"the evidence of trial {trial_id} is not as it was written",
            where=TRIAL.name,
            why="Somebody has changed it. Nothing was written.",
            mend=f"Take it out and try again: delete from {TRIAL.name} where id = {trial_id};",
        )
    return found
