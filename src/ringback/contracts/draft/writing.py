"""A draft as the YAML that a person reads first: each setting with the evidence above it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from ringback.contracts.draft.doubts import write
from ringback.contracts.draft.evidence import UNDECIDED, ColumnReading, Doubt, Draft, FieldDraft, SkipDraft, SourceDraft
from ringback.contracts.draft.scalar import quoted, scalar, shown, words
from ringback.contracts.draft.source_text import source_keys
from ringback.contracts.draft.wording import against, counts
from ringback.model.contract import Source

_WIDTH = 110
_EXAMPLE = re.compile(r"(?:[0-9,]+ x )?\"[^\"]*\"(?: [0-9,]+)?|'[^']*'")  # an example and its count stay on one line
_UNBROKEN = "\u00a0"  # stands for a space while lines are wrapped; in a quoted example it is written \\xa0

_POLICY = (
    "policy: these hold unless you write others",
    "  quarantined: {hold_above: 0.5 %}",
    "  shrunk: {hold_above: 20 %}",
    "  removed: {hold_above: 1 %}",
    "  duplicates: reject",
)


def contract_text(draft: Draft, *, on: date) -> str:
    """The contract file, complete: it loads as it is when nothing is undecided."""
    parts = (
        _opening(draft, on),
        [""],
        _feed(draft),
        _source(draft),
        ["target:", f"  table: {scalar(draft.names.feed)}"],
        ["fields:"],
        *(_field(field) for field in draft.fields),
        [f"ignored: {words(draft.ignored)}"],
        _comment(_POLICY, ""),
    )
    return "\n".join(line for part in parts for line in part) + "\n"


def _opening(draft: Draft, on: date) -> Iterator[str]:
    yield f"# Drafted by ringback init on {on.isoformat()} from"
    for sample in draft.samples:
        rows = f"{sample.row_count:,} rows" if sample.complete else f"the first {sample.row_count:,} rows"
        rejects = f", {sample.reject_count:,} of its rows cannot be split" if sample.reject_count else ""
        yield f"#   {shown(sample.file_name, 80)}: {rows}{rejects}"
    yield "# The comments are what the sample shows. Read them, correct what is wrong, then approve it."
    if draft.doubts:
        yield f"# {_things(len(draft.doubts))} undecided: search for UNDECIDED. Until then nothing is imported."


def _things(count: int) -> str:
    return "One thing is" if count == 1 else f"{count} things are"


def _feed(draft: Draft) -> Iterator[str]:
    yield f"feed: {scalar(draft.names.feed)}"
    yield from _comment(["; ".join(draft.key.remarks)] if draft.key.remarks else [], "")
    yield from _doubts((doubt for doubt in draft.key.doubts), "")
    yield f"key: {words(draft.key.fields)}" if draft.key.fields else f"key: {UNDECIDED}"
    yield "# snapshot: a delivery has every record; changes: only those that changed"
    yield "delivers: snapshot"
    yield "# what becomes of a held record that a snapshot no longer has: keep, close or delete"
    yield "missing: keep"


def _source(draft: Draft) -> Iterator[str]:
    source, names = draft.source, draft.names
    yield "source:"
    yield f"  files: {scalar(names.files)}"
    if names.issued is not None:
        yield "  # orders deliveries by their names, so that an older one never overwrites a newer one"
        yield f"  issued: {scalar(names.issued)}"
    if source.given is not None:
        yield from _given(source, source.given)
        return
    yield "  format: csv"
    yield from _decidable(source, "encoding", scalar(source.encoding), source.encoding_remarks)
    yield from _decidable(source, "delimiter", quoted(source.delimiter), source.delimiter_remarks)
    yield f"  quoteChar: {'null' if source.quote is None else quoted(source.quote)}"
    yield from ([f"  escapeChar: {quoted(source.escape)}"] if source.escape else [])
    yield from _decidable(source, "header", str(source.header).lower(), source.header_remarks)
    yield from ([f"  preambleLines: {source.preamble_lines}"] if source.preamble_lines else [])
    yield from _comment(source.skip_remarks, "  ")
    yield from _skips(source.skip)


def _given(draft: SourceDraft, source: Source) -> Iterator[str]:
    yield from _comment(["; ".join(draft.given_remarks)] if draft.given_remarks else [], "  ")
    yield f"  format: {source.format}"
    if source.format not in ("parquet", "arrow"):
        yield from _decidable(draft, "encoding", scalar(source.encoding), draft.encoding_remarks)
    yield from source_keys(source)


def _decidable(source: SourceDraft, key: str, value: str, remarks: Sequence[str]) -> Iterator[str]:
    doubts = [doubt for doubt in source.doubts if doubt.where == f"source.{key}"]
    yield from _comment(["; ".join(remarks)] if remarks else [], "  ")
    yield from _doubts(doubts, "  ")
    yield f"  {key}: {UNDECIDED if doubts else value}"


def _skips(skips: Sequence[SkipDraft]) -> Iterator[str]:
    if skips:
        yield from _comment(
            [
                f"{skip.name}: {_rows(skip.row_count)} fit {quoted(skip.pattern)}; no record, counted as skipped"
                for skip in skips
            ],
            "  ",
        )
        yield "  skip:"
        yield from (f"    - {{name: {scalar(skip.name)}, pattern: {quoted(skip.pattern)}}}" for skip in skips)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _field(field: FieldDraft) -> Iterator[str]:
    yield f"  {field.name}:"
    yield f"    from: {field.column if isinstance(field.column, int) else quoted_or_plain(field.column)}"
    yield from _comment([counts(field)], "    ")
    yield from _comment([*against(field), *field.remarks], "    ")
    yield from _reading(field, field.reading)
    if field.is_key:
        if field.empty_is_value:
            yield "    missingValues: []"
        else:
            yield "    constraints: {required: true}"


def quoted_or_plain(text: str) -> str:
    """A column's name as YAML; quoted wherever it could be taken for something else."""
    return quoted(text) if text != text.strip() or text.isdigit() else scalar(text)


def _reading(field: FieldDraft, reading: ColumnReading) -> Iterator[str]:
    told: set[str] = set()
    for key, value in (("type", reading.type), *((setting.key, setting.value) for setting in reading.settings)):
        doubts = [doubt for doubt in field.doubts if doubt.where == f"fields.{field.name}.{key}" and key not in told]
        told.add(key)
        yield from _doubts(doubts, "    ")
        yield f"    {key}: {write(value)}"


def _doubts(doubts: Iterable[Doubt], indent: str) -> Iterator[str]:
    for doubt in doubts:
        yield from _comment([f"UNDECIDED: {doubt.why}. Write one of"], indent)
        yield from (f"{indent}#     {choice}" for choice in doubt.choices)
        if doubt.decide:
            told = " | ".join(doubt.decide)
            yield from _comment([f"or run init again with --decide {told}"], indent)


def _comment(lines: Iterable[str], indent: str) -> Iterator[str]:
    """Comment lines, wrapped. Texts of the sample in them are escaped already: none can end the line."""
    for line in lines:
        own = len(line) - len(line.lstrip())
        kept = _EXAMPLE.sub(lambda found: found[0].replace(" ", _UNBROKEN), line.strip())
        wrapped = textwrap.wrap(kept, _WIDTH - len(indent) - own, break_long_words=False, break_on_hyphens=False)
        first, *more = [part.replace(_UNBROKEN, " ") for part in wrapped] or [""]
        yield f"{indent}# {' ' * own}{first}".rstrip()
        yield from (f"{indent}#   {' ' * own}{part}" for part in more)
