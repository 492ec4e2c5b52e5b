"""Contract examples: rows as delivered, and the records that they must become or the rejects that they must be."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import Field

from ringback.model.contract import Name, Written

EXAMPLES_SUFFIX = ".examples.yaml"


class ContractExample(Written):
    """One row, and what must become of it."""

    name: str = Field(default="", description="What it shows, for people.")
    row: dict[str, str] = Field(
        min_length=1, description="Column -> text as delivered. A column that is left out is delivered empty."
    )
    record: dict[Name, str | None] | None = Field(
        default=None,
        description="Field -> value as ringback keeps it (1980-04-03, 1234.50, true); null: missing. "
        "Fields that are left out may be anything.",
    )
    reject: dict[Name, str | tuple[str, ...]] | None = Field(
        default=None, min_length=1, description="Field -> code of its fault, or a list of them: all that the row has."
    )


class ExamplesFile(Written):
    """What `feeds/FEED.examples.yaml` says."""

    feed: Name
    examples: tuple[ContractExample, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """Where a row does not become what its example says."""

    field: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleFault:
    """A mismatch and its place."""

    file_name: str
    line: int
    example: str  # "example 2 (31 February is no date)"
    field: str
    expected: str
    got: str

    def __str__(self) -> str:
        where = f"{self.file_name}, line {self.line}: {self.example}"
        return f"{where}, {self.field}: expected {self.expected}, got {self.got}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamplesReport:
    """What a feed's examples came to."""

    feed: str
    file_name: str
    names: tuple[str, ...]  # of all of them, in the order of the file
    faults: tuple[ExampleFault, ...] = ()
    accepted: str | None = None  # what was written, where it was asked for

    @property
    def failed(self) -> int:
        """How many examples fail."""
        return len({fault.example for fault in self.faults})

    def __str__(self) -> str:
        told = "1 example" if len(self.names) == 1 else f"{len(self.names)} examples"
        came = "all pass" if not self.failed else "1 fails" if self.failed == 1 else f"{self.failed} fail"
        return f"{self.feed}: {told}, {came} ({self.file_name})"
