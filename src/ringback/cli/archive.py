"""archive export: a sample of archived deliveries, for pipelines."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from ringback.cli.frame import FeedArgument, JsonOption, ProjectOption, asked, opened, tell
from ringback.errors import UsageError
from ringback.report.sample import exported_text
from ringback.workflows.sample_export import Wanted, export_sample

SECRET = "RINGBACK_SCRAMBLE_SECRET"  # noqa: S105 - the variable's name
_FEWEST = 16  # letters of a secret


def archive_export(
    feed: FeedArgument,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to; the sample lies in DIR/FEED.")],
    rows: Annotated[int, typer.Option("--rows", metavar="N", min=10, help="Rows of each delivery, at most.")] = 2_000,
    newest: Annotated[int, typer.Option("--newest", metavar="N", min=1, help="Deliveries, the newest ones.")] = 3,
    scramble: Annotated[
        bool, typer.Option("--scramble", help="Replace every client value by another of its shape.")
    ] = False,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Write a sample of archived deliveries for `ringback ci --sample DIR`: with every kind of reject and every code.

    Scrambled, the same text becomes the same text in every delivery, so that keys stay keys. The secret is made for
    this export and forgotten; set RINGBACK_SCRAMBLE_SECRET to scramble several feeds, or later exports, alike.

    Example: ringback archive export clients samples --rows 2000 --scramble
    """
    wanted = Wanted(rows=rows, newest=newest, secret=_secret() if scramble else None)
    with opened(project) as place, asked(None) as request:
        exported = export_sample(feed, folder, place, request, wanted)
    tell(exported, lambda: exported_text(exported), json=json)


def _secret() -> bytes:
    """One for this export, or the one that the environment has."""
    given = os.environ.get(SECRET)
    if given is None:
        return secrets.token_bytes(32)
    if len(given) < _FEWEST:
        raise UsageError(f"{SECRET} is too short to be a secret", mend=f"Give it {_FEWEST} characters or more.")
    return hashlib.sha256(given.encode()).digest()
