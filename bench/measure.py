"""Runs one program and measures it from start to exit.

This process stays small: Linux counts the parent's memory at the time of the fork towards the child's peak.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One program, once."""

    side: str
    command: str
    seconds: float  # wall clock, interpreter start and exit included
    cpu_seconds: float  # of the program, not of the database
    peak_bytes: int  # resident, of the program, not of the database
    steps: dict[str, float] = field(default_factory=dict)  # step -> seconds, where the program tells


def measure(
    side: str, command: Sequence[str], *, exits: Sequence[int] = (0,), environment: Mapping[str, str] | None = None
) -> Measured:
    """Run the program to its end. Raises: RuntimeError, when it ends otherwise than it should."""
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as remarks:
        started = time.perf_counter()
        program = subprocess.Popen(
            command, stdout=told, stderr=remarks, cwd=ROOT, env={**os.environ, **(environment or {})}
        )
        _, status, usage = os.wait4(program.pid, 0)
        seconds = time.perf_counter() - started
        program.returncode = os.waitstatus_to_exitcode(status)
        if program.returncode not in exits:
            raise RuntimeError(f"{side}: exit {program.returncode}\n{_text(remarks)[-3000:]}\n{_text(told)[-3000:]}")
        return Measured(
            side=side,
            command=" ".join(_short(part) for part in command),
            seconds=seconds,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            peak_bytes=usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
            steps=_steps(_text(told)),
        )


def _text(stream: object) -> str:
    stream.seek(0)  # type: ignore[attr-defined]
    return str(stream.read(), errors="replace")  # type: ignore[attr-defined]


def _short(part: str) -> str:
    """Without this machine's paths and the server's address."""
    if part.startswith("postgresql://"):
        return "URI"
    path = Path(part)
    return str(path.relative_to(ROOT)) if path.is_absolute() and path.is_relative_to(ROOT) else part


def _steps(told: str) -> dict[str, float]:
    """The seconds that `ringback import --json` tells for its steps."""
    lines = told.strip()
    return dict(json.loads(lines).get("seconds", {})) if lines.startswith("{") else {}
