"""Acts in processes of their own: started from one that has ringback loaded already, so that each takes no time."""

from __future__ import annotations

import multiprocessing
import runpy
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

from ringback.model.run import Outcome

from .office import NOW

_SCRIPT = Path(__file__).parent / "dying.py"
_LOADED = [
    f"ringback.{name}"
    for name in ("workflows.undo", "workflows.quarantine", "store.sql_store", "store.sqlite", "store.postgresql")
]
_CODES = {str(kind): 50 + number for number, kind in enumerate(Outcome)}  # 1 is an error that nobody expected


def context() -> ForkServerContext:
    """Processes are forked from one that has loaded ringback and has no other thread."""
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload(_LOADED)
    return forking


def start(folder: Path, act: str, **order: Any) -> ForkServerProcess:
    """Begin an act (import, release, undo, take) in a new process."""
    told = {"folder": str(folder), "act": act, "codes": _CODES, "now": NOW, "by": "night shift", **order}
    child = context().Process(target=runpy.run_path, args=(str(_SCRIPT),), kwargs={"init_globals": {"ORDER": told}})
    child.start()
    return child


def outcome(child: ForkServerProcess) -> Outcome | int:
    """What became of it: the outcome of its run; an error's exit code and 100; the negative number of a signal."""
    child.join(60)
    code = child.exitcode
    assert code is not None, "it is not done after a minute"
    return next((Outcome(kind) for kind, of_kind in _CODES.items() if of_kind == code), code)
