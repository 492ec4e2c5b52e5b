"""repair: puts right what a run made of its delivery."""

from __future__ import annotations

from typing import Annotated

import typer

from ringback.cli.frame import ByOption, JsonOption, ProjectOption, RunArgument, asked, opened, split_key, tell
from ringback.report.repair import repair_text
from ringback.workflows.repair import repair_run
from ringback.workflows.scope import Scope


def repair(
    run: RunArgument,
    field: Annotated[str | None, typer.Option("--field", metavar="F", help="Only this field's values.")] = None,
    key: Annotated[str | None, typer.Option("--key", metavar="K", help="Only this client.")] = None,
    dry: Annotated[bool, typer.Option("--plan", help="Only tell what would be repaired.")] = False,
    by: ByOption = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Read a run's delivery again under the corrected, approved contract, and put right what it made of it.

    What later runs or others changed since is kept. A repair can be undone.

    Example: ringback repair R19
    """
    scope = Scope(field=field, key=split_key(key) if key is not None else None)
    with opened(project) as place, asked(by) as request:
        receipt = repair_run(run, place, request, scope=scope, dry=dry)
    tell(receipt, lambda: repair_text(receipt, dry=dry), json=json)
