"""A contract: what each field of a feed means, and the feed's policy.

Key names follow Table Schema and CSV Dialect where these have one. Keys not listed here are errors.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SerializeAsAny, model_validator

from ringback.model.field import FieldSpec
from ringback.model.policy import Policy

NAME_PATTERN = r"^[a-z][a-z0-9_]{0,62}$"  # PostgreSQL keeps 63 bytes of an identifier

Name = Annotated[str, Field(pattern=NAME_PATTERN)]
Format = Literal["csv", "fixed", "jsonl", "json", "xml", "parquet", "arrow", "vcard", "ldif"]


class Written(BaseModel):
    """What people write: frozen, and a key that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Delivers(StrEnum):
    """What a delivery holds: every client each time, or only those that changed."""

    SNAPSHOT = "snapshot"
    CHANGES = "changes"


class Missing(StrEnum):
    """What becomes of a held client that a snapshot no longer has."""

    KEEP = "keep"
    CLOSE = "close"
    DELETE = "delete"


def _one_or_many(given: object) -> object:
    return [given] if isinstance(given, str) else given


class Skip(Written):
    """A named rule for rows that are no records: they are counted under its name, never lost."""

    name: str = Field(min_length=1)
    pattern: str = Field(description="A linear-time (RE2) pattern that the row's text as delivered must contain.")


class LayoutColumn(Written):
    """One column of a fixed-width row."""

    name: str = Field(min_length=1)
    start: int = Field(ge=1, description="Where it begins, counted from 1.")
    length: int = Field(ge=1)
    packed: bool = Field(default=False, description="COMP-3: two digits a byte, the sign in the last half.")


class Source(Written):
    """How the bytes of a delivery become rows of text."""

    files: str | None = Field(default=None, description="Where deliveries arrive, as a glob.")
    issued: str | None = Field(
        default=None,
        description="File names with strptime letters, clients_%Y-%m-%d.csv: orders deliveries without a clock.",
    )
    format: Format = "csv"
    encoding: str = "utf-8"
    delimiter: str = Field(default=",", min_length=1)
    quote: str | None = Field(default='"', alias="quoteChar", description="null: nothing is quoted.")
    escape: str | None = Field(default=None, alias="escapeChar")
    header: bool = True
    preamble_lines: int = Field(default=0, alias="preambleLines", ge=0, description="Lines before the header.")
    footer_lines: int = Field(default=0, alias="footerLines", ge=0, description="Lines after the last record.")
    comment: str | None = Field(default=None, alias="commentChar", description="Lines that start so are skipped.")
    skip: tuple[Skip, ...] = ()
    offsets: Literal["characters", "bytes"] | None = Field(default=None, description="What a fixed layout counts.")
    layout: tuple[LayoutColumn, ...] = Field(default=(), description="The columns of a fixed-width row.")
    record_length: int | None = Field(
        default=None, alias="recordLength", ge=1, description="Of a fixed-width row; default: to its last column's end."
    )
    line_ends: bool = Field(
        default=True, alias="lineEnds", description="false: fixed-width rows follow each other without line ends."
    )
    record: str | None = Field(default=None, description="Where the records are, as data.clients; default: the whole.")
    unfold: tuple[str, ...] = Field(default=(), description="Lists whose parts are columns of their own: phones[0].")
    namespaces: dict[str, str] = Field(default={}, description="Prefixes of XML names -> the namespaces' whole names.")
    optional: tuple[str, ...] = Field(default=(), description="Columns that a delivery need not have at all.")
    member: str | None = Field(default=None, description="The file inside a zip; a glob that fits exactly one.")
    max_bytes: int = Field(default=64 * 2**30, alias="maxBytes", gt=0, description="Largest size after decompression.")

    @property
    def counted(self) -> str:
        """What a row's number counts: "line"; "record" where lines are none, or tell nothing."""
        by_record = self.format in ("json", "xml", "parquet", "arrow") or not self.line_ends
        return "record" if by_record else "line"


class Target(Written):
    """The live table that others read."""

    table: str = Field(min_length=1, max_length=63)
    schema_name: str | None = Field(default=None, alias="schema", description="PostgreSQL only.")
    closed: Name = Field(default="closed", description="With `missing: close`: the boolean mark.")


class Contract(Written):
    """One feed's contract, complete and decided. Made by `contracts.load`, which also knows every line."""

    feed: Name
    title: str = ""
    description: str = ""
    key: Annotated[tuple[Name, ...], BeforeValidator(_one_or_many, json_schema_input_type=Name | tuple[Name, ...])] = (
        Field(min_length=1)
    )
    delivers: Delivers = Delivers.SNAPSHOT
    missing: Missing = Missing.KEEP
    missing_values: tuple[str, ...] = Field(default=("",), alias="missingValues")
    source: Source = Source()
    target: Target
    fields: dict[Name, SerializeAsAny[FieldSpec]] = Field(min_length=1)
    ignored: tuple[str, ...] = ()
    policy: Policy = Policy()

    @model_validator(mode="after")
    def _require_key(self) -> Self:
        """Every part of the key is required: a row without it tells of no client."""
        for name in self.key:
            spec = self.fields.get(name)
            if spec is not None and not spec.constraints.required:
                required = spec.constraints.model_copy(update={"required": True})
                self.fields[name] = spec.model_copy(update={"constraints": required})
        return self

    def missing_texts(self, field: str) -> tuple[str, ...]:
        """The texts that mean "no value" in this field, after trimming."""
        own = self.fields[field].missing_values
        return self.missing_values if own is None else own
