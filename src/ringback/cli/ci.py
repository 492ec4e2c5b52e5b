"""ci: one command for a pipeline."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ringback.cli.frame import ByOption, JsonOption, ProjectOption, asked, tell, write_page
from ringback.model.ci import CiReport
from ringback.report.ci import ci_parts, ci_text, ci_title
from ringback.report.junit import junit_text
from ringback.report.page import markdown
from ringback.workflows.ci import DRILL_ROWS, Wanted
from ringback.workflows.ci import ci as try_project
from ringback.workflows.trial import NEWEST


def ci(
    sample: Annotated[
        Path | None,
        typer.Option("--sample", metavar="DIR", help="Try on a sample of archive export: no database is asked."),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option("--base", metavar="REV", help="Compare with the contracts at this revision of git."),
    ] = None,
    newest: Annotated[int, typer.Option("--newest", metavar="N", min=1, help="Deliveries of the archive.")] = NEWEST,
    drill: Annotated[bool, typer.Option("--drill/--no-drill", help="Drill changed feeds too.")] = True,
    values: Annotated[
        bool, typer.Option("--values", help="Show client values, too; those of a scrambled sample are shown anyway.")
    ] = False,
    markdown_file: Annotated[
        Path | None, typer.Option("--markdown", metavar="FILE", help="Write the summary for a pull request.")
    ] = None,
    junit_file: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write a JUnit file, which pipelines show.")
    ] = None,
    by: ByOption = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Check the project, try its examples, and show what every changed contract would make of real deliveries.

    Where the archive is, a change is compared with the release in force. Elsewhere, with --sample, with the release
    that the sample was drawn from, or with --base.

    Exit codes: 0 all is well, 2 a fault or a failing example, 3 something changes its meaning and a person must
    approve it, 4 deliveries cannot be read any more.

    Example: ringback ci --sample samples --base origin/main --markdown ringback.md
    """
    wanted = Wanted(
        sample=sample, base=base, newest=newest, drill_rows=DRILL_ROWS if drill else None, shows_values=values
    )
    with asked(by) as request:
        report = try_project(project, request, wanted, os.environ)
    _write(report, markdown_file, junit_file)
    tell(report, lambda: ci_text(report), json=json)
    raise typer.Exit(int(report.answer))


def _write(report: CiReport, markdown_file: Path | None, junit_file: Path | None) -> None:
    if markdown_file is not None:
        write_page(markdown_file, markdown(ci_title(report), ci_parts(report)))
    if junit_file is not None:
        write_page(junit_file, junit_text(report))
