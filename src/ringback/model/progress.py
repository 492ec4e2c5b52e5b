"""How long work tells where it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told at every step boundary, and along the way of long steps.

    Boundaries have stable names ("publish.history_written"); tests cut the power at each of them.
    """

    def at(self, boundary: str) -> None:
        """The work has come to this boundary."""

    def advance(self, step: str, *, done: int, total: int | None) -> None:
        """`done` of `total` rows or bytes of a step are behind."""


class Silent:
    """Progress that nobody watches."""

    def at(self, boundary: str) -> None:
        """Say nothing."""

    def advance(self, step: str, *, done: int, total: int | None) -> None:
        """Say nothing."""
