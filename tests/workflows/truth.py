"""The truth, in dictionaries: what imports, undos and edits of others must come to. Obvious, and of no database."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ringback.model.run import Rows

FIELDS = ("name", "born_on", "balance")
WHOLE = "*"  # a record as one: it came or went

Record = dict[str, str | None]
Cell = tuple[str, str]  # client, field


@dataclass(frozen=True)
class Row:
    """One row as delivered: a client's values as the table will have them, or a fault."""

    key: str
    values: tuple[str | None, ...]
    fault: str | None = None  # "value": one value has no meaning; "key": nobody knows whose row it is


@dataclass
class Change:
    """One published run: what it did to each cell."""

    number: int
    cells: dict[Cell, tuple[object, object]] = field(default_factory=dict)  # before, after; a record is a dict
    content: str | None = None  # of an import
    undoes: int | None = None
    partial: bool = False


@dataclass
class Expected:
    """What an import is to come to."""

    rows: Rows
    missing: int
    removed: int
    closed: int
    change: Change


class Truth:
    """A feed and its table."""

    def __init__(self, missing: str, duplicates: str) -> None:
        self.missing, self.duplicates = missing, duplicates
        self.live: dict[str, Record] = {}
        self.changes: list[Change] = []

    # -- imports
    def expect(self, rows: list[Row]) -> Expected:
        """What these rows would come to now."""
        good, apart = self._chosen([row for row in rows if row.fault is None])
        spared = {row.key for row in rows if row.fault == "value"} | apart
        cells: dict[Cell, tuple[object, object]] = {}
        counts: Counter[str] = Counter()
        for key, record in good.items():
            if key not in self.live:
                counts["added"] += 1
                cells[key, WHOLE] = (None, record)
            else:
                differing = {name: (self.live[key][name], record[name]) for name in record}
                changed = {(key, name): both for name, both in differing.items() if both[0] != both[1]}
                counts["changed" if changed else "unchanged"] += 1
                cells.update(changed)
        absent = [key for key in self.live if key not in good and key not in spared]
        for key in absent:
            counts.update(self._leave(key, cells))
        read = Rows(
            read=len(rows),
            added=counts["added"],
            changed=counts["changed"],
            unchanged=counts["unchanged"],
            quarantined=sum(row.fault is not None for row in rows),
            duplicate=sum(row.fault is None for row in rows) - len(good),
        )
        return Expected(read, len(absent), counts["removed"], counts["closed"], Change(0, cells))

    def _chosen(self, rows: list[Row]) -> tuple[dict[str, Record], set[str]]:
        """(the records taken, clients of rows that are not because they share their key)."""
        times = Counter(row.key for row in rows)
        ordered = rows[::-1] if self.duplicates == "first" else rows  # the last one written stays
        taken = {row.key: self._record(row) for row in ordered if times[row.key] == 1 or self.duplicates != "reject"}
        return taken, {key for key, count in times.items() if count > 1}

    def _record(self, row: Row) -> Record:
        closed = {"closed": "false"} if self.missing == "close" else {}
        return {**dict(zip(FIELDS, row.values, strict=True)), **closed}

    def _leave(self, key: str, cells: dict[Cell, tuple[object, object]]) -> list[str]:
        if self.missing == "delete":
            cells[key, WHOLE] = (dict(self.live[key]), None)
            return ["removed"]
        if self.missing == "close" and self.live[key]["closed"] == "false":
            cells[key, "closed"] = ("false", "true")
            return ["closed"]
        return []

    # -- undo
    def undone(self) -> set[int]:
        """Runs that are taken back whole."""
        back: set[int] = set()
        for change in reversed(self.changes):
            if change.undoes is not None and not change.partial and change.number not in back:
                back.add(change.undoes)
        return back

    def expect_undo(self, change: Change, name: str | None, key: str | None) -> tuple[Change, int]:
        """(what takes a run back, how many of its cells are kept)."""
        cells: dict[Cell, tuple[object, object]] = {}
        kept = 0
        for cell, (before, after) in change.cells.items():
            if (name is not None and cell[1] != name) or (key is not None and cell[0] != key):
                continue
            if self._touched_since(change, cell) or self._now(cell) != after:
                kept += 1
            else:
                cells[cell] = (after, before)
        return Change(0, cells, undoes=change.number, partial=name is not None or key is not None), kept

    def _touched_since(self, change: Change, cell: Cell) -> bool:
        """Whether a later run changed the cell, and was not itself taken back there."""
        later = [other for other in self.changes if other.number > change.number]
        touching = {other.number: self._touches(other, cell) for other in later}
        for other in reversed(later):
            if other.undoes in touching and touching[other.number] & touching[other.undoes]:
                pair = touching[other.number] & touching[other.undoes]
                touching[other.number] -= pair
                touching[other.undoes] -= pair
        return any(touching.values())

    def _touches(self, change: Change, cell: Cell) -> set[Cell]:
        key, name = cell
        return {(other, of) for other, of in change.cells if other == key and (name == WHOLE or of in (name, WHOLE))}

    def _now(self, cell: Cell) -> object:
        key, name = cell
        record = self.live.get(key)
        if name == WHOLE:
            return record
        return record[name] if record is not None else "nobody is there"

    # -- what was done
    def publish(self, change: Change, number: int) -> None:
        """It is in."""
        change.number = number
        self.changes.append(change)
        for (key, name), (_, after) in change.cells.items():
            if name != WHOLE:
                self.live[key][name] = after  # type: ignore[assignment]
            elif after is None:
                del self.live[key]
            else:
                self.live[key] = dict(after)  # type: ignore[call-overload]

    def shows(self, content: str) -> bool:
        """Whether the newest run is an import of this content."""
        return bool(self.changes) and self.changes[-1].content == content

    def table(self, columns: tuple[str, ...]) -> dict[str, tuple[str | None, ...]]:
        """The live table as a test reads it."""
        return {key: tuple(record[name] for name in columns) for key, record in self.live.items()}
