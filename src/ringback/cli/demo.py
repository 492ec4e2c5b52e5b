"""demo: the night of 10 August."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ringback.cli.frame import JsonOption, remark, say, tell
from ringback.cli.progress import TerminalProgress
from ringback.model.demo import Act
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
        say(f"The night of 10 August, on {clients:,} invented clients, in {folder}/\n")
    remark(f"inventing {clients:,} clients ...")
    with TerminalProgress() as progress:
        night = play(folder, count=clients, seed=seed, progress=progress, tell=_silent if json else _print)
    closing = (
        f"The project is yours to look at:\n  cd {folder} && ringback runs\n"
        "  ringback show R5\n  ringback quarantine clients --run R5 --limit 5"
    )
    tell(night, lambda: closing, json=json)
    raise typer.Exit(0 if night.ends_well else 1)


def _print(act: Act) -> None:
    command = act.command if act.command.startswith("(") else f"$ {act.command}"
    lines = "\n".join(f"  {line}" for line in act.printed.splitlines())
    say(f"{command}\n{lines}\n=> {act.meaning}\n")


def _silent(act: Act) -> None:
    """The figures come in one object at the end."""
