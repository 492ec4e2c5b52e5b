"""Contracts drafted from samples: what the bytes decide is written with its evidence, what they do not is said."""

from ringback.contracts.draft.drafting import draft
from ringback.contracts.draft.evidence import UNDECIDED, Doubt, Draft, FieldDraft, InitReport, KeyDraft, SourceDraft
from ringback.contracts.draft.writing import contract_text

__all__ = [
    "UNDECIDED",
    "Doubt",
    "Draft",
    "FieldDraft",
    "InitReport",
    "KeyDraft",
    "SourceDraft",
    "contract_text",
    "draft",
]
