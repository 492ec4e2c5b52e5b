"""Sources that say what they are: a fixed layout that a person gives, and formats that their first bytes tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from ringback.contracts.draft.candidates import Candidate, try_one
from ringback.contracts.draft.columns import ColumnTexts
from ringback.contracts.draft.decisions import Decisions
from ringback.contracts.draft.encoding import EncodingDraft, find_encoding
from ringback.contracts.draft.evidence import Doubt, FieldDraft, SourceDraft
from ringback.contracts.draft.fixed_columns import FixedColumn
from ringback.contracts.draft.layout_file import read_layout
from ringback.contracts.draft.rows import read_samples_apart
from ringback.contracts.draft.sample import SampleBytes, look_at
from ringback.contracts.draft.told import NAMED, told_source
from ringback.model.contract import LayoutColumn, Source
from ringback.steps.read.layout import is_single_byte, layout_of

_EBCDIC = (
    frozenset(b"\x40") | frozenset(range(0xC1, 0xCA)) | frozenset(range(0xD1, 0xDA)) | frozenset(range(0xE2, 0xEA))
)
_EBCDIC_PAGES = ("cp037", "cp273", "cp500", "cp1140")
_PLAIN_TEXT = frozenset(b"\t\r\n") | frozenset(range(0x20, 0x40)) | frozenset(range(0x41, 0x7F))


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A source as it is told, and what its layout says of its columns."""

    source: SourceDraft
    columns: Mapping[str, FixedColumn] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()  # parts without a name

    def declared(self, column: ColumnTexts, drafted: FieldDraft) -> FieldDraft:
        """The field as the layout has it, where it says what its digits mean."""
        found = self.columns.get(str(column.column))
        if found is None:
            return drafted
        if found.type is None:
            return replace(
                drafted, remarks=(*((f"the layout has {found.said}",) if found.said else ()), *drafted.remarks)
            )
        candidate = Candidate(type=found.type, settings=found.settings, decide=found.type)
        tried = try_one(column, candidate)
        if tried is None:
            return drafted
        remark = f"the layout has {found.said}"
        return replace(drafted, reading=tried.reading(), rivals=(), doubts=(), remarks=(remark,))


def given_source(samples: Sequence[Path], decisions: Decisions, layout: Path | None) -> Given | None:
    """The source, where it says itself what it is; None for delimited text. Raises: UsageError; DeliveryRefused."""
    if layout is not None:
        return _fixed(samples, decisions, layout)
    looked = look_at(samples[0])
    source = told_source(looked)
    if source is None:
        return None
    optional = _not_in_all(samples, source) if source.format in NAMED else ()
    given = source.model_copy(update={"optional": optional})
    remarks = ("optional: columns that some record is without",) if optional else ()
    draft = SourceDraft(
        encoding=source.encoding, delimiter=",", quote=None, header=True, given=given, given_remarks=remarks
    )
    return Given(source=draft)


def _not_in_all(samples: Sequence[Path], source: Source) -> tuple[str, ...]:
    """Columns that have no text in some row: a delivery may be without them."""
    names: dict[str, None] = {}
    for sample in read_samples_apart(samples, source):
        empty = sample.rows.select((pl.all() == "").any())
        names.update(dict.fromkeys(name for name in empty.columns if empty[name].item()))
    return tuple(names)


def _fixed(samples: Sequence[Path], decisions: Decisions, layout: Path) -> Given:
    """A fixed-width source whose columns a layout file has. Raises: UsageError; DeliveryRefused."""
    columns = read_layout(layout)
    looked = tuple(map(look_at, samples))
    length = max(column.start + column.length - 1 for column in columns)
    line_ends = _has_line_ends(looked[0], length)
    encoding = _encoding(looked, decisions)
    source = Source(
        format="fixed",
        encoding=encoding.encoding,
        offsets="bytes" if is_single_byte(encoding.encoding) else "characters",
        layout=tuple(
            LayoutColumn(name=column.name, start=column.start, length=column.length, packed=column.packed)
            for column in columns
        ),
        line_ends=line_ends,
    )
    source, told = _fitted(source, looked[0])
    draft = SourceDraft(
        encoding=encoding.encoding,
        delimiter=",",
        quote=None,
        header=True,
        given=source,
        given_remarks=(f"the columns are those of {layout.name}", *told),
        encoding_remarks=encoding.remarks,
        doubts=encoding.doubts,
    )
    by_name = {column.name: column for column in columns}
    return Given(source=draft, columns=by_name, ignored=tuple(set(layout_of(source).names) - set(by_name)))


def _has_line_ends(looked: SampleBytes, length: int) -> bool:
    """Whether lines end where a row ends, counted generously: characters may have several bytes."""
    return any(mark in looked.head[length : 4 * length + 2] for mark in (b"\n", b"\r"))


def _encoding(looked: Sequence[SampleBytes], decisions: Decisions) -> EncodingDraft:
    if decisions.encoding is not None:
        return EncodingDraft(encoding=decisions.encoding, remarks=("decided by a person",))
    if _looks_ebcdic(looked[0].head):
        doubt = Doubt(
            where="source.encoding",
            why="the bytes are EBCDIC; its pages differ in letters beyond A to Z and in a few marks",
            choices=tuple(f"{page}: ask the sender which page it is" for page in _EBCDIC_PAGES),
            decide=tuple(f"source.encoding={page}" for page in _EBCDIC_PAGES),
        )
        return EncodingDraft(encoding=_EBCDIC_PAGES[0], remarks=("EBCDIC",), doubts=(doubt,))
    return find_encoding(b"".join(sample.joined for sample in looked))


def _looks_ebcdic(head: bytes) -> bool:
    letters = sum(head.count(byte) for byte in _EBCDIC)
    plain = sum(head.count(byte) for byte in _PLAIN_TEXT)
    return len(head) > 0 and letters > 0.3 * len(head) and plain < 0.3 * len(head)


def _fitted(source: Source, looked: SampleBytes) -> tuple[Source, tuple[str, ...]]:
    """The unit in which the sample's lines are as long as the layout; and a longer row than its columns tell."""
    if not source.line_ends:
        return source, ()
    text = looked.head.decode(source.encoding, errors="replace").removeprefix("\ufeff")
    lines = pl.Series([line for line in text.splitlines()[:1000] if line], dtype=pl.String)
    end = layout_of(source).length
    characters, bytes_ = lines.str.len_chars(), lines.str.len_bytes()
    if source.offsets == "characters" and (characters != end).any() and (bytes_ == end).all():
        return source.model_copy(update={"offsets": "bytes"}), ("the lines are as long as the layout in bytes",)
    if characters.n_unique() == 1 and len(lines) and characters[0] > end:
        longer = {"record_length": int(characters[0])}
        return source.model_copy(update=longer), (f"the lines have {characters[0]:,} characters, the layout {end:,}",)
    return source, ()
