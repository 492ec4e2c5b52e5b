"""What a draft rests on, as text."""

from __future__ import annotations

from collections.abc import Iterator

from ringback.contracts.draft.evidence import ColumnReading, Draft, FieldDraft, InitReport
from ringback.contracts.draft.wording import against, counts
from ringback.report.words import count, table


def evidence_text(report: InitReport) -> str:
    """Each field with its reading and evidence; what is undecided last, where the eye rests."""
    draft = report.draft
    rows = [(field.name, str(field.column), _reading(field.reading), _evidence(field)) for field in draft.fields]
    lines = [
        f"{draft.names.feed}: {count(draft.row_count, 'row')} of {count(len(draft.samples), 'sample')}, "
        f"key {', '.join(draft.key.fields) or 'undecided'}",
        "",
        *table(("field", "column", "reading", "evidence"), rows),
        "",
        *_decisions(draft),
        f"written: {', '.join(report.written)}",
    ]
    return "\n".join([*lines, *_next(draft)])


def _reading(reading: ColumnReading) -> str:
    settings = [f"{setting.key} {_written(setting.value)}" for setting in reading.settings]
    return " ".join([reading.type, *settings])


def _written(value: object) -> str:
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _evidence(field: FieldDraft) -> str:
    return "; ".join([counts(field), *against(field)])


def _decisions(draft: Draft) -> Iterator[str]:
    for doubt in draft.doubts:
        yield f"undecided: {doubt.where}: {doubt.why}"
        yield from (f"  {choice}" for choice in doubt.choices)
        if doubt.decide:
            yield "  decide: " + "  or  ".join(f"--decide {written}" for written in doubt.decide)
        yield ""


def _next(draft: Draft) -> Iterator[str]:
    if draft.doubts:
        yield "Nothing is imported before this is decided: in the file, or with --decide."
    else:
        yield f"Read the contract, then: ringback approve {draft.names.feed}"
