"""Acknowledge a feed's releases: an operator says that he knows what they change."""

from __future__ import annotations

from ringback.errors import UsageError
from ringback.model.acknowledgement import Acknowledged
from ringback.model.project import PROJECT_FILE
from ringback.workflows.import_file import Asked
from ringback.workflows.place import Place


def acknowledge(feed: str, place: Place, asked: Asked) -> Acknowledged:
    """Keep that this operator knows of all releases that he had not acknowledged; nothing is kept twice.

    Raises: UsageError, when he is no operator, or there is no such feed or no release of it; StoreError.
    """
    _require_operator(feed, place, asked.by)
    place.contract(feed)
    releases = place.store.releases(feed)
    if not releases:
        raise UsageError(
            f"no release of {feed} was approved yet",
            where=f"feeds/{feed}.yaml",
            mend=f"look at what it reads, then: ringback approve {feed}",
        )
    before = next((each for each in place.store.acknowledgements(feed) if each.by == asked.by), None)
    due = place.unacknowledged(feed, asked.by)
    stored = {each.release for each in place.store.acknowledge(due, at=asked.now, by=asked.by)} if due else set()
    return Acknowledged(
        feed=feed,
        by=asked.by,
        releases=tuple(release for release in due if release.id in stored),
        before=before,
        others=place.not_acknowledged(feed),
    )


def _require_operator(feed: str, place: Place, name: str) -> None:
    operators = place.project.settings.operators
    if name in operators:
        return
    named = f"{PROJECT_FILE} names the operators: {', '.join(operators)}"
    raise UsageError(
        f"{name} is no operator",
        where=PROJECT_FILE,
        why=named if operators else f"{PROJECT_FILE} names no operators, so nobody has to acknowledge anything",
        mend=f"say who you are: ringback acknowledge {feed} --by {operators[0]}; or add the name under operators"
        if operators
        else f"write who imports: operators: [{name}]",
    )
