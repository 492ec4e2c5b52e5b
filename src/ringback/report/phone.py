"""What phones need in the database, as text."""

from __future__ import annotations

from ringback.model.phone import Prepared


def prepared_text(prepared: Prepared) -> str:
    """What was made, what was there, and what somebody else has to do."""
    lines = [f"{prepared.feed}: table {prepared.table} is ready for phones"]
    lines += [f"made      {what}" for what in prepared.made]
    lines += [f"there was {what}" for what in prepared.there]
    if prepared.left:
        lines += ["", "This account may not make roles. Let somebody who may run:"]
        lines += [f"  {statement};" for statement in prepared.left]
    return "\n".join(lines)
