"""A draft's evidence as text for a terminal: the columns with their readings, then what is undecided."""

from __future__ import annotations

from collections.abc import Iterator

from ringback.contracts.draft import Doubt, Draft, FieldDraft
from ringback.contracts.draft.doubts import written_reading
from ringback.contracts.draft.scalar import shown
from ringback.contracts.draft.wording import against, counts


def draft_text(draft: Draft) -> str:
    """All of a draft: samples, source, key, one paragraph a field, and every doubt with its ways out."""
    return "\n".join((*_head(draft), "", *_fields(draft), *_undecided(draft.doubts))) + "\n"


def _head(draft: Draft) -> Iterator[str]:
    for sample in draft.samples:
        rejected = f", {sample.reject_count:,} that cannot be split" if sample.reject_count else ""
        first = "" if sample.complete else "the first "
        yield f"{shown(sample.file_name, 80)}: {first}{sample.row_count:,} rows{rejected}, {len(draft.fields)} columns"
    source = draft.source
    yield f"encoding   {source.encoding} ({'; '.join(source.encoding_remarks)})"
    yield f"delimiter  {shown(source.delimiter)} ({'; '.join(source.delimiter_remarks)})"
    key = " + ".join(draft.key.fields) or "undecided"
    yield f"key        {key}" + (f" ({'; '.join(draft.key.remarks)})" if draft.key.remarks else "")


def _fields(draft: Draft) -> Iterator[str]:
    width = max((len(field.name) for field in draft.fields), default=0)
    for field in draft.fields:
        yield f"{field.name:<{width}}  {_reading(field)}"
        yield from (f"{'':<{width}}    {line}" for line in (counts(field), *against(field), *field.remarks))


def _reading(field: FieldDraft) -> str:
    return written_reading(field.reading).removeprefix("type: ")


def _undecided(doubts: tuple[Doubt, ...]) -> Iterator[str]:
    if not doubts:
        return
    yield ""
    yield f"undecided: {len(doubts)}. Nothing is imported until a person decides."
    for doubt in doubts:
        yield f"  {doubt.where}: {doubt.why}"
        yield from (f"    {choice}" for choice in doubt.choices)
        yield from (f"    --decide {told}" for told in doubt.decide)
