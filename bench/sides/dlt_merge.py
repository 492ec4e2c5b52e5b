"""dlt's merge of the delivered file into PostgreSQL: `python dlt_merge.py WAY URI FILE FOLDER`, in dlt's environment.

arrow  the fast way that dlt's documentation gives: Arrow tables instead of Python objects, csv as the loader's file
       format, and the upsert strategy, which was faster here than the default delete-insert.
       https://dlthub.com/docs/dlt-ecosystem/verified-sources/arrow-pandas
       https://dlthub.com/docs/dlt-ecosystem/file-formats/csv
rows   the way of its first pages: a generator of dictionaries, everything else as it comes.

Dates and amounts get their types on the way; phones and status codes stay as they were sent.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import dlt
import pyarrow as pa  # type: ignore[import-not-found, unused-ignore]
import pyarrow.compute as pc  # type: ignore[import-not-found, unused-ignore]
from pyarrow import csv as arrow_csv  # type: ignore[import-not-found, unused-ignore]

NAMES = (
    "client_no", "first_name", "last_name", "email", "phone", "born_on", "client_since", "address", "postcode",
    "balance", "credit_limit", "status",
)  # fmt: skip
DATES, AMOUNTS = ("born_on", "client_since"), ("balance", "credit_limit")
BLOCK_BYTES = 64 << 20


def tables(path: str) -> Iterator[pa.Table]:
    """The file as typed Arrow tables, a block at a time."""
    reader = arrow_csv.open_csv(
        path,
        read_options=arrow_csv.ReadOptions(column_names=list(NAMES), skip_rows=1, block_size=BLOCK_BYTES),
        parse_options=arrow_csv.ParseOptions(delimiter=";"),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: pa.string() for name in NAMES}, strings_can_be_null=True, null_values=[""]
        ),
    )
    for batch in reader:
        yield pa.table({name: typed_column(name, batch.column(name)) for name in NAMES})


def typed_column(name: str, text: pa.Array) -> pa.Array:
    """One column's values."""
    if name in DATES:
        return pc.strptime(text, format="%d/%m/%Y", unit="s").cast(pa.date32())
    if name in AMOUNTS:
        plain = pc.replace_substring(pc.replace_substring(text, ".", ""), ",", ".")
        return plain.cast(pa.decimal128(38, 2))
    return text


def rows(path: str) -> Iterator[dict[str, object]]:
    """The file as dictionaries, a row at a time."""
    with open(path, encoding="utf-8", newline="") as source:  # noqa: PTH123
        reader = csv.reader(source, delimiter=";")
        next(reader)
        for row in reader:
            yield {name: typed_value(name, text) for name, text in zip(NAMES, row, strict=True)}


def typed_value(name: str, text: str) -> str | date | Decimal | None:
    """One value."""
    if name in DATES:
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007
    if name in AMOUNTS:
        return Decimal(text.replace(".", "").replace(",", "."))
    return text or None


def merge(way: str, uri: str, path: str, folder: str) -> None:
    """One run of the pipeline; whoever is held already is replaced."""
    # dlt asks for a host and a password; libpq prefers the socket that the address ends with
    address = uri.replace("postgres:@/", "postgres:unused@localhost/")
    pipeline = dlt.pipeline(
        "bench", destination=dlt.destinations.postgres(address), dataset_name="public", pipelines_dir=folder
    )
    arrow = way == "arrow"
    source = dlt.resource(
        tables(path) if arrow else rows(path),
        name="clients",
        primary_key="client_no",
        write_disposition={"disposition": "merge", "strategy": "upsert"} if arrow else "merge",
    )
    loaded = pipeline.run(source, loader_file_format="csv") if arrow else pipeline.run(source)
    loaded.raise_on_failed_jobs()


if __name__ == "__main__":
    merge(*sys.argv[1:5])
