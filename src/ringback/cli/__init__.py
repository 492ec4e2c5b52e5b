"""The command line: one file per command, named as the command."""

from __future__ import annotations

from collections.abc import Callable

import typer

from ringback.cli.acknowledge import acknowledge
from ringback.cli.approve import approve
from ringback.cli.archive import archive_export
from ringback.cli.check import check
from ringback.cli.ci import ci
from ringback.cli.demo import demo
from ringback.cli.docs import docs
from ringback.cli.drill import drill
from ringback.cli.drop import drop
from ringback.cli.explain import explain
from ringback.cli.frame import guarded
from ringback.cli.import_ import import_
from ringback.cli.incident import incident
from ringback.cli.init import init
from ringback.cli.plan import plan
from ringback.cli.postmortem import postmortem
from ringback.cli.quarantine import quarantine
from ringback.cli.reformat import reformat
from ringback.cli.release import release
from ringback.cli.repair import repair
from ringback.cli.runs import runs
from ringback.cli.show import show
from ringback.cli.status import status
from ringback.cli.trial import trial
from ringback.cli.undo import undo

_HELP = """Import files of client records that keep coming, and keep a customer database true to them.

Nothing is guessed at import time, every change can be seen before it happens, and everything can be taken back.

Exit codes: 0 published or nothing to do, 1 internal fault, 2 usage or contract error, 3 held, 4 refused.
"""

app = typer.Typer(
    name="ringback",
    help=_HELP,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
_COMMANDS: dict[str, Callable[..., None]] = {
    "init": init,
    "check": check,
    "approve": approve,
    "acknowledge": acknowledge,
    "trial": trial,
    "ci": ci,
    "plan": plan,
    "import": import_,
    "release": release,
    "drop": drop,
    "status": status,
    "runs": runs,
    "show": show,
    "explain": explain,
    "undo": undo,
    "repair": repair,
    "quarantine": quarantine,
    "drill": drill,
    "docs": docs,
    "postmortem": postmortem,
    "demo": demo,
}
for _name, _command in _COMMANDS.items():
    app.command(_name)(guarded(_command))
app.add_typer(incident, name="incident")
_archive = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="What is kept of deliveries.")
_archive.command("export")(guarded(archive_export))
app.add_typer(_archive, name="archive")
app.add_typer(reformat, name="reformat")


def main() -> None:
    """The `ringback` program."""
    app()
