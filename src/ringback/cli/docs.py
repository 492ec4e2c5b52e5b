"""docs: the manual of the configuration, as pages."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ringback.cli.frame import JsonOption, ProjectOption, tell
from ringback.errors import UsageError
from ringback.report.manual import manual_text
from ringback.workflows.manual import FOLDER, Wanted, write_manual


def docs(
    feeds: Annotated[list[str] | None, typer.Argument(metavar="[FEED]...", help="Feeds to write pages of.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All feeds.")] = False,
    into: Annotated[
        Path | None, typer.Option("--into", metavar="DIR", help=f"Where; default: {FOLDER} in the project's folder.")
    ] = None,
    only_written: Annotated[
        bool,
        typer.Option(
            "--only-written", help="What the files say alone: no database, no archive; changes only with them."
        ),
    ] = False,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Write a manual of the configuration: HTML that needs nothing beside it, and Markdown of the same content.

    Each field: how it is read, examples, what is rejected, what is usual; the policy, the drill, and who approved what.
    Examples are scrambled or invented: no value of a client is in it.

    Example: ringback docs --all
    """
    if bool(feeds) == every:
        raise UsageError("which feeds?", mend="name them, or write --all: ringback docs --all")
    wanted = Wanted(feeds=tuple(feeds or ()), into=into, only_written=only_written)
    report = write_manual(project, wanted, environ=os.environ)
    report = replace(report, into=_from_here(report.into))
    tell(report, lambda: manual_text(report), json=json)
    raise typer.Exit(2 if report.faulty else 0)


def _from_here(folder: Path) -> Path:
    """As short as people would write it."""
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
