"""Every session in the guides gives what the page shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from .console import POSTGRESQL, Beside, calls, play, still

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
PAGES = sorted(path.stem for path in GUIDES.glob("*.md") if path.stem != "phones-kamailio")  # tests/phone plays that


@pytest.mark.parametrize("name", PAGES)
def test_a_reader_who_types_what_the_guide_types_sees_what_it_shows(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    page = (GUIDES / f"{name}.md").read_text(encoding="utf-8")
    target = request.getfixturevalue("postgresql") if POSTGRESQL in page else ""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOGNAME", "ana")
    monkeypatch.setenv("PASSWORD", "secret")

    with Beside() as beside:
        played = [(call.command, still(play(call.command, target=target, beside=beside))) for call in calls(page)]

    assert len(played) >= 5
    assert played == [(call.command, still(call.printed)) for call in calls(page)]
