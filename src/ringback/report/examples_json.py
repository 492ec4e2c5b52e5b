"""A feed's examples for machines."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ringback.model.example import ExamplesReport


def examples_json(report: ExamplesReport) -> dict[str, Any]:
    """How many, and every fault: file, line, example, field, what was expected and what came."""
    return {
        "feed": report.feed,
        "file": report.file_name,
        "count": len(report.names),
        "failed": report.failed,
        "faults": [asdict(fault) for fault in report.faults],
        "accepted": report.accepted,
    }
