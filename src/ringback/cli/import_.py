"""import: the nine steps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ringback.cli.frame import (
    EXIT_CODES,
    ByOption,
    FeedArgument,
    JsonOption,
    ProjectOption,
    account,
    asked,
    dumped,
    opened,
    remark,
    say,
)
from ringback.model.release import Release
from ringback.model.run import Receipt
from ringback.report.acknowledge import unread_text
from ringback.report.as_json import as_json
from ringback.report.receipt import receipt_text
from ringback.workflows.import_file import import_file


def import_(
    feed: FeedArgument,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Deliveries, oldest first.")],
    by: ByOption = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Import deliveries: all good records of a file or none, bad rows to quarantine, nothing lost.

    The first file that is not published ends the command: what comes after it was made to follow it.

    Example: ringback import clients clients_2024-08-09.csv
    """
    receipts: list[Receipt] = []
    with opened(project) as place:
        _tell_notes(place.unacknowledged(feed, account(by)), account(by))
        for file in files:
            with asked(by) as request:
                receipts.append(import_file(file, feed, place, request))
            if EXIT_CODES[receipts[-1].run.outcome]:
                break
    _tell(receipts, feed, left=len(files) - len(receipts), json=json)
    raise typer.Exit(EXIT_CODES[receipts[-1].run.outcome])


def _tell_notes(releases: Sequence[Release], by: str) -> None:
    """What an operator has yet to acknowledge, before anything else."""
    if releases:
        remark(unread_text(releases, by))


def _tell(receipts: list[Receipt], feed: str, *, left: int, json: bool) -> None:
    """One file: its receipt as it is. Several: all receipts, and how many files were not begun."""
    if json:
        told = [as_json(receipt) for receipt in receipts]
        say(dumped(told[0] if len(told) + left == 1 else {"imports": told, "not_begun": left}))
        return
    say("\n\n".join(receipt_text(receipt, contract_name=f"feeds/{feed}.yaml") for receipt in receipts))
    if left:
        say(f"\nnot begun: the {left} files after it" if left > 1 else "\nnot begun: the file after it")
