"""Real feeds as a careful operator would keep them: a contract drafted from the first file, again where it must be."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from pathlib import Path

import polars as pl

from ringback.contracts import ContractFile, parse
from ringback.contracts.draft import contract_text, draft
from ringback.errors import RingbackError
from ringback.model.contract import Contract
from ringback.model.finding import Severity
from ringback.model.rows import LINE, no_rejects
from ringback.steps.audit_header import audit_header
from ringback.steps.interpret import interpret
from ringback.steps.plan import set_apart
from ringback.steps.read import read

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"
FIXED = {  # feeds of fixed columns: their names and widths
    "de_blz_fixed": {
        "code": 8,
        "leads": 1,
        "name": 58,
        "postcode": 5,
        "town": 35,
        "short_name": 27,
        "pan": 5,
        "bic": 11,
        "check_method": 2,
        "record_no": 6,
        "changed": 1,
        "ends": 1,
        "successor": 8,
        "iban_rule": 6,
    }
}
LEAST_ROWS = 10  # nobody drafts a contract from less
DECIDED = {
    "csse_daily": {"zone": "UTC"},
    "br_banks": {"zone": "UTC"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What people found changed in one file."""

    reaction: str  # hold, note, clean
    kind: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One delivery as read under the contract of its day."""

    path: Path
    contract: Contract
    is_new_era: bool  # the contract was drafted from this very file
    rows: pl.DataFrame  # LINE and the delivered columns
    records: pl.DataFrame
    rejects: pl.DataFrame
    read_count: int
    duplicate_count: int
    header: tuple[str, ...]  # codes of findings about the header, before it was mended
    size_bytes: int


@dataclass
class Corpus:
    """One folder of successive snapshots."""

    name: str
    folder: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder = CORPORA / self.name

    def files(self) -> list[Path]:
        """In the order they came."""
        return sorted(self.folder.glob("snapshots/*.txt" if self.name in FIXED else "snapshots/*.csv"))

    def content(self, path: Path) -> bytes:
        """A file's bytes; fixed columns as CSV, since ringback does not read them yet."""
        content = path.read_bytes()
        return _as_csv(content, FIXED[self.name]) if self.name in FIXED else content

    def drifts(self) -> dict[str, list[Drift]]:
        """By file name."""
        found: dict[str, list[Drift]] = {}
        with (self.folder / "drift.csv").open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                told = Drift(reaction=row["reaction"], kind=row["kind"], what=row["what_changed"])
                found.setdefault(row["file"], []).append(told)
        return found

    def deliveries(self) -> Iterator[Read | Path]:
        """Each file as read; the path itself where the file cannot be a delivery at all.

        A new contract is drafted where two files in a row cannot be read under the old one.
        """
        contract: ContractFile | None = None
        files = self.files()
        for path, after in zip(files, [*files[1:], None], strict=True):
            told = self._read(path, contract) if contract is not None else None
            stands = contract is not None and (_is_read(told) or after is None or _is_read(self._read(after, contract)))
            if not stands:
                drafted = self._draft(path)
                again = self._read(path, drafted, is_new_era=True) if drafted is not None else None
                contract, told = (drafted, again) if again is not None else (contract, told)
            elif told is not None and told.header:
                assert contract is not None
                contract = _with_contract(contract, told.contract)
            yield told if told is not None else path

    def _read(self, path: Path, contract_file: ContractFile, *, is_new_era: bool = False) -> Read | None:
        """None where the contract's columns are not there."""
        content, contract = self.content(path), contract_file.contract
        try:
            reading = read(io.BytesIO(content), contract.source, file_name=path.name)
            findings = audit_header(
                reading.header, reading.columns, contract, line_of=contract_file.line, file_name=path.name
            )
            if any(finding.severity is Severity.REFUSE for finding in findings):
                return None
            mapped = {str(spec.column) for spec in contract.fields.values()}
            unmapped = [name for name in reading.columns if name not in mapped]
            contract = contract.model_copy(update={"ignored": tuple(dict.fromkeys([*contract.ignored, *unmapped]))})
            chunks = list(reading.chunks())
        except RingbackError:
            return None
        if not chunks:
            return None
        rows = pl.concat([chunk.rows for chunk in chunks])
        interpretation = interpret(rows, contract)
        apart = set_apart(interpretation.records, contract)
        return Read(
            path=path,
            contract=contract,
            is_new_era=is_new_era,
            rows=rows,
            records=interpretation.records.join(apart.select(LINE), on=LINE, how="anti", maintain_order="left"),
            rejects=pl.concat([no_rejects(), *(chunk.rejects for chunk in chunks), interpretation.rejects]),
            read_count=reading.row_count,
            duplicate_count=apart.height,
            header=tuple(sorted({finding.code for finding in findings if finding.severity is not Severity.NOTE})),
            size_bytes=len(content),
        )

    def _draft(self, path: Path) -> ContractFile | None:
        if self.name not in FIXED:
            return self._drafted(path)
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, f"{path.stem}.csv")
            copy.write_bytes(self.content(path))
            return self._drafted(copy)

    def _drafted(self, path: Path) -> ContractFile | None:
        decide: dict[str, str] = {}
        try:
            for _ in range(3):
                drafted = draft([path], decide=decide, feed=self.name)
                if not drafted.doubts:
                    break
                decide |= dict(doubt.decide[0].split("=", 1) for doubt in drafted.doubts if doubt.decide)
            if sum(sample.row_count for sample in drafted.samples) < LEAST_ROWS:
                return None
            return parse(contract_text(drafted, on=date(2024, 8, 10)), name=f"{self.name}.yaml")
        except RingbackError:
            return None


def _as_csv(content: bytes, widths: Mapping[str, int]) -> bytes:
    lines = pl.Series("line", content.decode("latin-1").splitlines(), dtype=pl.String)
    starts = accumulate(widths.values(), initial=0)
    cells = [
        pl.col("line").str.slice(start, width).str.strip_chars_end().alias(name)
        for start, (name, width) in zip(starts, widths.items(), strict=False)
    ]
    return lines.to_frame().select(cells).write_csv(separator="|").encode()


def _with_contract(file: ContractFile, contract: Contract) -> ContractFile:
    return ContractFile(contract=contract, text=file.text, name=file.name, tree=file.tree)


def _is_read(read: Read | None) -> bool:
    """Whether most of a file could be read."""
    return read is not None and read.records.height > read.read_count / 2
