"""What a contract says about bytes: encoding and quotes of the whole file, the mark before its first name."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ringback.model.contract import Contract
from ringback.model.rows import LINE, cells_of
from ringback.steps.misreadings.misreading import (
    DeliveryMutant,
    FeedMisreading,
    Mutant,
    is_written_in_lines,
    respecify_source,
)
from ringback.steps.misreadings.text_encoding import Encoding
from ringback.steps.misreadings.text_look import Quotes

_ENCODINGS = ("utf-8", "cp1252", "latin-1", "cp437", "utf-16")
_BOM = "\ufeff"


class FileEncoding(FeedMisreading):
    """The whole file read by another table of letters. The fields tell it, as `text.encoding`."""

    code = "file.encoding"
    sentence = "the whole file read in the wrong encoding"

    def contract_mutants(self, contract: Contract) -> Iterator[Mutant]:
        for other in _ENCODINGS if is_written_in_lines(contract) else ():
            if other != contract.source.encoding:
                yield respecify_source(contract, Encoding.code, encoding=other)

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, *, seed: int, earlier: pl.DataFrame | None = None
    ) -> Iterator[DeliveryMutant]:
        columns = [name for name in rows.columns if name != LINE]
        fields = {str(spec.column): name for name, spec in contract.fields.items()}
        one_spec = next(iter(contract.fields.values()))
        for line, _ in Encoding().accidents(pl.lit(""), one_spec, seed=seed):
            texts = {
                name: dict(Encoding().accidents(cells_of(name).alias("text"), one_spec, seed=seed))[line]
                for name in columns
            }
            mutated = rows.with_columns(text.alias(name) for name, text in texts.items())
            named = tuple(fields[name] for name in columns if name in fields)
            yield DeliveryMutant(rows=mutated, code=Encoding.code, fields=named, line=f"the whole file: {line}")


class FileQuotes(FeedMisreading):
    """Quotes read as text. The fields tell it, as `text.quotes`."""

    code = "file.quotes"
    sentence = "quotes read as text"

    def contract_mutants(self, contract: Contract) -> Iterator[Mutant]:
        if contract.source.format == "csv" and contract.source.quote is not None:
            yield respecify_source(contract, Quotes.code, quote=None)


class HeaderBom(FeedMisreading):
    """The mark at the beginning of a UTF-8 file taken as part of its first name."""

    code = "file.bom"
    sentence = "a byte order mark taken as part of the first column's name"

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, *, seed: int, earlier: pl.DataFrame | None = None
    ) -> Iterator[DeliveryMutant]:
        first = next(name for name in rows.columns if name != LINE)
        if contract.source.format == "csv" and contract.source.header:
            renamed = rows.rename({first: _BOM + first})
            line = "a byte order mark before the first name"
            yield DeliveryMutant(rows=renamed, code=self.code, fields=(), line=line)
