"""A feed's policy in words."""

from __future__ import annotations

from collections.abc import Iterator

from ringback.model.contract import Contract, Delivers, Missing
from ringback.model.policy import Duplicates, Limit

_DUPLICATES = {
    Duplicates.REJECT: "Rows that share their key go to quarantine, all of them",
    Duplicates.FIRST: "Of rows that share their key the first is taken",
    Duplicates.LAST: "Of rows that share their key the last is taken",
}
MISSING = {
    Missing.KEEP: "A client whom a delivery no longer has stays in the table as he is.",
    Missing.CLOSE: "A client whom a delivery no longer has stays, marked as closed.",
    Missing.DELETE: "A client whom a delivery no longer has is deleted.",
}
DELIVERS = {
    Delivers.SNAPSHOT: "Every client each time (snapshot).",
    Delivers.CHANGES: "Only clients that are new or changed (changes); nobody is missing from a delivery.",
}


def policy_sentences(contract: Contract) -> Iterator[tuple[str, str]]:
    """The key of the policy, and what it says."""
    policy = contract.policy
    yield (
        "quarantined",
        f"A delivery is held when more than {_of(policy.quarantined.hold_above, 'its rows')} cannot be read.",
    )
    limit = _of(policy.duplicated.hold_above, "its rows")
    yield "duplicates", f"{_DUPLICATES[policy.duplicates]}; a delivery is held when they are more than {limit}."
    if contract.delivers is Delivers.SNAPSHOT:
        limit = _of(policy.shrunk.hold_above, "them")
        yield "shrunk", f"A delivery is held when it has fewer rows than the one before, by more than {limit}."
    if contract.delivers is Delivers.SNAPSHOT and contract.missing is not Missing.KEEP:
        yield "removed", _removed(contract)
    for name, rule in policy.changed.items():
        limit = _of(rule.hold_above, "the held clients")
        yield "changed", f"A delivery is held when {name} would change for more than {limit}."
    odds = policy.guard.false_alarms
    yield "guard", f"The learned limits are set so that about {odds} ordinary deliveries is held by mistake."


def _removed(contract: Contract) -> str:
    act = "closed" if contract.missing is Missing.CLOSE else "deleted"
    rule = contract.policy.removed
    if rule is None:
        return f"A delivery is held when more than 20 clients and more than 1 % of them would be {act}."
    return f"A delivery is held when more than {_of(rule.hold_above, 'the held clients')} would be {act}."


def _of(limit: Limit, what: str) -> str:
    return f"{limit.rows} of {what}" if limit.rows is not None else f"{limit} of {what}"
