"""The `source` of a draft: encoding, delimiter, quote, header and the lines that are no records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ringback.contracts.draft.decisions import Decisions
from ringback.contracts.draft.dialect import LOOKED_AT, Table, find_dialect, split
from ringback.contracts.draft.encoding import EncodingDraft, find_encoding
from ringback.contracts.draft.evidence import SkipDraft, SourceDraft
from ringback.contracts.draft.footer import FooterDraft, find_footer
from ringback.contracts.draft.layout import LayoutDraft, find_layout
from ringback.contracts.draft.sample import SampleBytes, look_at
from ringback.errors import UsageError
from ringback.model.contract import Skip, Source


def find_source(samples: Sequence[Path], decisions: Decisions) -> SourceDraft:
    """Find how the samples' bytes become rows; the first sample decides, the encoding is found in all together.

    Raises: UsageError, for lines that seem to be of fixed width.
    """
    looked = tuple(map(look_at, samples))
    encoding = _encoding(looked, decisions)
    head = looked[0].head.decode(encoding.encoding, errors="replace").removeprefix("\ufeff")
    dialect = find_dialect(head, delimiter=decisions.delimiter)
    table = dialect.table
    if decisions.delimiter is None and decisions.header is None:
        _refuse_fixed_width(table, samples[0])
    layout = _in_one_row(find_layout(table, header=decisions.header))
    footer = _footer(looked[0], encoding.encoding, table)
    return SourceDraft(
        encoding=encoding.encoding,
        delimiter=table.delimiter,
        quote=table.quote or '"',
        escape=table.marks.escape,
        header=layout.header,
        preamble_lines=layout.preamble_lines,
        skip=footer.skip,
        skip_remarks=footer.remarks,
        encoding_remarks=encoding.remarks,
        delimiter_remarks=dialect.remarks,
        header_remarks=layout.remarks,
        doubts=encoding.doubts + dialect.doubts + layout.doubts,
    )


def _refuse_fixed_width(table: Table, sample: Path) -> None:
    if table.fixed_size is not None and table.is_padded:
        raise UsageError(
            f"no delimiter, and each line has {table.fixed_size} characters: the file seems to be of fixed width",
            where=sample.name,
            why="its columns stand nowhere in it",
            mend="Describe them: --layout FILE, a copybook or a table name,start,length. "
            "If it is one column: --decide source.header=true or =false.",
        )


def _in_one_row(layout: LayoutDraft) -> LayoutDraft:
    """A contract's header is one row: names on several are passed over."""
    if layout.names is None or layout.names.row_count == 1:
        return layout
    told = f"{layout.names.remarks[0]}: columns are read by their place"
    return replace(layout, header=False, preamble_lines=layout.body_line - 1, remarks=(told, *layout.remarks))


def by_place(draft: SourceDraft) -> SourceDraft:
    """The draft for a header that names no column or two alike: it is passed over, and columns go by their number."""
    told = "the header does not give every column a name of its own: columns are read by their place"
    return replace(
        draft, header=False, preamble_lines=draft.preamble_lines + 1, header_remarks=(told, *draft.header_remarks)
    )


def skipping_empty(draft: SourceDraft, row_count: int) -> SourceDraft:
    """The draft with a rule for rows that have no text in any cell."""
    rule = SkipDraft(name="empty row", pattern=rf"^(?:\s|{re.escape(draft.delimiter)})*$", row_count=row_count)
    return replace(draft, skip=(*draft.skip, rule))


def source_of(draft: SourceDraft) -> Source:
    """The draft as the reader takes it; what is in doubt as it is likeliest."""
    if draft.given is not None:
        return draft.given
    return Source(
        encoding=draft.encoding,
        delimiter=draft.delimiter,
        quote=draft.quote,
        escape=draft.escape,
        header=draft.header,
        preamble_lines=draft.preamble_lines,
        skip=tuple(Skip(name=rule.name, pattern=rule.pattern) for rule in draft.skip),
    )


def _encoding(looked: Sequence[SampleBytes], decisions: Decisions) -> EncodingDraft:
    if decisions.encoding is not None:
        return EncodingDraft(encoding=decisions.encoding, remarks=("decided by a person",))
    if len(looked) == 1:
        return find_encoding(looked[0].joined)
    found = tuple(find_encoding(sample.joined) for sample in looked)
    different = {one.encoding for one in found}
    return found[0] if len(different) == 1 else find_encoding(b"".join(sample.joined for sample in looked))


def _footer(looked: SampleBytes, encoding: str, table: Table) -> FooterDraft:
    tail = looked.pieces[-1].decode(encoding, errors="replace")[-LOOKED_AT:]
    lines = tail[tail.find("\n") + 1 :] if len(tail) == LOOKED_AT else tail
    return find_footer(lines, split(lines, table.marks), table.width)
