"""postmortem: what went wrong, since when, whom it touched, what was done."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Option

from ringback.cli.frame import ByOption, JsonOption, ProjectOption, asked, opened, tell, write_page
from ringback.cli.incident import NumberArgument
from ringback.report.page import html, markdown
from ringback.report.postmortem import postmortem_parts, postmortem_text, postmortem_title
from ringback.workflows.postmortem import postmortem as gather


def postmortem(
    number: NumberArgument,
    markdown_file: Annotated[
        Path | None, Option("--markdown", metavar="FILE", help="Write it as Markdown too.")
    ] = None,
    html_file: Annotated[
        Path | None, Option("--html", metavar="FILE", help="Write it as a page that needs nothing else.")
    ] = None,
    by: ByOption = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Write an incident's postmortem: timeline, impact, cause, what was done, measures; each figure with its source.

    What only people know is a marked gap. Nothing is written but the files.

    Example: ringback postmortem 1 --html postmortem.html
    """
    with opened(project) as place, asked(by) as request:
        told = gather(number, place, request)
    title, parts = postmortem_title(told), postmortem_parts(told)
    if markdown_file is not None:
        write_page(markdown_file, markdown(title, parts))
    if html_file is not None:
        write_page(html_file, html(title, parts, is_good=not told.incident.is_open))
    tell(told, lambda: postmortem_text(told), json=json)
