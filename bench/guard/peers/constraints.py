"""tdda: constraints discovered on all accepted deliveries together, verified on the new one; its own defaults."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from tdda.constraints import discover_df, verify_df

from bench.guard.peers.side import Judge

PACKAGES = ("tdda",)


def learn(accepted: Sequence[Path], key: Sequence[str]) -> Judge:
    """Types, least and greatest values, signs, lengths, missing values, few allowed values; no key is known to it."""
    del key
    known = pd.concat([pd.read_parquet(path) for path in accepted], ignore_index=True)
    constraints = json.loads(discover_df(known, verbose=False).to_json())

    def judge(path: Path) -> set[str]:
        told = verify_df(pd.read_parquet(path), constraints, repair=False, verbose=False)
        return {f"{field} {kind}" for field, kinds in told.fields.items() for kind, holds in kinds.items() if not holds}

    return judge
