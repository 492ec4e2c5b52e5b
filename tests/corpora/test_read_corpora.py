"""Real files are read with nothing told, and nothing is doubted where all is well."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringback.workflows.read_table import read_table

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
WELL = ("br_banks", "csse_daily", "dotgov_domains", "us_congress_members")

pytestmark = pytest.mark.skipif(not CORPORA.exists(), reason="../shared/corpora is not there")


def files(corpus: str, ending: str = ".csv") -> list[Path]:
    """Six files of a corpus, evenly drawn."""
    found = sorted(path for path in (CORPORA / corpus).rglob(f"*{ending}") if path.stat().st_size > 2000)
    return found[:: max(1, len(found) // 6)][:6]


@pytest.mark.parametrize("corpus", WELL)
def test_a_real_file_that_is_well_is_read_whole_and_not_doubted(corpus: str) -> None:
    for path in files(corpus):
        table = read_table(path, environ={})

        assert table.header, path.name
        assert [str(doubt) for doubt in table.doubts] == [], path.name
        assert len(table.origins) > 50, path.name


def test_notes_under_the_records_are_left_out_and_told() -> None:
    for path in files("es_isciii"):
        (doubt,) = read_table(path, environ={}).doubts

        assert "no records" in doubt.why
        assert doubt.readings[0].startswith("NOTA"), path.name


def test_a_file_of_fixed_width_is_not_taken_for_one_column_without_a_word() -> None:
    for path in files("de_blz_fixed", ".txt"):
        whys = [doubt.why for doubt in read_table(path, environ={}).doubts]

        assert any("fixed width" in why for why in whys), path.name
