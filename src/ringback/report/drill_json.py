"""A drill as the one object that machines read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ringback.model.drill import Drill, Drilled, Tried

Json = dict[str, Any]


def drilled_json(drilled: Drilled) -> Json:
    """A score that was kept."""
    return {
        "feed": drilled.feed,
        "fingerprint": drilled.fingerprint,
        "score": drilled.score,
        "caught": drilled.caught,
        "total": drilled.total,
        "sample_rows": drilled.sample_rows,
        "seed": drilled.seed,
        "run": None if drilled.run is None else f"R{drilled.run}",
        "at": drilled.at.isoformat(),
        "by": drilled.by,
    }


def drill_json(drill: Drill) -> Json:
    """A drill with all that was tried."""
    return {
        **drilled_json(drill.drilled),
        "file": drill.file_name,
        "row_count": drill.row_count,
        "deliveries": drill.delivery_count,
        "harmless": drill.harmless_count,
        "gate": {"contracts": drill.contract_count, "refused": drill.gated_count},
        "remarks": list(drill.remarks),
        "tried": [_tried(tried) for tried in drill.tried],
    }


def _tried(tried: Tried) -> Json:
    return {
        "misreading": tried.code,
        "fields": list(tried.fields),
        "kind": str(tried.kind),
        "told": tried.told,
        "share": tried.share,
        "damage": {**asdict(tried.damage), "records": tried.damage.record_count},
        "caught_by": str(tried.catch) if tried.is_caught else None,
        "names_field": tried.names_field,
        "names_misreading": tried.names_cause,
        "line": tried.line,
    }
