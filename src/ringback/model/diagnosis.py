"""A diagnosis: what would make a change set's values false, by name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One misreading that explains changed values of one or more fields.

    "36,104 of these 36,104 new dates are the old date with `sentence`."
    """

    code: str  # in the catalogue: "date.day_month"
    sentence: str  # "day and month exchanged"
    fields: tuple[str, ...]
    changed_count: int  # values of these fields that change
    explained_count: int  # of them, those that the misreading makes of the old ones
    record_count: int  # records with a value that is explained

    @property
    def share_explained(self) -> float:
        """0 to 1, of the changed values."""
        return self.explained_count / self.changed_count
