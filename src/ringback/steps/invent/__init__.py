"""Invents clients from a seed, in truth and as a supplier would deliver them: for the demo, bench and tests.

Only whole-number draws are used, so that one seed gives the same clients on every machine.
"""

from __future__ import annotations

from ringback.steps.invent.clients import SCHEMA, invent
from ringback.steps.invent.contract import CONTRACT_YAML
from ringback.steps.invent.delivered import as_delivered
from ringback.steps.invent.nights import next_night

__all__ = ["CONTRACT_YAML", "SCHEMA", "as_delivered", "invent", "next_night"]
