"""Accept: write the examples of a feed anew, for a person to review as a difference in the repository."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from ringback.contracts import ContractFile
from ringback.contracts.examples import ExamplesPage, examples_path, load_examples, parse_examples
from ringback.contracts.examples_writing import examples_text, rewritten
from ringback.errors import UsageError
from ringback.model.example import ContractExample, ExamplesReport
from ringback.model.rows import LINE
from ringback.steps.examples import fault_codes, kept_values, read_examples, try_example
from ringback.steps.interpret.reference import Record
from ringback.steps.read import Reading, read
from ringback.steps.scramble import Secret, scramble_rows
from ringback.steps.telling_rows import telling_rows
from ringback.workflows.examples import tried
from ringback.workflows.place import Place

MOST_ROWS = 50_000  # of a delivery that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How examples are taken from a delivery."""

    file: Path | None = None  # None: the newest published delivery
    secret: bytes | None = None  # None: as delivered


def accept_examples(feed: str, place: Place, taken: Taken) -> ExamplesReport:
    """Rewrite what a feed's examples expect; without any, take a few telling rows from a delivery.

    Raises: ContractError; UsageError, when there is no delivery to take rows from.
    """
    contract = place.contract(feed)
    page = load_examples(place.project, contract)
    if page is not None and taken.file is not None:
        raise UsageError(
            f"there are examples of {feed} already",
            where=page.name,
            mend="Leave --from out to accept what they become; to take rows anew, delete the file first.",
        )
    text, told = _drafted(contract, place, taken) if page is None else _accepted(page, contract)
    path = examples_path(place.project, feed)
    name = path.relative_to(place.project.folder).as_posix()
    new = parse_examples(text, contract.contract, name=name)
    if page is None or page.text != text:
        path.write_text(text, encoding="utf-8")
    return replace(tried(new, contract), accepted=told)


def _accepted(page: ExamplesPage, contract: ContractFile) -> tuple[str, str]:
    records = read_examples([example.row for example in page.examples], contract.contract)
    new = {
        place: as_read(example, record)
        for place, (example, record) in enumerate(zip(page.examples, records, strict=True))
        if try_example(example, record)
    }
    return rewritten(page, new), f"{len(new)} of {len(page.examples)} rewritten"


def as_read(example: ContractExample, record: Record) -> ContractExample:
    """The example with what its row becomes; of a record only the fields that it named before, if it named any."""
    if record.faults:
        codes = {field: found[0] if len(found) == 1 else found for field, found in fault_codes(record).items()}
        return example.model_copy(update={"record": None, "reject": codes})
    values = kept_values(record)
    named = values if example.record is None else {field: values[field] for field in example.record}
    return example.model_copy(update={"record": named, "reject": None})


def _drafted(contract: ContractFile, place: Place, taken: Taken) -> tuple[str, str]:
    feed = contract.contract.feed
    rows, name = _rows(contract, place, taken)
    _require_columns(rows, contract, name)
    if taken.secret is not None:
        rows = scramble_rows(rows, contract.contract, Secret(word=taken.secret))
    chosen = telling_rows(rows, contract.contract)
    if not chosen:
        raise UsageError("the delivery has no rows to take examples from", where=name)
    columns = {str(spec.column) for spec in contract.contract.fields.values()}
    bare = [
        ContractExample(name=row.shows, row={name: text for name, text in row.cells.items() if name in columns})
        for row in chosen
    ]
    records = read_examples([example.row for example in bare], contract.contract)
    examples = [as_read(example, record) for example, record in zip(bare, records, strict=True)]
    how = "client values as delivered" if taken.secret is None else "values scrambled, so no client is in it"
    return examples_text(feed, examples, taken_from=f"Taken from {name}; {how}."), f"taken from {name}, {how}"


def _require_columns(rows: pl.DataFrame, contract: ContractFile, name: str) -> None:
    absent = [str(spec.column) for spec in contract.contract.fields.values() if str(spec.column) not in rows.columns]
    if absent:
        raise UsageError(
            f"the delivery lacks {', '.join(absent)}", where=name, why=f"{contract.name} reads these columns."
        )


def _rows(contract: ContractFile, place: Place, taken: Taken) -> tuple[pl.DataFrame, str]:
    """Rows of a delivery, at most MOST_ROWS of its first, and the name of its file."""
    source, feed = contract.contract.source, contract.contract.feed
    if taken.file is not None:
        try:
            with taken.file.open("rb") as stream:
                return _first(read(stream, source, file_name=taken.file.name)), taken.file.name
        except OSError as fault:
            raise UsageError("the file cannot be read", where=str(taken.file), why=fault.strerror or "") from None
    run = place.last_import(feed)
    if run is None or run.sha256 is None:
        raise UsageError(
            f"there is no published import of {feed} to take examples from",
            mend="Name a file with --from FILE, or write the examples by hand: docs/guides/contract-examples.md",
        )
    with place.archive.open(run.sha256) as stored:
        return _first(read(stored, source, file_name=run.file_name or "")), run.file_name or run.name


def _first(reading: Reading) -> pl.DataFrame:
    frames, seen = [pl.DataFrame(schema={LINE: pl.Int64(), **dict.fromkeys(reading.columns, pl.String())})], 0
    for chunk in reading.chunks():
        frames.append(chunk.rows)
        seen += chunk.rows.height
        if seen >= MOST_ROWS:
            break
    return pl.concat(frames).head(MOST_ROWS)
