"""Every real delimited file that kept coming: read to its end, each row accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringback.model.contract import Source
from ringback.steps.read.reference import split

from .reading import read_all

CORPORA = Path(__file__).parents[4] / "shared" / "corpora"
SOURCES = {"es_isciii": Source(encoding="latin-1")}
FILES = sorted(CORPORA.glob("*/*/*.csv"))
# What they really have: footnotes, a header with one name too many, a row cut short, four rows of other bytes.
REJECTED = {
    "br_banks/2023-09-25T1206.csv": 376,
    "dotgov_domains/2019-01-17T2346.csv": 4,
    "es_isciii/2020-04-07T1055.csv": 19,
    "es_isciii/2020-04-10T1042.csv": 1,
    "es_isciii/2020-04-12T1039.csv": 3,
    "es_isciii/2020-04-13T1102.csv": 1,
    "es_isciii/2020-04-14T1236.csv": 3,
    "es_isciii/2020-04-16T1243.csv": 4,
    "es_isciii/2020-04-18T1349.csv": 1,
    "es_isciii/2020-04-25T1934.csv": 5,
    "es_isciii/2020-05-07T1748.csv": 8,
}


@pytest.mark.skipif(not FILES, reason="../shared/corpora is not here")
@pytest.mark.parametrize("corpus", sorted({path.parts[-3] for path in FILES}))
def test_every_row_of_every_issue_is_good_or_known_to_be_bad(corpus: str) -> None:
    source = SOURCES.get(corpus, Source())
    for path in (path for path in FILES if path.parts[-3] == corpus):
        result = read_all(path.read_bytes(), source)

        assert len(result.rejects) == REJECTED.get(f"{corpus}/{path.name}", 0), path.name
        assert [tuple(split(text, source)) for text in result.texts] == result.cells, path.name
