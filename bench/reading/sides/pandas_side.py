"""pandas: it finds the delimiter with csv.Sniffer; its warnings are heeded."""

from __future__ import annotations

import warnings

import pandas as pd


def load(path: str) -> tuple[list[list[str]], list[str]]:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        frame = pd.read_csv(
            path, sep=None, engine="python", dtype=str, keep_default_na=False, index_col=False, on_bad_lines="warn"
        )
    return [list(map(str, frame.columns)), *frame.fillna("").to_numpy().tolist()], [str(one.message) for one in told]
