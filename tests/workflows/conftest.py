"""A project with one feed, in a database of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ringback.workflows.place import open_place

from .office import Office, found_project


@pytest.fixture
def bare_office(tmp_path: Path, target: str) -> Iterator[Office]:
    """A project whose contract is still to be written, on each kind of database in turn."""
    folder = tmp_path / "project"
    found_project(folder, target)
    with open_place(folder, environ={}) as place:
        yield Office(folder, target, place)


@pytest.fixture
def office(bare_office: Office) -> Office:
    """A project with an approved contract: snapshots, missing clients are kept, nothing is too much."""
    bare_office.agree()
    return bare_office
