"""Bytes -> rows of text with their origins; one file per format."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from ringback.model.contract import Source
from ringback.steps.read.columnar import ColumnarReading
from ringback.steps.read.csv import CsvReading
from ringback.steps.read.fixed import FixedReading
from ringback.steps.read.json import read_json
from ringback.steps.read.jsonl import read_jsonl
from ringback.steps.read.ldif import read_ldif
from ringback.steps.read.reading import HeaderProblem, Reading, RowChunk
from ringback.steps.read.unpack import unpack
from ringback.steps.read.vcard import read_vcard
from ringback.steps.read.xml import read_xml

READINGS: dict[str, Callable[..., Reading]] = {
    "csv": CsvReading,
    "fixed": FixedReading,
    "jsonl": read_jsonl,
    "json": read_json,
    "xml": read_xml,
    "vcard": read_vcard,
    "ldif": read_ldif,
    "parquet": ColumnarReading,
    "arrow": ColumnarReading,
}

__all__ = ["HeaderProblem", "Reading", "RowChunk", "read"]


def read(content: BinaryIO, source: Source, *, file_name: str) -> Reading:
    """Read a delivery, packed or plain, as its contract says.

    The content is read once, from its beginning, while the chunks are taken.
    Raises: DeliveryRefused, where the whole cannot be read; UsageError, where the contract's `source` cannot be used.
    """
    return READINGS[source.format](unpack(content, source, file_name=file_name), source, file_name=file_name)
