"""What the demo shows and measures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing done in the demo."""

    command: str
    printed: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """Values that are not the truth, counted in the fields that the midnight update touched."""

    values: int
    clients: int  # with at least one of them
    of: int
    by_field: dict[str, int]

    def sentence(self) -> str:
        """In words."""
        if not self.values:
            return f"0 wrong values in {self.of:,} clients."
        fields = ", ".join(f"{name} {number:,}" for name, number in self.by_field.items() if number)
        return f"{self.values:,} wrong values in {self.clients:,} of {self.of:,} clients ({fields})."


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """The night in figures."""

    folder: str
    clients: int
    plain_loader: Damage
    let_through: Damage
    after_undo: Damage
    mended: Damage

    @property
    def ends_well(self) -> bool:
        """Whether nothing wrong is left."""
        return not self.after_undo.values and not self.mended.values
