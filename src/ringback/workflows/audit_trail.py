"""The audit trail of a project's database, verified."""

from __future__ import annotations

import re

from ringback.errors import UsageError
from ringback.model.event import ChainReport
from ringback.steps.chain import verify
from ringback.workflows.place import Place

_HASH = re.compile("[0-9a-f]{64}")


def audit_trail(place: Place, *, head: str | None) -> ChainReport:
    """Every fault of the trail; with `head`, whether the event with this hash is still in it.

    Raises: UsageError, when `head` is no hash; StoreError.
    """
    if head is not None and not _HASH.fullmatch(head):
        raise UsageError(
            "this is no hash of an event",
            where="--head",
            mend="Give all of its 64 hexadecimal digits, as ringback check --audit-trail printed them.",
        )
    return verify(place.store.chain(), head=head)
