"""What every command shares: its options, its one JSON object, its exit codes, its way to fail."""

from __future__ import annotations

import csv
import functools
import getpass
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, ParamSpec

import typer

from ringback.cli.progress import TerminalProgress
from ringback.errors import ContractError, RingbackError, UsageError
from ringback.model.run import Outcome
from ringback.report.as_json import as_json
from ringback.workflows.import_file import Asked
from ringback.workflows.place import Place, open_place

P = ParamSpec("P")

EXIT_CODES = {
    Outcome.PUBLISHED: 0,
    Outcome.UNCHANGED: 0,
    Outcome.DROPPED: 0,
    Outcome.FAILED: 1,
    Outcome.HELD: 3,
    Outcome.REFUSED: 4,
}

ProjectOption = Annotated[
    Path | None,
    typer.Option("--project", metavar="DIR", help="The project's folder; default: where ringback.yaml is, upward."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on stdout.")]
FeedArgument = Annotated[str, typer.Argument(metavar="FEED", help="The feed's name, as in feeds/FEED.yaml.")]
ByOption = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who does it; default: the account.")]


def run_id(written: str) -> int:
    """R19 or 19 -> 19."""
    digits = written.strip().removeprefix("R").removeprefix("r")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise typer.BadParameter("write a run as R19; list them: ringback runs")
    return int(digits)


OptionalRunArgument = Annotated[
    int | None, typer.Argument(metavar="RUN", parser=run_id, help="The run, as R19.", show_default=False)
]
RunArgument = Annotated[int, typer.Argument(metavar="RUN", parser=run_id, help="The run, as R19.")]


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """The outermost frame: errors raised on purpose become a message and their exit code; any other is our bug."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        wants_json = bool(kwargs.get("json"))
        try:
            command(*args, **kwargs)
        except RingbackError as error:
            _tell(error, wants_json=wants_json)
            raise typer.Exit(error.exit_code) from None
        except (typer.Exit, typer.Abort, typer.BadParameter):
            raise
        except Exception as fault:  # noqa: BLE001 - the one place that catches everything
            _confess(fault, wants_json=wants_json)
            raise typer.Exit(1) from None

    return run


def tell(result: object, text: Callable[[], str], *, json: bool) -> None:
    """The command's result: text for people, or the one JSON object."""
    say(dumped(as_json(result)) if json else text())


def say(text: str) -> None:
    """Print to stdout. A reader that has left, as `head` does, is no reason to fail: the exit code tells the rest."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def remark(text: str) -> None:
    """Something beside the result: to stderr."""
    print(text, file=sys.stderr)


def write_page(path: Path, page: str) -> None:
    """Write a report to a file, and say so. Raises: UsageError."""
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as fault:
        raise UsageError("the report cannot be written", where=str(path), why=fault.strerror or "") from None
    remark(f"written: {path}")


def finish(outcome: Outcome) -> None:
    """Leave with the exit code of a run's outcome."""
    raise typer.Exit(EXIT_CODES[outcome])


@contextmanager
def opened(project: Path | None) -> Iterator[Place]:
    """The project that governs a folder."""
    with open_place(project, environ=os.environ) as place:
        yield place


@contextmanager
def asked(by: str | None) -> Iterator[Asked]:
    """Who asks, when, and a progress bar while it lasts."""
    with TerminalProgress() as progress:
        yield Asked(now=datetime.now(UTC), by=account(by), progress=progress)


def account(by: str | None) -> str:
    """The name given, or the account's."""
    try:
        return by or getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "unknown"


def split_key(written: str) -> tuple[str, ...]:
    """KEY as written on the command line: one value, or the values of a composite key as one line of CSV."""
    try:
        (values,) = csv.reader([written], strict=True)
    except (csv.Error, ValueError):
        raise UsageError("the key cannot be read", mend="write its values in order, as one line of CSV") from None
    return tuple(values)


def dumped(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2, default=str)


def _tell(error: RingbackError, *, wants_json: bool) -> None:
    if wants_json:
        say(dumped(as_json(error)))
        return
    if isinstance(error, ContractError) and error.faults:
        remark("\n".join(error.faults))
        if error.mend:
            remark(error.mend)
        return
    remark(str(error))


def _confess(fault: Exception, *, wants_json: bool) -> None:
    """An internal fault. Its message may hold a client's value, so only its kind and place are told."""
    places = [
        f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(fault.__traceback__)
    ]
    told = RingbackError(
        f"internal fault: {type(fault).__name__}",
        where=" <- ".join(reversed(places[-4:])),
        why="this is a bug of ringback; a run is in the database as a whole or not at all",
        mend="See what is in: ringback runs. Please report the first line.",
    )
    _tell(told, wants_json=wants_json)
