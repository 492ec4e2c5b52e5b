"""drop: puts a held run away."""

from __future__ import annotations

from ringback.cli.frame import ByOption, JsonOption, ProjectOption, RunArgument, asked, opened, tell
from ringback.workflows.release import drop_run


def drop(run: RunArgument, by: ByOption = None, project: ProjectOption = None, json: JsonOption = False) -> None:
    """Put a held run away for good; the live table stays as it is.

    Example: ringback drop R19
    """
    with opened(project) as place, asked(by) as request:
        dropped = drop_run(run, place, request)
    tell(dropped, lambda: f"dropped {dropped.name}: {dropped.file_name} was not published", json=json)
