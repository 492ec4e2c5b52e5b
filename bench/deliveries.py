"""Writes the deliveries that all sides load: `python -m bench.deliveries FOLDER ROWS`.

clients_2024-08-09.csv  as a supplier sends it
clients_2024-08-10.csv  the same clients one night later: 0.5 % changed, 20 of a million joined, 10 left
typed_2024-08-09.csv    the first again with its meaning already known: what COPY and executemany can take
typed_2024-08-10.csv    the second likewise
expected.json           what every side must end with
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path

import polars as pl

from ringback.steps.invent import as_delivered, invent, next_night

CHUNK_ROWS = 1_000_000
NIGHTS = ("2024-08-09", "2024-08-10")


def write_deliveries(folder: Path, rows: int) -> None:
    """Write all files, a million clients at a time; `expected.json` last."""
    folder.mkdir(parents=True, exist_ok=True)
    held_rows, balances = [0, 0], [Decimal(0), Decimal(0)]
    last_no = 10_000
    for start in range(0, rows, CHUNK_ROWS):
        first = invent(min(CHUNK_ROWS, rows - start), seed=start, after=last_no)
        second = next_night(first, seed=start)
        kept = pl.concat([second, first.join(second, on="client_no", how="anti")])  # no side removes who is missing
        for night, (clients, held) in enumerate(((first, first), (second, kept))):
            _append(clients, folder, NIGHTS[night], header=start == 0)
            held_rows[night] += len(held)
            balances[night] += held.select(pl.col("balance").sum()).item()
        last_no = int(second["client_no"][-1])
    expected = [{"rows": rows, "balance": str(sum_)} for rows, sum_ in zip(held_rows, balances, strict=True)]
    (folder / "expected.json").write_text(json.dumps(expected))


def _append(clients: pl.DataFrame, folder: Path, night: str, *, header: bool) -> None:
    mode = "wb" if header else "ab"
    with (folder / f"clients_{night}.csv").open(mode) as delivered, (folder / f"typed_{night}.csv").open(mode) as typed:
        as_delivered(clients).write_csv(delivered, separator=";", include_header=header)
        clients.write_csv(typed, include_header=header)


if __name__ == "__main__":
    write_deliveries(Path(sys.argv[1]), int(sys.argv[2]))
