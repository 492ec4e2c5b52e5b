"""release: publishes a held run."""

from __future__ import annotations

from ringback.cli.frame import ByOption, JsonOption, ProjectOption, RunArgument, asked, finish, opened, tell
from ringback.report.receipt import receipt_text
from ringback.workflows.release import release_run


def release(run: RunArgument, by: ByOption = None, project: ProjectOption = None, json: JsonOption = False) -> None:
    """Publish a held run, exactly as it was planned.

    Example: ringback release R19
    """
    with opened(project) as place, asked(by) as request:
        receipt = release_run(run, place, request)
    tell(receipt, lambda: receipt_text(receipt, contract_name=f"feeds/{receipt.run.feed}.yaml"), json=json)
    finish(receipt.run.outcome)
