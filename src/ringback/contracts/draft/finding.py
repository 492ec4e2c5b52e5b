"""All that is found in a file's bytes for reading it with nothing told: the source, the names, and what is doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ringback.contracts.draft.dialect import LOOKED_AT, DialectDraft, Table, find_dialect, split
from ringback.contracts.draft.encoding import EncodingDraft, find_encoding
from ringback.contracts.draft.ends import End, find_end
from ringback.contracts.draft.evidence import Doubt
from ringback.contracts.draft.layout import LayoutDraft, find_layout
from ringback.contracts.draft.sample import SampleBytes
from ringback.model.contract import Source
from ringback.model.table import Remark
from ringback.steps.read.fit import column_fits
from ringback.steps.read.tolerant import Found

_COMMENT = "#"
_LEAD = 4  # lines before a table, with a share of all lines, that may be records
_LEAD_SHARE = 0.25
_SHOWN = 120  # characters of a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """How to read a file, with what may be wrong about it and what is merely odd."""

    found: Found
    has_header: bool
    doubts: tuple[Remark, ...]
    notes: tuple[Remark, ...]


def find_out(looked: SampleBytes) -> Findings:
    """Find how the bytes of one file become rows."""
    encoding = find_encoding(looked.joined)
    head = looked.head.decode(encoding.encoding, errors="replace").removeprefix("\ufeff")
    dialect = find_dialect(head)
    layout = find_layout(dialect.table)
    found, end = _found(looked, encoding, dialect.table, layout)
    return Findings(
        found=found,
        has_header=layout.header,
        doubts=tuple(_doubts(head[:LOOKED_AT], encoding, dialect, layout, end)),
        notes=tuple(_notes(looked, found.source, encoding, dialect, layout)),
    )


def _found(looked: SampleBytes, encoding: EncodingDraft, table: Table, layout: LayoutDraft) -> tuple[Found, End]:
    head = looked.head.decode(encoding.encoding, errors="replace")
    block = table.longest_block if len(table.longest_block) > len(table.records) / 2 else table.records
    body = [record for record in block if record.line >= layout.body_line]
    even = [record for record in body if record.clean and len(record.cells) == table.width]
    fits = column_fits([one.cells for one in even], max(1, table.width), [one.quoted for one in even])
    text = looked.pieces[-1].decode(encoding.encoding, errors="replace").removeprefix("\ufeff")
    first_line = layout.body_line if len(looked.pieces) == 1 and len(text) <= LOOKED_AT else 1
    tail = _tail(text, layout.body_line if len(looked.pieces) == 1 else 1)
    end = find_end(tail, split(tail, table.marks, line=first_line), fits, line=first_line)
    if first_line != layout.body_line:  # only the end was looked at: its lines are not known
        end = replace(end, first_line=0)
    source = Source(
        encoding=encoding.encoding,
        delimiter=table.delimiter,
        quote=_quote(table, head),
        comment=_comment(table, layout),
        header=False,
        preamble_lines=layout.body_line - 1,
        footer_lines=end.line_count,
    )
    names = layout.names.texts if layout.header and layout.names else ()
    return Found(
        source=source, names=names, fits=fits, escape=table.marks.escape, has_pairs=_has_pairs(head[:LOOKED_AT], table)
    ), end


def _comment(table: Table, layout: LayoutDraft) -> str | None:
    """The mark that starts lines among the records that are none of them."""
    body = [record for record in table.records if record.line >= layout.body_line]
    marked = [len(record.cells) == table.width for record in body if record.text.startswith(_COMMENT)]
    return _COMMENT if marked and table.width > 1 and not any(marked) else None


def _quote(table: Table, head: str) -> str | None:
    """The quote; the usual one, where the head has none and the rest may have."""
    return table.quote or (None if '"' in head[:LOOKED_AT] else '"')


def _tail(text: str, from_line: int) -> str:
    """The end of a text, from a line's start and not before a line."""
    for _ in range(from_line - 1):
        cut = min((at for at in (text.find("\n"), text.find("\r")) if at >= 0), default=-1)
        if cut < 0:
            return ""
        text = text[cut + (2 if text[cut : cut + 2] == "\r\n" else 1) :]
    if len(text) > LOOKED_AT:
        text = text[-LOOKED_AT:]
        text = text[text.find("\n") + 1 :]
    return text


def _of_letters(head: str, table: Table) -> Iterator[Remark]:
    """Doubts about what stands in the text itself."""
    if controls := re.findall("[\x80-\x9f]", head):
        why = (
            f"{len(controls):,} control characters (U+0080 to U+009F) stand in the text: it was decoded wrongly before"
        )
        yield Remark(why=why, line=_line_of(head, controls[0]))
    if len(garbled := re.findall("Ã[\x80-¿]|â€.|Â[\xa0-¿]", head)) > 1:
        why = f"the text was UTF-8, and was taken for cp1252 on its way: {garbled[0]!r} stands in it"
        yield Remark(why=why, line=_line_of(head, garbled[0]))
    if _has_pairs(head, table):
        yield Remark(why="double quotes stand in pairs only, though values are quoted otherwise: a pair is read as one")
    alone = [record for record in table.records if '"' in record.text] if table.quote is None else []
    if len(alone) == 1 and alone[0].text.count('"') % 2:
        yield Remark(why="a double quote stands here and nowhere else: it may be a stray one", line=alone[0].line)
    if (size := table.fixed_size) is not None:
        yield Remark(
            why=f"all lines have {size} characters: the file may be of fixed width, whose columns are not found"
        )


def _has_pairs(head: str, table: Table) -> bool:
    """Whether double quotes are doubled in a file with another quote, as if it had been theirs."""
    others = table.quote not in (None, '"')
    return others and '"' in head and all(len(run) % 2 == 0 for run in re.findall('"+', head))


def _line_of(text: str, found: str) -> int:
    return len(re.findall(r"\r\n|\r|\n", text[: text.index(found)])) + 1


def _doubts(
    head: str, encoding: EncodingDraft, dialect: DialectDraft, layout: LayoutDraft, end: End
) -> Iterator[Remark]:
    for doubt in encoding.doubts + dialect.doubts:
        yield _told(doubt, None)
    yield from _of_letters(head, dialect.table)
    lead = [record for record in dialect.table.records if record.line <= layout.preamble_lines]
    if len(lead) >= _LEAD and len(lead) > _LEAD_SHARE * len(dialect.table.records):
        many = f"{layout.preamble_lines} lines stand before the table and are left out, as no part of it"
        yield Remark(why=many, line=1, readings=tuple(record.text[:_SHOWN] for record in lead[:2]))
    for doubt in layout.doubts:
        yield _told(doubt, max(1, layout.body_line - 1))
    if end.line_count:
        lines = "the last line is" if end.line_count == 1 else f"the last {end.line_count} lines are"
        readings = tuple(text[:_SHOWN] for text in end.texts[:3])
        yield Remark(why=f"{lines} no records, and left out", line=end.first_line or None, readings=readings)


def _told(doubt: Doubt, line: int | None) -> Remark:
    return Remark(why=doubt.why, line=line, readings=doubt.choices)


def _notes(
    looked: SampleBytes, source: Source, encoding: EncodingDraft, dialect: DialectDraft, layout: LayoutDraft
) -> Iterator[Remark]:
    for remark in (*encoding.remarks, *dialect.remarks, *layout.remarks):
        if remark:
            yield Remark(why=remark)
    if layout.names is not None:
        yield from (Remark(why=remark) for remark in layout.names.remarks)
    if source.comment:
        yield Remark(why=f"lines that start with {source.comment} are left out as comments")
    if b"\r" in looked.head and b"\n" not in looked.head:
        yield Remark(why="lines end with a return alone")
