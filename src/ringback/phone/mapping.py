"""Whether `phone` in ringback.yaml fits the contract of its feed."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

import phonenumbers

from ringback.model.contract import Contract
from ringback.model.phone import PhoneSettings


def mapping_faults(settings: PhoneSettings, contract: Contract) -> tuple[str, ...]:
    """Every fault of the mapping, as sentences."""
    return tuple(_faults(settings, contract))


def _faults(settings: PhoneSettings, contract: Contract) -> Iterator[str]:
    if settings.region not in phonenumbers.SUPPORTED_REGIONS:
        yield f'phone.region: "{settings.region}" is no region with telephone numbers: write two capitals, as GB'
    for name in settings.fields:
        if name not in contract.fields:
            meant = get_close_matches(name, list(contract.fields), n=1)
            hint = f': did you mean "{meant[0]}"?' if meant else f", which has: {', '.join(contract.fields)}"
            yield f'phone: "{name}" is no field of {contract.feed}{hint}'
    for name in settings.numbers:
        spec = contract.fields.get(name)
        if spec is not None and spec.type != "phone":
            yield (
                f"phone.numbers: {name} is a {spec.type} field: only fields of type phone hold numbers that can be "
                "looked up, whatever way they are dialled"
            )
