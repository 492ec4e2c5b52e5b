"""A held run, after a person looked: release it, exactly as planned, or drop it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace

from ringback.contracts import ContractFile
from ringback.engine.local import Workspace
from ringback.errors import PlanChanged, UsageError
from ringback.model.delivery import Delivery
from ringback.model.run import Outcome, Receipt, Run
from ringback.store.protocol import Publication
from ringback.workflows.import_file import Asked, failures_recorded, rows_of, write
from ringback.workflows.place import Place
from ringback.workflows.planning import Planned
from ringback.workflows.reading import read_delivery
from ringback.workflows.stopwatch import Stopwatch


def release_run(run_id: int, place: Place, asked: Asked) -> Receipt:
    """Publish a held run: the archived bytes are planned again and must give exactly the plan that was looked at.

    Raises: UsageError; NotApproved; PlanChanged; StoreError; ReadBackMismatch.
    """
    run, watch = _require_held(run_id, place), Stopwatch()
    place.require_release(place.approved(run))
    contract = place.released(run)
    delivery = delivery_of(run)
    previous = place.store.last_published(run.feed)
    released = replace(run, outcome=Outcome.PUBLISHED, previous=previous.id if previous else None, by=asked.by)
    with Workspace() as workspace:
        read = read_delivery(
            delivery, contract, place.archive, workspace=workspace, progress=asked.progress, watch=watch
        )
        with (
            failures_recorded(replace(released, id=0), place),
            _publishing(released, contract, place, asked) as publication,
        ):
            rows = rows_of(delivery, contract.contract.source, place.archive)
            with watch.step("plan"):
                planned = Planned(read, publication.held, workspace, rows)
            if planned.summary.digest != run.plan_digest:
                raise _changed(run, previous)
            with watch.step("publish"):
                if run.corrects is None:  # a person has seen it: from now on it is usual
                    baseline = place.baseline(run.feed)
                    publication.measured(planned.measures(baseline, delivery))
                published = write(publication, released, planned, asked.progress, watch=watch)
    return Receipt(run=published, seconds=watch.seconds(), emergency=place.emergency(run.feed))


def _publishing(run: Run, contract: ContractFile, place: Place, asked: Asked) -> AbstractContextManager[Publication]:
    return place.store.publishing(
        contract.contract,
        kind=run.kind,
        previous=run.previous,
        progress=asked.progress,
        releases=run.id,
        released_at=asked.now,
    )


def drop_run(run_id: int, place: Place, asked: Asked) -> Run:
    """Put a held run away for good; its plan stays for reading. Raises: UsageError."""
    return place.store.drop(_require_held(run_id, place).id, at=asked.now, by=asked.by)


def _require_held(run_id: int, place: Place) -> Run:
    run = place.require_run(run_id)
    if run.outcome is not Outcome.HELD:
        raise UsageError(f"{run.name} is not held: it is {run.outcome}", mend="list held runs: ringback runs")
    return run


def delivery_of(run: Run) -> Delivery:
    """The delivery that a run imported."""
    assert run.sha256 is not None and run.file_name is not None and run.size_bytes is not None  # noqa: S101, PT018
    return Delivery(
        file_name=run.file_name,
        sha256=run.sha256,
        size_bytes=run.size_bytes,
        received_at=run.started_at,
        issued=run.issued,
    )


def _changed(run: Run, previous: Run | None) -> PlanChanged:
    since = f"{previous.name} was published since" if previous and previous.id != run.previous else "by edits of others"
    return PlanChanged(
        f"{run.name} cannot be released: the held records changed ({since})",
        why="released is exactly what was looked at, or nothing",
        mend=f"drop it and import the file again: ringback drop {run.name}",
    )
