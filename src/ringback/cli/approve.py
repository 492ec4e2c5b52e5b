"""approve: makes the working contract the feed's release."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from ringback.cli.frame import ByOption, FeedArgument, JsonOption, ProjectOption, account, opened, tell
from ringback.model.release import Approval
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
    tell(approval, lambda: _text(approval), json=json)


def _text(approval: Approval) -> str:
    release = approval.release
    if not approval.is_new:
        return (
            f"{release.feed}: this contract is release {release.id} already, "
            f"approved by {release.approved_by} on {release.approved_at:%Y-%m-%d}"
        )
    software = ", ".join(f"{name} {version}" for name, version in release.software.items())
    return (
        f"{release.feed}: release {release.id} approved by {release.approved_by}\n"
        f"  fingerprint {release.fingerprint[:12]} (the contract's meaning; {software})"
    )
