"""trial: what a changed contract, or changed software, would read otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from ringback.cli.frame import ByOption, FeedArgument, JsonOption, ProjectOption, asked, opened, tell, write_page
from ringback.errors import UsageError
from ringback.model.trial import Trial, TrialReport
from ringback.report.page import html, markdown
from ringback.report.trial import headline, recording_text, trial_text
from ringback.report.trial_page import trial_parts
from ringback.workflows.recording import against as compare_with
from ringback.workflows.recording import record as record_reading
from ringback.workflows.sample_trial import trial_on_sample
from ringback.workflows.trial import EXAMPLES, NEWEST, Wanted
from ringback.workflows.trial import trial as try_feed


def trial(
    feed: FeedArgument,
    newest: Annotated[
        int | None,
        typer.Option(
            "--newest", metavar="N", min=1, help=f"Read the newest N published deliveries; default: {NEWEST}."
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Read all of them.")] = False,
    sample: Annotated[
        int | None,
        typer.Option("--sample", metavar="N", min=1, help="Read about N rows of all, the same clients in each."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--from", metavar="DIR", help="Read a sample of archive export; no database is asked."),
    ] = None,
    software: Annotated[
        bool, typer.Option("--software", help="Only the software: the approved contract, whatever the file says.")
    ] = False,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="FILE", help="Write digests of what is read here, and stop.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="FILE", help="Compare with what another environment recorded.")
    ] = None,
    examples: Annotated[int, typer.Option("--examples", metavar="N", min=0, help="Examples of a change.")] = EXAMPLES,
    markdown_file: Annotated[
        Path | None, typer.Option("--markdown", metavar="FILE", help="Write the report as Markdown too.")
    ] = None,
    html_file: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write it as a page that needs nothing else.")
    ] = None,
    by: ByOption = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Read archived deliveries again and show what the contract as it stands, or this software, would change.

    The live table is only read. Exit codes: 0 nothing changes, 3 something does and a person must look, 4 a delivery
    cannot be read any more.

    Example: ringback trial clients
    """
    _require_one(record, against, "--record", "--against")
    _require_one(newest, every or None, "--newest", "--all")
    read = newest or (None if every or sample else NEWEST)
    wanted = Wanted(newest=read, sample=sample, software=software, examples=examples)
    if folder is not None:
        _require_alone(record, against, sample, software or None)
        with asked(by) as request:
            report = trial_on_sample(feed, folder, project, request, wanted)
        _finish(report, markdown_file, html_file, json=json)
    with opened(project) as place, asked(by) as request:
        if record is not None:
            recording = record_reading(feed, record, place, request, newest=wanted.newest)
            tell(recording, lambda: recording_text(recording, str(record)), json=json)
            return
        report = compare_with(feed, against, place, request) if against else try_feed(feed, place, request, wanted)
    _finish(report, markdown_file, html_file, json=json)


def _finish(report: TrialReport, markdown_file: Path | None, html_file: Path | None, *, json: bool) -> NoReturn:
    _write(report, markdown_file, html_file)
    tell(report, lambda: trial_text(report), json=json)
    raise typer.Exit(_exit_code(report.trial))


def _require_alone(*others: object) -> None:
    if any(other is not None for other in others):
        raise UsageError(
            "--from cannot be meant together with --record, --against, --sample or --software", mend="leave one out"
        )


def _require_one(one: object, other: object, *names: str) -> None:
    if one is not None and other is not None:
        raise UsageError(f"{names[0]} and {names[1]} cannot both be meant", mend="leave one of them out")


def _exit_code(trial: Trial) -> int:
    if trial.is_unreadable:
        return 4
    return 0 if trial.changes_nothing else 3


def _write(report: TrialReport, markdown_file: Path | None, html_file: Path | None) -> None:
    title, parts = headline(report), trial_parts(report)
    if markdown_file is not None:
        write_page(markdown_file, markdown(title, parts))
    if html_file is not None:
        write_page(html_file, html(title, parts, is_good=report.trial.changes_nothing))
