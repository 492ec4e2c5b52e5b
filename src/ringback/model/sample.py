"""A sample: some rows of archived deliveries as files, for a place that has neither archive nor database."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

MANIFEST = "sample.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledDelivery:
    """One delivery of a sample; its file lies at FEED/FOLDER/FILE_NAME."""

    folder: str  # "1" is the oldest
    file_name: str  # as delivered: its date orders deliveries
    row_count: int  # that were exported
    of_rows: int  # that the delivery has
    rejected: int  # of those exported
    left_out: int  # rows that cannot be written as text of the same kind: bad bytes, open quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFile:
    """What FEED/sample.json says. No client value."""

    feed: str
    is_scrambled: bool
    release: int | None  # that the deliveries were read under; None: the working copy
    contract_text: str  # of that release
    deliveries: tuple[SampledDelivery, ...]  # the oldest first

    def to_json(self) -> str:
        """As it is written."""
        return _SAMPLE.dump_json(self, indent=1).decode() + "\n"

    @staticmethod
    def from_json(text: str) -> SampleFile:
        """As it was written. Raises: pydantic.ValidationError."""
        return _SAMPLE.validate_json(text)


_SAMPLE = TypeAdapter(SampleFile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export wrote."""

    sample: SampleFile
    folder: str
    remarks: tuple[str, ...] = ()
