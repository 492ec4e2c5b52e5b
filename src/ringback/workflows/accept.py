"""Take a proposed change into the working copy of a contract. It imports nothing before it is tried and approved."""

from __future__ import annotations

from ringback.errors import UsageError
from ringback.model.run import Plan
from ringback.workflows.place import Place


def accept(plan: Plan, place: Place) -> str:
    """Write the working copy. Returns: its name. Raises: UsageError, where the plan proposes nothing."""
    proposal, feed = plan.proposal, plan.receipt.run.feed
    if proposal is None:
        raise UsageError(
            "there is no change to accept",
            where=plan.receipt.run.file_name or "",
            why="The file fits the contract, or no change is known that would make it fit.",
            mend=f"See what the plan says: ringback plan {feed} FILE",
        )
    place.project.contract_path(feed).write_text(proposal.contract_text, encoding="utf-8", newline="\n")
    return proposal.contract_name
