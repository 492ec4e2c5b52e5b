"""What init prints has every field with its evidence, and every doubt with its ways out."""

from __future__ import annotations

from pathlib import Path

from ringback.contracts.draft import Draft, draft
from ringback.report.evidence import evidence_json, evidence_text


def drafted(tmp_path: Path) -> Draft:
    sample = tmp_path / "clients_2024-08-09.csv"
    sample.write_text("Client No;Born\n00012;03/04/1980\n00013;05/06/1981\n", encoding="utf-8")
    return draft([sample], decide={})


def test_the_text_has_both_readings_of_an_example_and_how_to_decide(tmp_path: Path) -> None:
    text = evidence_text(drafted(tmp_path), files=("feeds/clients.yaml",))

    assert 'format: "%d/%m/%Y"   "03/04/1980" is 1980-04-03' in text
    assert 'format: "%m/%d/%Y"   "03/04/1980" is 1980-03-04' in text
    assert "--decide born=%d/%m/%Y  or  --decide born=%m/%d/%Y" in text
    assert "written: feeds/clients.yaml" in text


def test_machines_get_the_counts_of_every_field(tmp_path: Path) -> None:
    told = evidence_json(drafted(tmp_path), files=())

    assert told["key"] == ["client_no"]
    assert told["fields"]["client_no"]["type"] == "string"
    assert told["fields"]["born"] | {"values": 2, "missing": 0, "read": 2, "unread": 0} == told["fields"]["born"]
    assert [doubt["where"] for doubt in told["undecided"]] == ["fields.born.format"]
