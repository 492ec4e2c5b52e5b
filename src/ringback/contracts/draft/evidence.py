"""What a draft rests on: readings of columns with counted evidence, and what stays undecided."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from ringback.model.contract import Source

UNDECIDED = "undecided"  # the contracts loader refuses a contract that still says so, and tells how to decide

Written: TypeAlias = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One key of a field as the contract writes it."""

    key: str  # as in YAML: "decimalChar"
    value: Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One text of the sample, and what it means under a reading."""

    text: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnReading:
    """One way to read a column, counted over the values of the sample (not over different texts)."""

    type: str
    settings: tuple[Setting, ...] = ()
    read_count: int
    unread_count: int
    decide: str = ""  # what `--decide field=...` takes for this reading
    meanings: tuple[Meaning, ...] = ()
    unread: tuple[str, ...] = ()  # texts that it cannot read

    def setting(self, key: str) -> Written | None:
        """A setting's value; None where the reading does not set it."""
        return next((setting.value for setting in self.settings if setting.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One thing the sample cannot decide: the readings side by side, and the words that settle it."""

    where: str  # the setting in the contract: "fields.born_on.format"
    why: str
    choices: tuple[str, ...] = ()  # one line each: what would be written, and what it would mean
    decide: tuple[str, ...] = ()  # what --decide takes: "born_on=%d/%m/%Y"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDraft:
    """One field of the draft, with the evidence for and against its reading."""

    name: str
    column: str | int  # as delivered; its number from 1 in a file without a header
    reading: ColumnReading
    value_count: int
    missing_count: int
    distinct_count: int
    rivals: tuple[
        ColumnReading, ...
    ] = ()  # other readings tried, best first; those that read all are why it is undecided
    doubts: tuple[Doubt, ...] = ()
    remarks: tuple[str, ...] = ()
    is_key: bool = False
    empty_is_value: bool = False  # part of a key, and some rows have no text there


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCandidate:
    """Fields that may tell one client from another."""

    fields: tuple[str, ...]
    duplicate_count: int  # rows that share their key with an earlier row, all samples together
    missing_count: int  # rows without a value in one of the fields


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDraft:
    """The key, or `fields` empty where the sample has none."""

    fields: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    candidates: tuple[KeyCandidate, ...] = ()  # others, best first
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipDraft:
    """A named rule for rows that are no records."""

    name: str
    pattern: str
    row_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDraft:
    """How bytes become rows, with the evidence for it."""

    encoding: str
    delimiter: str
    quote: str | None
    header: bool
    escape: str | None = None
    preamble_lines: int = 0
    skip: tuple[SkipDraft, ...] = ()
    encoding_remarks: tuple[str, ...] = ()
    delimiter_remarks: tuple[str, ...] = ()
    header_remarks: tuple[str, ...] = ()
    skip_remarks: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    given: Source | None = None  # of a format that needs no finding out: all of it
    given_remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the file names say."""

    feed: str
    files: str  # a glob
    issued: str | None  # file names with strptime letters


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDraft:
    """One sample file, and how much of it was read."""

    file_name: str
    size_bytes: int
    row_count: int
    reject_count: int = 0  # rows that the reader could not split
    complete: bool = True  # whether all of it was read
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A feed's contract as far as samples can decide it."""

    names: Names
    samples: tuple[SampleDraft, ...]
    source: SourceDraft
    key: KeyDraft
    fields: tuple[FieldDraft, ...]
    ignored: tuple[str, ...] = ()  # columns that have no name of their own

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """All that is undecided, in the order of the file."""
        of_fields = tuple(doubt for field in self.fields for doubt in field.doubts)
        return self.key.doubts + self.source.doubts + of_fields

    @property
    def row_count(self) -> int:
        """Rows of all samples."""
        return sum(sample.row_count for sample in self.samples)


@dataclass(frozen=True, slots=True, kw_only=True)
class InitReport:
    """What was drafted and written."""

    feed: str
    draft: Draft
    project_path: Path
    contract_path: Path
    project_written: bool  # false: there was a project already, and it is as it was
    contract_text: str

    @property
    def written(self) -> tuple[str, ...]:
        """The files that were written."""
        project = (str(self.project_path),) if self.project_written else ()
        return (*project, str(self.contract_path))

    @property
    def undecided(self) -> tuple[Doubt, ...]:
        """What a person still has to decide before anything is imported."""
        return self.draft.doubts
