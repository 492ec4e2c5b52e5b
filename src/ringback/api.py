"""ringback from Python: the commands as functions. `as_json` gives what their `--json` prints.

Every function takes `project`: a folder of the project (default: the current one, and from there upward), and raises
`RingbackError`. None of them prints.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ringback.contracts.draft.evidence import InitReport
from ringback.model.acknowledgement import Acknowledged
from ringback.model.check import CheckReport
from ringback.model.ci import CiReport
from ringback.model.drill import Drill
from ringback.model.incident import Incidents
from ringback.model.manual import ManualReport
from ringback.model.postmortem import Postmortem
from ringback.model.progress import Silent
from ringback.model.quarantine import Quarantine
from ringback.model.release import Approval
from ringback.model.run import Ledger, Plan, Receipt, Run, Shown
from ringback.model.sample import Exported
from ringback.model.status import Status
from ringback.model.story import Story
from ringback.model.trial import TrialReport
from ringback.model.undo import RepairReceipt, UndoReceipt
from ringback.workflows import acknowledge as acknowledging
from ringback.workflows import approve as approving
from ringback.workflows import check as checking
from ringback.workflows import ci as piping
from ringback.workflows import drill as drilling
from ringback.workflows import explain as explaining
from ringback.workflows import import_file as importing
from ringback.workflows import incident as of_incidents
from ringback.workflows import init as drafting
from ringback.workflows import manual as documenting
from ringback.workflows import postmortem as gathering
from ringback.workflows import quarantine as quarantining
from ringback.workflows import release as releasing
from ringback.workflows import repair as repairing
from ringback.workflows import sample_export as exporting
from ringback.workflows import show as showing
from ringback.workflows import status as standing
from ringback.workflows import trial as trying
from ringback.workflows import undo as undoing
from ringback.workflows.place import Place, open_place
from ringback.workflows.recipe import Recipe, learn_recipe
from ringback.workflows.scope import Scope

Folder = Path | str | None


def init(
    *samples: Path | str,
    project: Path | str = ".",
    decide: Mapping[str, str] | None = None,
    feed: str | None = None,
    target: str | None = None,
) -> InitReport:
    """Draft `ringback.yaml` and `feeds/FEED.yaml` from samples; `undecided` in the report has what a person decides."""
    return drafting.init_project(
        Path(project), tuple(map(Path, samples)), decide=decide or {}, feed=feed, target=target, now=_now()
    )


def check(*feeds: str, project: Folder = None) -> CheckReport:
    """Find every fault in the project file and the contracts."""
    return checking.check_project(_folder(project), feeds, os.environ)


def approve(
    feed: str,
    *,
    by: str,
    reason: str = "",
    author: str | None = None,
    emergency: bool = False,
    note: str = "",
    project: Folder = None,
) -> Approval:
    """Let the feed's contract, read by the installed software, import from now on; it must have been tried."""
    wanted = approving.Wanted(reason=reason, author=author, emergency=emergency, note=note)
    with _opened(project) as place:
        return approving.approve(feed, place, _asked(by), wanted)


def acknowledge(feed: str, *, by: str, project: Folder = None) -> Acknowledged:
    """Keep that an operator knows what a feed's newest releases change; nothing is kept twice."""
    with _opened(project) as place:
        return acknowledging.acknowledge(feed, place, _asked(by))


def status(*, project: Folder = None) -> Status:
    """Every feed on one screen: what is held, what runs next, who has not acknowledged."""
    with _opened(project) as place:
        return standing.status(place, now=_now())


def trial(
    feed: str, *, by: str, newest: int | None = trying.NEWEST, software: bool = False, project: Folder = None
) -> TrialReport:
    """Archived deliveries read again: what the contract as it stands, or this software, would change.

    `newest`: how many deliveries; None: all of them.
    """
    with _opened(project) as place:
        return trying.trial(feed, place, _asked(by), trying.Wanted(newest=newest, software=software))


def ci(*, by: str, sample: Path | str | None = None, base: str | None = None, project: Folder = None) -> CiReport:
    """All that can be known of a change before it is merged; `answer` in the report has what becomes of it.

    `sample`: a folder that `export_sample` wrote; `base`: a revision of git. With either, no database is asked.
    """
    wanted = piping.Wanted(sample=None if sample is None else Path(sample), base=base)
    return piping.ci(_folder(project), _asked(by), wanted, os.environ)


def export_sample(
    feed: str,
    folder: Path | str,
    *,
    by: str,
    secret: bytes | None,
    rows: int = 2_000,
    newest: int = 3,
    project: Folder = None,
) -> Exported:
    """A sample of archived deliveries in FOLDER/FEED, scrambled under `secret`; None: client values as delivered."""
    wanted = exporting.Wanted(rows=rows, newest=newest, secret=secret)
    with _opened(project) as place:
        return exporting.export_sample(feed, Path(folder), place, _asked(by), wanted)


def plan(feed: str, file: Path | str, *, project: Folder = None) -> Plan:
    """What an import would change, and its verdict; the database is only read."""
    with _opened(project) as place:
        return importing.plan_file(Path(file), feed, place, _asked("plan"))


def import_file(feed: str, file: Path | str, *, by: str, project: Folder = None) -> Receipt:
    """The nine steps for one file: all of its good records or none; bad rows to quarantine."""
    with _opened(project) as place:
        return importing.import_file(Path(file), feed, place, _asked(by))


def drill(
    feed: str,
    *,
    by: str,
    run: int | None = None,
    sample: int = drilling.SAMPLE_ROWS,
    seed: int = 0,
    project: Folder = None,
) -> Drill:
    """Every misreading tried on a delivery of the archive: what would be caught, and what would be published."""
    with _opened(project) as place:
        return drilling.drill(feed, place, _asked(by), drilling.Wanted(run_id=run, sample=sample, seed=seed))


def docs(
    *feeds: str, into: Path | str | None = None, only_written: bool = False, project: Folder = None
) -> ManualReport:
    """Write the manual of these feeds, or of all; with `only_written`, of what the files say alone."""
    wanted = documenting.Wanted(feeds=feeds, into=None if into is None else Path(into), only_written=only_written)
    return documenting.write_manual(_folder(project), wanted, environ=os.environ)


def release(run: int, *, by: str, project: Folder = None) -> Receipt:
    """Publish a held run, exactly as it was planned."""
    with _opened(project) as place:
        return releasing.release_run(run, place, _asked(by))


def drop(run: int, *, by: str, project: Folder = None) -> Run:
    """Put a held run away for good."""
    with _opened(project) as place:
        return releasing.drop_run(run, place, _asked(by))


def runs(feed: str | None = None, *, limit: int = 20, project: Folder = None) -> Ledger:
    """The newest runs."""
    with _opened(project) as place:
        return drilling.with_scores(showing.list_runs(place, feed=feed, limit=limit), place)


def show(run: int, *, field: str | None = None, limit: int = 5, project: Folder = None) -> Shown:
    """One run, with at most `limit` changed values a field."""
    with _opened(project) as place:
        return showing.show_run(run, place, field=field, limit=limit)


def explain(feed: str, key: Sequence[str], field: str | None = None, *, project: Folder = None) -> Story:
    """Where a client's values come from. `key` has the texts of the key's fields, in the contract's order."""
    with _opened(project) as place:
        return explaining.explain(feed, tuple(key), place, field=field)


def undo(
    run: int,
    *,
    by: str,
    field: str | None = None,
    key: Sequence[str] | None = None,
    dry: bool = False,
    project: Folder = None,
) -> UndoReceipt:
    """Take a run back, whole or one field or client of it; with `dry`, only tell what would be restored."""
    with _opened(project) as place:
        return undoing.undo_run(run, place, _asked(by), scope=_scope(field, key), dry=dry)


def repair(
    run: int,
    *,
    by: str,
    field: str | None = None,
    key: Sequence[str] | None = None,
    dry: bool = False,
    project: Folder = None,
) -> RepairReceipt:
    """Read a run's delivery again under the approved contract and put right what it made; with `dry`, only tell."""
    with _opened(project) as place:
        return repairing.repair_run(run, place, _asked(by), scope=_scope(field, key), dry=dry)


def quarantine(feed: str, *, run: int | None = None, project: Folder = None) -> Quarantine:
    """Rows that could not be taken: of the newest import, or of one run."""
    with _opened(project) as place:
        return quarantining.quarantined(feed, place, run_id=run)


def incidents(feed: str | None = None, *, only_open: bool = False, project: Folder = None) -> Incidents:
    """What went wrong, of one feed or of all, newest first."""
    with _opened(project) as place:
        return of_incidents.list_incidents(place, feed=feed, only_open=only_open)


def postmortem(incident: int, *, by: str, project: Folder = None) -> Postmortem:
    """All that is known of an incident: timeline, impact, cause, what was done, measures; each with its source."""
    with _opened(project) as place:
        return gathering.postmortem(incident, place, _asked(by))


def learn(examples: Sequence[tuple[Sequence[str], str]], inputs: Sequence[Sequence[str]] = ()) -> Recipe | None:
    """A recipe that makes every example, ranked by how it does on `inputs`, all rows there are; None: none is found.

    `recipe.run(rows)` gives a text a row, or None where the row is not as the recipe was made for; `recipe.explain()`
    says what it does.
    """
    return learn_recipe(examples, inputs)


@contextmanager
def _opened(project: Folder) -> Iterator[Place]:
    with open_place(_folder(project), environ=os.environ) as place:
        yield place


def _folder(project: Folder) -> Path | None:
    return None if project is None else Path(project)


def _scope(field: str | None, key: Sequence[str] | None) -> Scope:
    return Scope(field=field, key=tuple(key) if key is not None else None)


def _asked(by: str) -> importing.Asked:
    return importing.Asked(now=_now(), by=by, progress=Silent())


def _now() -> datetime:
    return datetime.now(UTC)
