"""What the demo shows and measures."""

from __future__ import annotations

from dataclasses import dataclass

from ringback.model.run import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing done in the demo."""

    command: str  # as a user would type it; in brackets, what no command of ringback does
    printed: str
    meaning: str = ""
    opens: str = ""  # the title of the chapter that begins with it
    outcome: Outcome | None = None  # of an import or a release


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Values of one field that are not the truth."""

    false: int = 0  # well formed, and never true of this client
    stale: int = 0  # true yesterday
    empty: int = 0  # nothing, where the truth has a value

    @property
    def values(self) -> int:
        """All of them."""
        return self.false + self.stale + self.empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """Clients as a table holds them, against the truth, value by value."""

    of: int  # clients of the truth
    clients: int  # with at least one wrong value
    absent: int  # clients of the truth that the table has not
    strangers: int  # clients that only the table has
    by_field: dict[str, Wrong]  # every field compared

    @property
    def values(self) -> int:
        """Wrong values of the clients that both have."""
        return sum(wrong.values for wrong in self.by_field.values())

    @property
    def is_none(self) -> bool:
        """Whether the table is the truth."""
        return not (self.values or self.absent or self.strangers)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainLoad:
    """What plain loaders make of a delivery under the changed configuration."""

    rows: int
    damage: Damage  # of a loader that leaves empty what it cannot read
    dropped: int  # rows with a value that cannot be read: a stricter loader drops them
    kept_wrong: int  # of the rows that the stricter loader keeps: those with a wrong value


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The runs of the night by what they show, as R5."""

    refused: str
    unreadable: str  # held: no row could be read
    let_through: str
    undo: str
    mended: str
    lie: str  # held: the file itself was false
    incident: int  # that a caller's complaint opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """The night in figures."""

    folder: str
    clients: int
    clean: Damage  # after the two clean nights
    plain_loader: PlainLoad
    let_through: Damage
    restored: int  # values that the undo of `let_through` brought back
    kept: int
    not_possible: int
    undone: Damage
    mended: Damage  # at the end of all
    runs: Runs
    wrong_client: str  # a client whose birth date is false in the run let through

    @property
    def ends_well(self) -> bool:
        """Whether nothing wrong is left."""
        return self.undone.is_none and self.mended.is_none
