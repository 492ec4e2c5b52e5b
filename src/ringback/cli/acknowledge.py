"""acknowledge: an operator says that he knows what a release changes."""

from __future__ import annotations

from ringback.cli.frame import ByOption, FeedArgument, JsonOption, ProjectOption, asked, opened, tell
from ringback.report.acknowledge import acknowledged_text
from ringback.workflows.acknowledge import acknowledge as acknowledge_feed


def acknowledge(
    feed: FeedArgument, by: ByOption = None, project: ProjectOption = None, json: JsonOption = False
) -> None:
    """Show what the newest releases change, and keep that you know. Until then your imports show it first.

    Operators are named in ringback.yaml. A new release asks anew; nothing is acknowledged twice.

    Example: ringback acknowledge clients
    """
    with opened(project) as place, asked(by) as request:
        told = acknowledge_feed(feed, place, request)
    tell(told, lambda: acknowledged_text(told), json=json)
