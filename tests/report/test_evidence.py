"""What init prints has every field with its evidence, and every doubt with its ways out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ringback.report.evidence import evidence_text
from ringback.workflows.init import init_project


def test_the_text_has_both_readings_of_an_example_and_how_to_decide(tmp_path: Path) -> None:
    sample = tmp_path / "clients_2024-08-09.csv"
    sample.write_text("Client No;Born\n00012;03/04/1980\n00013;05/06/1981\n", encoding="utf-8")
    now = datetime(2026, 11, 24, tzinfo=UTC)
    report = init_project(tmp_path, (sample,), decide={}, feed=None, target=None, now=now)

    text = evidence_text(report)

    assert 'format: "%d/%m/%Y"   "03/04/1980" is 1980-04-03' in text
    assert 'format: "%m/%d/%Y"   "03/04/1980" is 1980-03-04' in text
    assert "--decide born=%d/%m/%Y  or  --decide born=%m/%d/%Y" in text
    assert str(tmp_path / "feeds" / "clients.yaml") in text
