"""status: every feed on one screen."""

from __future__ import annotations

from datetime import UTC, datetime

from ringback.cli.frame import JsonOption, ProjectOption, opened, tell
from ringback.report.status import status_text
from ringback.workflows.status import status as status_of


def status(project: ProjectOption = None, json: JsonOption = False) -> None:
    """Show every feed on one screen: what waits for a person first, then the last run, the release, who has not read.

    Example: ringback status
    """
    with opened(project) as place:
        told = status_of(place, now=datetime.now(UTC))
    tell(told, lambda: status_text(told), json=json)
