"""init: drafts a project and a contract from sample files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ringback.cli.frame import JsonOption, tell
from ringback.errors import UsageError
from ringback.report.evidence import evidence_text
from ringback.workflows.init import init_project


def init(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Samples: deliveries as they come.")],
    decide: Annotated[
        list[str] | None, typer.Option("--decide", metavar="FIELD=READING", help="Settle what is undecided.")
    ] = None,
    feed: Annotated[str | None, typer.Option("--feed", metavar="NAME", help="Default: from the file's name.")] = None,
    target: Annotated[
        str | None, typer.Option("--target", metavar="URL", help="sqlite:///... or postgresql://...")
    ] = None,
    layout: Annotated[
        Path | None, typer.Option("--layout", metavar="FILE", help="Fixed width: a copybook, or name,start,length.")
    ] = None,
    project: Annotated[Path, typer.Option("--project", metavar="DIR", help="Where to write; default: here.")] = Path(),
    json: JsonOption = False,
) -> None:
    """Draft ringback.yaml and feeds/FEED.yaml from samples, with the evidence for each reading.

    Example: ringback init clients_2024-08-09.csv --decide born_on=%d/%m/%Y
    """
    report = init_project(
        project,
        tuple(files),
        decide=_decisions(decide or []),
        feed=feed,
        target=target,
        now=datetime.now(UTC),
        layout=layout,
    )
    tell(report, lambda: evidence_text(report), json=json)


def _decisions(written: list[str]) -> dict[str, str]:
    decisions: dict[str, str] = {}
    for decision in written:
        name, equals, reading = decision.partition("=")
        if not equals or not name:
            raise UsageError(
                f'"{decision}" decides nothing', where="--decide", mend="Write FIELD=READING, born_on=%d/%m/%Y."
            )
        decisions[name] = reading
    return decisions
