"""A draft from samples: bytes, lines, rows, columns, key, in this order; each finding carries its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from ringback.contracts.draft.columns import column_texts
from ringback.contracts.draft.decisions import Decisions, decisions_of
from ringback.contracts.draft.evidence import Draft, FieldDraft, KeyDraft, SampleDraft, SourceDraft
from ringback.contracts.draft.given import Given, given_source
from ringback.contracts.draft.keys import decided_key, find_key
from ringback.contracts.draft.naming import feed_names, field_names
from ringback.contracts.draft.readings import draft_field
from ringback.contracts.draft.rows import SampleRows, read_samples
from ringback.contracts.draft.sources import by_place, find_source, skipping_empty, source_of
from ringback.errors import UsageError
from ringback.model.rows import cells_of


def draft(
    samples: Sequence[Path], *, decide: Mapping[str, str], feed: str | None = None, layout: Path | None = None
) -> Draft:
    """Draft a feed's contract from its samples; `layout` has the columns of fixed-width ones.

    Raises: DeliveryRefused, when a sample cannot be read; UsageError, when samples differ or a decision fits nothing.
    """
    decisions = decisions_of(decide)
    given = given_source(samples, decisions, layout)
    labels: tuple[str | int, ...]
    if given is None:
        source, read, labels = _found(samples, decisions)
    else:
        source, read = given.source, _read_given(samples, given)
        labels = read[0].header
    columns = _columns(read, source)
    names = field_names(labels or columns)
    decisions.check_names(names)
    fields = _fields(read, columns, names, decisions, given=given)
    key = _key(read, fields, decisions)
    return Draft(
        names=feed_names(samples, feed=feed),
        samples=tuple(map(_sample, read)),
        source=source,
        key=key,
        fields=tuple(_marked(field, key, decided=bool(decisions.of_field(field.name).reading)) for field in fields),
        ignored=given.ignored if given else (),
    )


def _found(
    samples: Sequence[Path], decisions: Decisions
) -> tuple[SourceDraft, tuple[SampleRows, ...], tuple[str, ...]]:
    """How the samples' bytes become rows, the rows, and what the header calls them."""
    source = find_source(samples, decisions)
    read = read_samples(samples, source_of(source))
    if _skips_records(read[0], source):
        source = replace(source, skip=())
        read = read_samples(samples, source_of(source))
    labels = read[0].header if source.header else ()
    if source.header and not _named_apart(read):
        source = by_place(source)
        read = read_samples(samples, source_of(source))
    if empty := _empty_rows(read):
        source = skipping_empty(source, empty)
        read = read_samples(samples, source_of(source))
    return source, read, labels


def _read_given(samples: Sequence[Path], given: Given) -> tuple[SampleRows, ...]:
    """The rows, without the columns that are left aside."""
    read = read_samples(samples, source_of(given.source))
    if not given.ignored:
        return read
    return tuple(
        replace(
            sample,
            header=tuple(name for name in sample.header if name not in given.ignored),
            rows=sample.rows.select(cells_of(*(name for name in sample.rows.columns if name not in given.ignored))),
        )
        for sample in read
    )


def _skips_records(read: SampleRows, source: SourceDraft) -> bool:
    """Whether a rule made for the last lines fits other rows too: then it is no rule."""
    return any(read.complete and read.skipped.get(rule.name, 0) != rule.row_count for rule in source.skip)


def _empty_rows(read: Sequence[SampleRows]) -> int:
    """Rows of several cells without a text in any of them, all samples together."""
    wide = [sample.rows for sample in read if sample.rows.width > 1]
    return sum(int(rows.select(pl.all_horizontal(pl.all().str.strip_chars() == "").sum()).item()) for rows in wide)


def _named_apart(read: Sequence[SampleRows]) -> bool:
    """Whether every column has a name of its own. Raises: UsageError, when it has not and the samples differ."""
    header = read[0].header
    if all(name.strip() for name in header) and len(set(header)) == len(header):
        return True
    if any(sample.header != header for sample in read):
        raise UsageError(
            "columns without a name of their own stand in another order in another sample",
            where=", ".join(sample.path.name for sample in read),
            mend="Draft from samples with one header.",
        )
    return False


def _columns(read: Sequence[SampleRows], source: SourceDraft) -> tuple[str | int, ...]:
    columns = read[0].rows.columns
    return tuple(columns) if source.header else tuple(range(1, len(columns) + 1))


def _fields(
    read: Sequence[SampleRows],
    columns: Sequence[str | int],
    names: Sequence[str],
    decisions: Decisions,
    *,
    given: Given | None,
) -> tuple[FieldDraft, ...]:
    delivered, fields = read[0].rows.columns, []
    for raw, column, name in zip(delivered, columns, names, strict=True):
        texts, decided = (
            column_texts(pl.concat([sample.rows[raw] for sample in read]), column),
            decisions.of_field(name),
        )
        drafted = draft_field(texts, name, decided)
        fields.append(given.declared(texts, drafted) if given and not decided.reading else drafted)
    return tuple(fields)


def _key(read: Sequence[SampleRows], fields: Sequence[FieldDraft], decisions: Decisions) -> KeyDraft:
    delivered = read[0].rows.columns
    trimmed = [sample.rows.select(cells_of(*delivered).str.strip_chars()) for sample in read]
    return decided_key(decisions.key, fields, trimmed) if decisions.key else find_key(fields, trimmed)


def _marked(field: FieldDraft, key: KeyDraft, *, decided: bool) -> FieldDraft:
    """The field as part of the key: unless a person decided otherwise, digits stay text, with their zeros."""
    if field.name not in key.fields:
        return field
    kept = replace(field, is_key=True, empty_is_value=field.missing_count > 0 and field.reading.type == "string")
    if decided or field.reading.type != "integer":
        return kept
    text = replace(field.reading, type="string", settings=(), decide="string")
    return replace(kept, reading=text, remarks=("digits only; part of the key: kept as text", *field.remarks))


def _sample(read: SampleRows) -> SampleDraft:
    rejected = read.rejects["line"].n_unique() if read.rejects.height else 0
    return SampleDraft(
        file_name=read.path.name,
        size_bytes=read.path.stat().st_size,
        row_count=read.rows.height,
        reject_count=rejected,
        complete=read.complete,
    )
