"""What init prints has every field with its evidence, and every doubt with its ways out."""

from __future__ import annotations

from pathlib import Path

from ringback.contracts.draft import draft
from ringback.report.evidence import draft_text

EXPECTED = """\
"clients_2024-08-09.csv": 2 rows, 2 columns
encoding   utf-8 (only ASCII in the sample)
delimiter  ";" (2 cells on each of the first 3 lines; clevercsv agrees)
key        client_no (every row has a value of its own; unique too: born)

client_no  string
             2 values, all different
             digits only, but 2 begin with a zero: kept as text
born       date, format: undecided
             2 values, all different

undecided: 1. Nothing is imported until a person decides.
  fields.born.format: 2 values, 0 decide between day/month/year and month/day/year
    format: "%d/%m/%Y"   "03/04/1980" is 1980-04-03, "05/06/1981" is 1981-06-05
    format: "%m/%d/%Y"   "03/04/1980" is 1980-03-04, "05/06/1981" is 1981-05-06
    --decide born=%d/%m/%Y
    --decide born=%m/%d/%Y
"""


def test_the_evidence_of_a_draft_is_told_whole(tmp_path: Path) -> None:
    sample = tmp_path / "clients_2024-08-09.csv"
    sample.write_text("Client No;Born\n00012;03/04/1980\n00013;05/06/1981\n", encoding="utf-8")

    assert draft_text(draft([sample], decide={})) == EXPECTED
