"""explain: where a client's values come from."""

from __future__ import annotations

from typing import Annotated

import typer

from ringback.cli.frame import FeedArgument, JsonOption, ProjectOption, opened, split_key, tell
from ringback.report.story import story_text
from ringback.workflows.explain import explain as explain_client


def explain(
    feed: FeedArgument,
    key: Annotated[str, typer.Argument(metavar="KEY", help="The client's key; a composite one as one line of CSV.")],
    field: Annotated[str | None, typer.Argument(metavar="[FIELD]", help="One field; default: all.")] = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Tell where a client's values come from: since when, run, file, line, raw text, contract line.

    Example: ringback explain clients 00012345 born_on
    """
    with opened(project) as place:
        story = explain_client(feed, split_key(key), place, field=field)
    tell(story, lambda: story_text(story), json=json)
