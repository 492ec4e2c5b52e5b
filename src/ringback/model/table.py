"""What reading a file with nothing told may have to say beside its rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing about a file as read: a doubt, if the table may be wrong; a note, if it is merely odd."""

    why: str
    line: int | None = None  # counted as an editor counts; None: the whole file
    readings: tuple[str, ...] = ()  # what it may mean, side by side; values of the file, for people entitled to them

    def __str__(self) -> str:
        head = self.why if self.line is None else f"line {self.line}: {self.why}"
        return "\n".join([head, *(f"    {reading}" for reading in self.readings)])
