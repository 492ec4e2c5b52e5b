"""The example that a newcomer tries first does what its README says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ringback.model.progress import Silent
from ringback.model.run import Outcome, Receipt, Rows
from ringback.workflows.approve import Wanted, approve
from ringback.workflows.import_file import Asked, import_file
from ringback.workflows.place import Place, open_place

NOW = datetime(2018, 4, 28, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[2] / "examples" / "dotgov"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    folder = shutil.copytree(EXAMPLE, tmp_path / "dotgov")
    with open_place(folder, environ={}) as opened:
        approve("dotgov", opened, Asked(now=NOW, by="newcomer", progress=Silent()), Wanted(reason="to try it"))
        yield opened


def test_domains_that_come_and_go_are_published(place: Place) -> None:
    receipts = [_import(place, day) for day in ("2016-12-06", "2017-11-03", "2018-03-27")]

    assert [receipt.run.outcome for receipt in receipts] == [Outcome.PUBLISHED] * 3
    assert [receipt.run.rows for receipt in receipts] == [
        Rows(read=39, added=39),
        Rows(read=39, added=2, unchanged=37),
        Rows(read=39, added=1, changed=4, unchanged=34),
    ]
    assert [receipt.run.closed for receipt in receipts] == [0, 2, 1]


def test_a_column_put_in_and_codes_written_anew_are_held(place: Place) -> None:
    _import(place, "2018-03-27")

    receipt = _import(place, "2018-04-27")

    assert receipt.run.outcome is Outcome.HELD
    assert receipt.run.rows == Rows(read=39, added=0, unchanged=27, quarantined=12)
    assert [finding.code for finding in receipt.run.findings] == [
        "header.unmapped",
        "contract.proposal",
        "rows.quarantined",
        "code.unreadable",
    ]


def _import(place: Place, day: str) -> Receipt:
    path = place.project.folder / "inbox" / f"dotgov_{day}.csv"
    return import_file(path, "dotgov", place, Asked(now=NOW, by="newcomer", progress=Silent()))
