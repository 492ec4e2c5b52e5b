"""approve: makes the working contract the feed's release."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Annotated

import typer

from ringback.cli.frame import ByOption, FeedArgument, JsonOption, ProjectOption, asked, opened, remark, tell
from ringback.model.release import Approval
from ringback.report.approval import approval_text, proposal_text
from ringback.workflows.approve import Wanted, consider, settle


def approve(
    feed: FeedArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why the contract is right.")] = "",
    author: Annotated[
        str | None, typer.Option("--author", metavar="NAME", help="Who made the change; default: as git tells it.")
    ] = None,
    emergency: Annotated[
        bool, typer.Option("--emergency", help="Untried, by anybody; told at once, and in every receipt.")
    ] = False,
    by: ByOption = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Let this contract, read by this software, import from now on; no other may.

    A change of what is approved must have been tried: ringback trial FEED. Who is named under approvers in
    ringback.yaml approves what others have changed.

    Example: ringback approve clients --reason "dates checked against the billing screen"
    """
    wanted = Wanted(reason=reason, author=author, emergency=emergency)
    with opened(project) as place:
        with asked(by) as request:
            considered = consider(feed, place, request, wanted)
        asks = considered.is_new and not reason and not json and sys.stdin.isatty()
        approval = settle(_with_reason(considered) if asks else considered, place, request)
    tell(approval, lambda: approval_text(approval, shown=asks), json=json)


def _with_reason(considered: Approval) -> Approval:
    """Show what is different, and ask why it is right."""
    remark(proposal_text(considered))
    reason = typer.prompt("Why is this right?", err=True)
    return replace(considered, release=replace(considered.release, reason=reason))
