"""Pieces of two readings, cut so that both sides of a pair cover the same lines of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from ringback.model.rows import LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What one contract makes of some lines of a delivery, in their order.

    Shapes:
        rows: LINE and the delivered columns, all text.
        records: LINE and the contract's fields, typed.
        rejects: REJECT_SCHEMA.
    """

    rows: pl.DataFrame
    records: pl.DataFrame
    rejects: pl.DataFrame

    @property
    def last(self) -> int | None:
        """The last line that a row of it begins at; None where it has no rows."""
        lines = [part[name].max() for part, name in ((self.rows, LINE), (self.rejects, "line")) if part.height]
        return max(int(str(line)) for line in lines) if lines else None

    def until(self, line: int) -> Piece:
        """Its rows up to this line."""
        return self._filtered(pl.col(LINE) <= line, pl.col("line") <= line)

    def after(self, line: int) -> Piece:
        """Its rows beyond this line."""
        return self._filtered(pl.col(LINE) > line, pl.col("line") > line)

    def joined(self, later: Piece) -> Piece:
        """Both, one after the other."""
        return Piece(
            rows=pl.concat([self.rows, later.rows]),
            records=pl.concat([self.records, later.records]),
            rejects=pl.concat([self.rejects, later.rejects]),
        )

    def _filtered(self, rows: pl.Expr, rejects: pl.Expr) -> Piece:
        return Piece(
            rows=self.rows.filter(rows), records=self.records.filter(rows), rejects=self.rejects.filter(rejects)
        )


def aligned(old: Iterator[Piece], new: Iterator[Piece], none: tuple[Piece, Piece]) -> Iterator[tuple[Piece, Piece]]:
    """Two readings of one file that cut it differently, side by side; memory depends on their pieces only.

    none: an empty piece of each.
    """
    sides = _Side(old, none[0]), _Side(new, none[1])
    while not all(side.is_over for side in sides):
        behind = min((side for side in sides if not side.is_over), key=lambda side: side.reached)
        behind.go_on()
        cut = min(side.reached for side in sides)
        yield sides[0].take(cut), sides[1].take(cut)


class _Side:
    """One of the readings: what it gave and nobody took yet."""

    def __init__(self, pieces: Iterator[Piece], none: Piece) -> None:
        self._pieces, self._none = pieces, none
        self._waiting = none
        self.reached = -1  # all rows up to this line are here
        self.is_over = False

    def go_on(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            self.is_over, self.reached = True, 2**62
            return
        self._waiting = self._waiting.joined(piece)
        self.reached = max(self.reached, piece.last or 0)

    def take(self, line: int) -> Piece:
        taken, self._waiting = self._waiting.until(line), self._waiting.after(line)
        return taken
