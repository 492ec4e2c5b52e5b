"""Where a file's records begin and end: headers taken for records, and records for headers."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ringback.model.contract import Contract
from ringback.model.rows import LINE
from ringback.steps.misreadings.misreading import (
    DeliveryMutant,
    FeedMisreading,
    Mutant,
    is_written_in_lines,
    respecify_source,
)


class HeaderAsRecord(FeedMisreading):
    """The header is a record too."""

    code = "rows.header_as_record"
    sentence = "the header taken as a record"

    def contract_mutants(self, contract: Contract) -> Iterator[Mutant]:
        if contract.source.preamble_lines:
            yield respecify_source(contract, self.code, preamble_lines=contract.source.preamble_lines - 1)

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, *, seed: int, earlier: pl.DataFrame | None = None
    ) -> Iterator[DeliveryMutant]:
        header = rows.head(1).with_columns(pl.lit(name).alias(name) for name in rows.columns if name != LINE)
        mutated = pl.concat([header, rows.with_columns(pl.col(LINE) + 1)])
        yield DeliveryMutant(rows=mutated, code=self.code, fields=(), line="the header stands twice")


class FirstLost(FeedMisreading):
    """The first record is taken for a header."""

    code = "rows.first_lost"
    sentence = "the first record lost"

    def contract_mutants(self, contract: Contract) -> Iterator[Mutant]:
        if is_written_in_lines(contract):
            yield respecify_source(contract, self.code, preamble_lines=contract.source.preamble_lines + 1)

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, *, seed: int, earlier: pl.DataFrame | None = None
    ) -> Iterator[DeliveryMutant]:
        yield DeliveryMutant(rows=rows.slice(1), code=self.code, fields=(), line="the first record is not there")


class FooterAsRecord(FeedMisreading):
    """A total or a remark at the end is a record too."""

    code = "rows.footer_as_record"
    sentence = "the footer taken as a record"

    def contract_mutants(self, contract: Contract) -> Iterator[Mutant]:
        if contract.source.footer_lines:
            yield respecify_source(contract, self.code, footer_lines=0)

    def delivery_mutants(
        self, rows: pl.DataFrame, contract: Contract, *, seed: int, earlier: pl.DataFrame | None = None
    ) -> Iterator[DeliveryMutant]:
        columns = [name for name in rows.columns if name != LINE]
        texts = dict.fromkeys(columns, "") | {columns[0]: "TOTAL", columns[-1]: str(rows.height)}
        footer = rows.tail(1).with_columns(pl.col(LINE) + 1, *(pl.lit(texts[name]).alias(name) for name in columns))
        mutated = pl.concat([rows, footer])
        yield DeliveryMutant(rows=mutated, code=self.code, fields=(), line="a line with the total at the end")


class LastLost(FeedMisreading):
    """The last records are taken for a footer."""

    code = "rows.last_lost"
    sentence = "the last record taken for a footer"

    def contract_mutants(self, contract: Contract) -> Iterator[Mutant]:
        if is_written_in_lines(contract):
            yield respecify_source(contract, self.code, footer_lines=contract.source.footer_lines + 1)
