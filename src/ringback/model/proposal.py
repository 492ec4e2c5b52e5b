"""A change of the contract that would make a delivery fit: proposed with its evidence, taken by a person or not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What to change in the working copy of a contract."""

    contract_name: str  # feeds/clients.yaml
    contract_text: str  # all of it, changed
    diff: str  # unified
    reasons: tuple[str, ...]  # a sentence each: what the delivery has otherwise, and what speaks for the change
    left: tuple[str, ...] = ()  # what no change of the contract mends, in sentences
