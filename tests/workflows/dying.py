"""What a child process does: one act in a project; cut off at a boundary, or held up there until another comes by.

Run by `multiprocessing` through `runpy`, with ORDER among its globals; no test imports it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ringback.errors import RingbackError
from ringback.workflows.import_file import Asked, import_file
from ringback.workflows.place import Place, open_place
from ringback.workflows.quarantine import take_back
from ringback.workflows.release import release_run
from ringback.workflows.scope import Scope
from ringback.workflows.undo import undo_run

ORDER: dict[str, Any] = globals().get("ORDER", {})


class Ordered:
    """Progress that kills its process at the n-th boundary, or waits for others at a named one."""

    def __init__(self) -> None:
        self._count = 0
        self._met = False

    def at(self, boundary: str) -> None:
        if self._count == ORDER.get("cut"):
            os.kill(os.getpid(), signal.SIGKILL)
        self._count += 1
        if boundary == ORDER.get("meet_at") and not self._met:
            self._met = True
            ORDER["barrier"].wait(20)

    def advance(self, step: str, *, done: int, total: int | None) -> None:
        """Nobody is killed on the way."""


def act(place: Place, asked: Asked) -> int:
    """Do what was ordered. Returns: an exit code that tells what became of it."""
    folder = Path(ORDER["folder"])
    acts: dict[str, Callable[[], Any]] = {
        "import": lambda: import_file(folder / ORDER["file"], "clients", place, asked).run,
        "release": lambda: release_run(ORDER["run"], place, asked).run,
        "undo": lambda: undo_run(ORDER["run"], place, asked, scope=Scope()).run,
        "take": lambda: take_back("clients", folder / ORDER["file"], ORDER["run"], place, asked).run,
    }
    try:
        return int(ORDER["codes"][acts[ORDER["act"]]().outcome])
    except RingbackError as error:
        return 100 + error.exit_code


if ORDER:
    with open_place(Path(ORDER["folder"]), environ={}) as opened:
        sys.exit(act(opened, Asked(now=ORDER["now"], by=ORDER["by"], progress=Ordered())))
