"""approve: makes the working contract the feed's release."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from ringback.cli.frame import ByOption, FeedArgument, JsonOption, ProjectOption, account, opened, tell
from ringback.report.approval import approval_text
from ringback.workflows.approve import approve as approve_feed


def approve(
    feed: FeedArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why the contract is right.")] = "",
    by: ByOption = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Let this contract, read by this software, import from now on; no other may.

    Example: ringback approve clients --reason "dates checked against the billing screen"
    """
    with opened(project) as place:
        approval = approve_feed(feed, place, now=datetime.now(UTC), by=account(by), reason=reason)
    tell(approval, lambda: approval_text(approval), json=json)
