"""What comes of the example of each format; as a program it writes it anew, to be looked at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from ringback import contracts
from ringback.model.canonical import to_text
from ringback.model.rows import LINE
from ringback.steps.interpret import interpret
from ringback.steps.interpret.reference import read_records
from ringback.steps.read import read
from ringback.steps.read.row_reference import row_of

FOLDER = Path(__file__).parents[2] / "examples" / "formats"
NAMES = tuple(sorted(path.name for path in FOLDER.iterdir() if path.is_dir()))


def told(name: str) -> dict[str, Any]:
    """The records and rejects of one example, by the fast readers; the reference readers must say the same."""
    (path,) = FOLDER.glob(f"{name}/clients.*")
    contract = contracts.load(FOLDER / name / "contract.yaml").contract
    records: list[dict[str, Any]] = []
    rejects: list[dict[str, Any]] = []
    with path.open("rb") as content:
        reading = read(content, contract.source, file_name=path.name)
        for chunk in reading.chunks():
            made = interpret(chunk.rows, contract)
            texts = chunk.texts(list(range(chunk.rows.height)))
            slow = read_records([row_of(text, contract.source, reading.columns) for text in texts], contract)
            good = [dict(record.values) for record in slow if not record.faults]
            assert good == made.records.drop(LINE).to_dicts()
            texts_of = [to_text(pl.col(field), spec.dtype).alias(field) for field, spec in contract.fields.items()]
            records += made.records.select(pl.col(LINE).alias("line"), *texts_of).to_dicts()
            rejects += pl.concat([chunk.rejects, made.rejects]).select("line", "code", "reason").to_dicts()
    rejects.sort(key=lambda reject: reject["line"])
    return {"columns": list(reading.header), "records": records, "rejects": rejects, "skipped": reading.skipped}


if __name__ == "__main__":
    for each in NAMES:
        written = json.dumps(told(each), ensure_ascii=False, indent=1) + "\n"
        (FOLDER / each / "expected.json").write_text(written, encoding="utf-8")
