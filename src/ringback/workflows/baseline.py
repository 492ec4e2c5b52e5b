"""What a feed's accepted deliveries taught, and the limits that follow for the next one."""

from __future__ import annotations

from ringback.errors import UsageError
from ringback.model.limits import Known
from ringback.steps.limits import limits
from ringback.workflows.place import Place


def show_baseline(feed: str, place: Place, *, field: str | None = None) -> Known:
    """The limits of a feed, or of one of its fields. Raises: ContractError; UsageError, when there is no such field."""
    contract = place.contract(feed).contract
    if field is not None and field not in contract.fields:
        raise UsageError(f"{feed} has no field {field}", mend=f"its fields: {', '.join(contract.fields)}")
    return Known(
        feed=feed,
        false_alarms=contract.policy.guard.false_alarms,
        limits=limits(place.baseline(feed), contract),
        types={name: spec.type for name, spec in contract.fields.items()},
        field=field,
    )
