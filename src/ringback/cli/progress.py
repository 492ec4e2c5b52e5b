"""A progress bar on a terminal, for steps that last; nothing in pipes."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

PATIENCE_SECONDS = 1.0  # shorter work shows no bar; issue 2, point 15

_STEPS = {
    "receive": "receiving",
    "read": "reading",
    "plan": "planning",
    "audit": "auditing",
    "gate": "checking the release",
    "publish": "publishing",
    "readback": "reading back",
    "held": "setting aside",
    "undo": "taking back",
    "trial": "reading again",
    "drill": "drilling",
    "repair": "repairing",
    "export": "drawing a sample",
}


class TerminalProgress:
    """Shows the step under way on stderr. Given to workflows as their `Progress`."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task = self._bar.add_task("", total=None)
        self._shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._shown:
            self._bar.stop()

    def at(self, boundary: str) -> None:
        """Name the step that this boundary begins or belongs to."""
        self._show(_STEPS.get(boundary.partition(".")[0], boundary), done=None, total=None)

    def advance(self, step: str, *, done: int, total: int | None) -> None:
        """Move the bar."""
        self._show(_STEPS.get(step, step), done=done, total=total)

    def _show(self, description: str, *, done: int | None, total: int | None) -> None:
        if not self._shown and time.monotonic() - self._begun >= PATIENCE_SECONDS:
            self._bar.start()
            self._shown = True
        self._bar.update(self._task, description=description, completed=done or 0, total=total)
