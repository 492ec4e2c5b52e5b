"""Export a sample of a feed's archived deliveries, scrambled or as they are, for pipelines without client data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ringback.contracts import ContractFile
from ringback.contracts.bare import bare_text
from ringback.errors import ContractError, DeliveryRefused, UsageError
from ringback.model.contract import Contract
from ringback.model.rows import LINE, cells_of
from ringback.model.run import Run
from ringback.model.sample import MANIFEST, Exported, SampledDelivery, SampleFile
from ringback.steps.delimited import delimited, packed
from ringback.steps.interpret import interpret
from ringback.steps.read import Reading, RowChunk, read
from ringback.steps.scramble import Secret, scramble_rows, scramble_texts
from ringback.steps.stratify import LOT, Lowest, Telling, lots_of, with_lots
from ringback.workflows.import_file import Asked
from ringback.workflows.place import Place
from ringback.workflows.trial_choice import choose

_BROKEN_LINES = 10  # rows of another width that are exported of a delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a sample has."""

    rows: int = 2_000  # of each delivery, at most; some lines that are no rows beside
    newest: int = 3  # deliveries
    secret: bytes | None = None  # None: client values as delivered


def export_sample(feed: str, folder: Path, place: Place, asked: Asked, wanted: Wanted) -> Exported:
    """Write FOLDER/FEED: a few deliveries, each with about the same clients, and every kind of reject and code.

    Raises: ContractError; UsageError, where nothing is published or the folder is somebody else's; StoreError.
    """
    contract, release = _contract(feed, place)
    chosen = choose(feed, place, newest=wanted.newest)
    if not chosen.runs:
        raise UsageError(f"there is no published import of {feed} yet", mend=f"import one: ringback import {feed} FILE")
    _require_own(folder / feed)
    drawing = _Drawing(contract, place, wanted, coming=_working(feed, place))
    runs, remarks = drawing.readable(chosen.runs[::-1])
    lots = lots_of([drawing.telling(run, asked) for run in runs], wanted.rows // 2)
    sampled = tuple(
        drawing.write(run, lots, folder / feed / str(number), asked) for number, run in enumerate(runs, start=1)
    )
    sample = SampleFile(
        feed=feed,
        is_scrambled=wanted.secret is not None,
        release=release,
        contract_text=bare_text(contract),
        deliveries=sampled,
    )
    (folder / feed / MANIFEST).write_text(sample.to_json(), encoding="utf-8")
    return Exported(sample=sample, folder=str(folder / feed), remarks=(*chosen.remarks, *remarks))


def _contract(feed: str, place: Place) -> tuple[ContractFile, int | None]:
    """The approved contract: what the deliveries mean today."""
    releases = place.store.releases(feed)
    if not releases:
        return place.contract(feed), None
    return place.parse_release(releases[0]), releases[0].id


def _working(feed: str, place: Place) -> Contract | None:
    """The working copy, where it can be read: codes that it lists anew stay readable in the sample."""
    try:
        return place.contract(feed).contract
    except ContractError:
        return None


def _require_own(folder: Path) -> None:
    """A folder that is not there yet, or that an export has written; then what it has is removed."""
    if not folder.exists():
        return
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise UsageError(
            "the folder is there already, and no sample is in it", where=str(folder), mend="Name another folder."
        )
    for number in (path for path in folder.iterdir() if path.is_dir() and path.name.isdigit()):
        for file in number.iterdir():
            file.unlink()
        number.rmdir()
    manifest.unlink()


class _Drawing:
    """How the deliveries of one feed are drawn from and written."""

    def __init__(self, contract: ContractFile, place: Place, wanted: Wanted, *, coming: Contract | None) -> None:
        self._contract, self._coming = contract.contract, coming
        self._place, self._wanted = place, wanted

    def readable(self, runs: Sequence[Run]) -> tuple[list[Run], list[str]]:
        """The deliveries that the contract can read, and what is said of the others."""
        good, remarks = [], []
        mapped = {str(spec.column) for spec in self._contract.fields.values()}
        for run in runs:
            try:
                with self._reading(run) as reading:
                    absent = mapped - set(reading.columns)
                told = f"it lacks {', '.join(sorted(absent))}" if absent else ""
            except DeliveryRefused as refusal:
                told = refusal.what
            good += [] if told else [run]
            remarks += [f"{run.name} ({run.file_name}) was left out: {told}."] if told else []
        return good, remarks

    def telling(self, run: Run, asked: Asked) -> pl.DataFrame:
        """The clients whose rows show something."""
        telling = Telling(self._contract)
        with self._reading(run) as reading:
            for chunk in reading.chunks():
                telling.take(with_lots(chunk.rows, self._contract))
                asked.progress.advance("export", done=reading.byte_count, total=run.size_bytes or 0)
        return telling.ranked()

    def write(self, run: Run, lots: pl.Series, folder: Path, asked: Asked) -> SampledDelivery:
        """One delivery's rows, as a file."""
        source, name = self._contract.source, run.file_name or "delivery.csv"
        with self._reading(run) as reading:
            schema = pl.Schema({LINE: pl.Int64(), **dict.fromkeys(reading.columns, pl.String())})
            lowest, broken = Lowest(lots, schema, size=self._wanted.rows), _Broken()
            for chunk in reading.chunks():
                lowest.take(with_lots(chunk.rows, self._contract).select(cells_of(*schema, LOT)))
                broken.take(chunk)
                asked.progress.advance("export", done=reading.byte_count, total=run.size_bytes or 0)
            rows, lines = self._hidden(lowest.rows(), broken.lines)
            content = delimited(rows, lines.to_list(), source, header=reading.header)
        folder.mkdir(parents=True)
        (folder / name).write_bytes(packed(content, name, source))
        rejected = interpret(rows, self._contract).rejects["line"].n_unique()
        return SampledDelivery(
            folder=folder.name,
            file_name=name,
            row_count=rows.height + lines.len(),
            of_rows=run.rows.read,
            rejected=rejected + lines.len(),
            left_out=broken.left_out,
        )

    def _hidden(self, rows: pl.DataFrame, lines: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
        if self._wanted.secret is None:
            return rows, lines
        secret = Secret(word=self._wanted.secret, encoding=self._contract.source.encoding)
        key = [str(self._contract.fields[name].column) for name in self._contract.key]
        hidden = scramble_rows(rows, self._contract, secret, coming=self._coming).sort(
            key
        )  # the delivered order would tell who is who
        return hidden, scramble_texts(lines, self._contract, secret)

    @contextmanager
    def _reading(self, run: Run) -> Iterator[Reading]:
        assert run.sha256 is not None  # noqa: S101 - it was chosen because its bytes are there
        with self._place.archive.open(run.sha256) as stored:
            yield read(stored, self._contract.source, file_name=run.file_name or "")


class _Broken:
    """Lines that are no rows: a few of another width; lines that would spoil others are counted."""

    def __init__(self) -> None:
        self.lines, self.left_out = pl.Series("line", [], dtype=pl.String), 0

    def take(self, chunk: RowChunk) -> None:
        """Look at the rejects of a chunk."""
        ragged = chunk.rejects.filter(pl.col("code") == "row.ragged")
        few = ragged["raw"].drop_nulls().head(_BROKEN_LINES - self.lines.len()).alias("line")
        self.lines = pl.concat([self.lines, few])
        self.left_out += chunk.rejects["line"].n_unique() - few.len()
