"""CleverCSV: it finds the dialect and says nothing else."""

from __future__ import annotations

import warnings

import clevercsv


def load(path: str) -> list[list[str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [list(row) for row in clevercsv.read_table(path)]
