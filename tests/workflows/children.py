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
_CODES = tuple(str(outcome) for outcome in Outcome)


def context() -> ForkServerContext:
    """Processes are forked from one that has loaded ringback and has no other thread."""
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload(["ringback.workflows.undo", "ringback.workflows.quarantine"])
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
    return Outcome(_CODES[code]) if 0 <= code < len(_CODES) else code
