"""What init drafted as the one object that machines read."""

from __future__ import annotations

from typing import Any

from ringback.contracts.draft.evidence import Doubt, FieldDraft, InitReport

Json = dict[str, Any]


def draft_json(report: InitReport) -> Json:
    """What was drafted, on which evidence, and what is undecided."""
    draft = report.draft
    return {
        "feed": draft.names.feed,
        "row_count": draft.row_count,
        "key": list(draft.key.fields),
        "written": list(report.written),
        "fields": {field.name: _field_draft(field) for field in draft.fields},
        "undecided": [_doubt(doubt) for doubt in draft.doubts],
    }


def _field_draft(field: FieldDraft) -> Json:
    return {
        "column": field.column,
        "type": field.reading.type,
        "settings": {setting.key: setting.value for setting in field.reading.settings},
        "values": field.value_count,
        "missing": field.missing_count,
        "distinct": field.distinct_count,
        "read": field.reading.read_count,
        "unread": field.reading.unread_count,
        "remarks": list(field.remarks),
    }


def _doubt(doubt: Doubt) -> Json:
    return {"where": doubt.where, "why": doubt.why, "choices": list(doubt.choices), "decide": list(doubt.decide)}
