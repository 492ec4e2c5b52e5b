"""demo: the night of 10 August."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from ringback.cli.frame import EXIT_CODES, JsonOption, remark, tell
from ringback.cli.progress import TerminalProgress
from ringback.model.demo import Act
from ringback.report.demo import act_text, closing_text, opening_text
from ringback.workflows.demo import play


def demo(
    folder: Annotated[Path, typer.Option("--folder", metavar="DIR", help="The demo's own project.")] = Path(
        "ringback-demo"
    ),
    clients: Annotated[int, typer.Option("--clients", metavar="N", min=1_000, help="How many are invented.")] = 100_000,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another seed, other clients.")] = 10,
    json: JsonOption = False,
) -> None:
    """Play the night of 10 August: what a plain loader does, where ringback stops it, and how it is taken back.

    Example: ringback demo
    """
    if not json:
        print(opening_text(clients, str(folder)), flush=True)
    remark(f"inventing {clients:,} clients, four nights of them ...")
    with TerminalProgress() as progress:
        night = play(folder, count=clients, seed=seed, progress=progress, tell=_silent if json else _print)
    tell(night, lambda: closing_text(night, program=_program()), json=json)
    raise typer.Exit(0 if night.ends_well else 1)


def _print(act: Act) -> None:
    print(act_text(act, exit_code=None if act.outcome is None else EXIT_CODES[act.outcome]), flush=True)


def _silent(act: Act) -> None:
    """The figures come in one object at the end."""


def _program() -> str:
    """How this program was called, so that it can be called again: it may not be on the path."""
    return "ringback" if shutil.which("ringback") else sys.argv[0]
