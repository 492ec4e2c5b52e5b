"""An import of more than memory holds comes to the same as one that fits."""

from __future__ import annotations

from functools import partial

import pytest

from ringback.engine.local import Workspace
from ringback.model.run import Outcome, Rows

from .office import Office

FIRST = [f"{number:04};Client {number};03/04/1980;{number},00" for number in range(400)]
SECOND = [
    *(f"{number:04};Client {number};03/04/1980;{number + (number % 20 == 0)},00" for number in range(20, 390)),
    *(f"{number:04};New;03/04/1980;1,00" for number in range(400, 420)),
    "0001;Wrong;31/02/2000;1,00",
    "0002;Twin;01/01/2000;1,00",
    "0002;Twin;01/01/2000;2,00",
]


@pytest.fixture
def target(sqlite: str) -> str:
    """One kind of database is enough: which frames it is given is decided before it."""
    return sqlite


def test_sixty_four_partitions_come_to_the_same_as_one(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.agree(missing="delete")
    office.take_in(*FIRST)
    planned = office.plan(*SECOND)
    for workflow in ("import_file", "undo", "release"):
        monkeypatch.setattr(f"ringback.workflows.{workflow}.Workspace", partial(Workspace, memory_bytes=1))
    before = office.live()

    run = office.take_in(*SECOND)
    after = office.live()
    receipt = office.undo(run)

    assert (run.outcome, run.rows) == (Outcome.PUBLISHED, planned.rows)
    assert run.rows == Rows(read=393, added=20, changed=19, unchanged=351, quarantined=1, duplicate=2)
    assert (run.plan_digest, run.changed_by_field) == (planned.plan_digest, planned.changed_by_field)
    assert (run.missing, run.removed) == (28, 28)
    assert len(after) == 392
    assert receipt.answers.kept.total() == 0
    assert office.live() == before


def test_a_held_run_of_many_partitions_is_released_as_it_was_planned(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.agree(missing="delete", policy={})
    office.take_in(*FIRST)
    held = office.take_in(*SECOND)
    for workflow in ("import_file", "undo", "release"):
        monkeypatch.setattr(f"ringback.workflows.{workflow}.Workspace", partial(Workspace, memory_bytes=1))

    released = office.release(held)

    assert held.outcome is Outcome.HELD
    assert (released.rows, released.plan_digest) == (held.rows, held.plan_digest)
    assert len(office.live()) == 392
