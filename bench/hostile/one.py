"""Read one hostile file, and tell as JSON what came of it."""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any

from bench.hostile.cases import CASES
from ringback.errors import DeliveryRefused
from ringback.model.contract import Source
from ringback.steps.read import read


def main(number: int) -> None:
    """Print what came of a case."""
    case = CASES[number]
    source = Source.model_validate(case.source)
    content = case.content()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    told: dict[str, Any] = {"rows": 0, "rejects": 0, "why": ""}
    try:
        reading = read(content, source, file_name=case.file_name)
        for chunk in reading.chunks():
            told["rows"] += chunk.rows.height
            told["rejects"] += chunk.rejects.height
            if chunk.rejects.height and not told["why"]:
                told["why"] = f"line {chunk.rejects['line'][0]}: {chunk.rejects['reason'][0]}"
    except DeliveryRefused as refused:
        told["refused"] = f"{refused.where}: {refused.what}"
    told["seconds"] = time.perf_counter() - began
    told["made_mib"] = before / 1024
    told["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]))
