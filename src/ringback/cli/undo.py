"""undo: takes a run back."""

from __future__ import annotations

from typing import Annotated

import typer

from ringback.cli.frame import ByOption, JsonOption, ProjectOption, RunArgument, asked, opened, split_key, tell
from ringback.report.undo import undo_text
from ringback.workflows.scope import Scope
from ringback.workflows.undo import undo_run


def undo(
    run: RunArgument,
    field: Annotated[str | None, typer.Option("--field", metavar="F", help="Only this field's values.")] = None,
    key: Annotated[str | None, typer.Option("--key", metavar="K", help="Only this client.")] = None,
    dry: Annotated[bool, typer.Option("--plan", help="Only tell what would be restored.")] = False,
    by: ByOption = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Take a run back: each value restored, kept because it changed since, or not possible. It can be undone itself.

    Example: ringback undo R19 --field born_on
    """
    scope = Scope(field=field, key=split_key(key) if key is not None else None)
    with opened(project) as place, asked(by) as request:
        receipt = undo_run(run, place, request, scope=scope, dry=dry)
    tell(receipt, lambda: undo_text(receipt), json=json)
