"""A delivery that does not fit its contract: what is other about it, and the change of the contract that would fit.

Nothing is decided here. A proposal is a difference that somebody looks at, takes into the working copy, and tries.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from ringback.contracts import ContractFile, parse
from ringback.contracts.draft.decisions import decisions_of
from ringback.contracts.draft.encoding import find_encoding
from ringback.contracts.draft.sample import look_at
from ringback.contracts.draft.sources import find_source, source_of
from ringback.contracts.edit import edited, unified
from ringback.errors import ContractError, RingbackError, UsageError
from ringback.model.contract import Contract, Source
from ringback.model.measured import percent
from ringback.model.proposal import Proposal
from ringback.model.rows import LINE
from ringback.steps.interpret import interpret
from ringback.steps.read import read
from ringback.steps.renamed import Renamed, renamed
from ringback.workflows.place import Place

ROWS = 10_000  # that are looked at
MOST_NEW = 200  # columns that nobody knows
_KEYS = {"encoding": "encoding", "delimiter": "delimiter", "quote": "quoteChar", "preamble_lines": "preambleLines"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """A delivery's first rows under a source."""

    source: Source
    header: tuple[str, ...]
    rows: pl.DataFrame
    reject_count: int

    def fitness(self, contract: Contract) -> tuple[int, float]:
        """How many mapped columns are there; and less for rows that cannot be split."""
        there = sum(str(spec.column) in self.header for spec in contract.fields.values())
        return there, -self.reject_count / max(1, self.rows.height + self.reject_count)


def propose(path: Path, contract_file: ContractFile, place: Place) -> Proposal | None:
    """The change of the contract that makes a delivery fit; None, where none is known. Raises nothing of ringback's."""
    with suppress(RingbackError, OSError):
        return _Proposing(path, contract_file, place).proposal()
    return None


class _Proposing:
    """One delivery that does not fit."""

    def __init__(self, path: Path, contract_file: ContractFile, place: Place) -> None:
        self._path, self._file, self._place = path, contract_file, place
        self._contract = contract_file.contract
        self._values: dict[tuple[str, ...], str | int] = {}
        self._reasons: list[str] = []

    def proposal(self) -> Proposal | None:
        """All changes together, if the contract loads with them."""
        look = self._best()
        if look is None:
            return None
        mapped = {name: str(spec.column) for name, spec in self._contract.fields.items()}
        absent = [name for name, column in mapped.items() if column not in look.header]
        known = {*mapped.values(), *self._contract.ignored}
        new = [column for column in look.rows.columns if column != LINE and column not in known]
        if len(new) > MOST_NEW:  # this is another file, not a changed one
            return None
        pairs = renamed(absent, new, look.rows, self._contract, self._same_share(look))
        for pair in pairs:
            self._values["fields", pair.field, "from"] = pair.new_column
            self._reasons.append(_told(pair))
        ignored = [column for column in new if column not in {pair.new_column for pair in pairs}]
        self._reasons += [f'"{column}" is new, and no field reads it' for column in ignored]
        paired = {pair.field for pair in pairs}
        left = tuple(
            f'"{mapped[name]}" is missing, and no new column fits {name}' for name in absent if name not in paired
        )
        return self._written(ignored, left)

    def _written(self, ignored: list[str], left: tuple[str, ...]) -> Proposal | None:
        if not self._reasons:
            return None
        text = edited(self._file, self._values, ignored=ignored)
        try:
            parse(text, name=self._file.name, feed=self._contract.feed)
        except ContractError:
            return None
        return Proposal(
            contract_name=self._file.name,
            contract_text=text,
            diff=unified(self._file.text, text, self._file.name),
            reasons=tuple(self._reasons),
            left=left,
        )

    def _best(self) -> _Look | None:
        """The source under which most of the delivery fits: the contract's own, unless another is better."""
        best = self._look(self._contract.source)
        changes: dict[str, object] = {}
        for each in self._alternatives():
            look = self._look(self._contract.source.model_copy(update=each))
            if look is not None and (best is None or look.fitness(self._contract) > best.fitness(self._contract)):
                best, changes = look, each
        for key, value in changes.items():
            written = value if isinstance(value, int) else str(value)
            self._values["source", _KEYS[key]] = written
            self._reasons.append(_source_reason(key, value, self._contract.source))
        return best

    def _found(self) -> Source:
        """What the delivery's bytes say by themselves; the contract's, where they say nothing."""
        try:
            return source_of(find_source((self._path,), decisions_of({})))
        except UsageError:  # of fixed width
            return self._contract.source

    def _alternatives(self) -> Iterator[dict[str, object]]:
        """Other values of `source`, one at a time, then all of them."""
        own = self._contract.source
        if own.format == "csv":
            found = self._found()
            other = {key: getattr(found, key) for key in _KEYS if getattr(found, key) not in (getattr(own, key), None)}
        else:
            other = {"encoding": find_encoding(look_at(self._path).joined).encoding}
        if "encoding" in other and self._reads_alike(str(other["encoding"])):
            del other["encoding"]
        yield from ({key: value} for key, value in other.items())
        if len(other) > 1:
            yield other

    def _reads_alike(self, encoding: str) -> bool:
        """Whether both encodings read the delivery's beginning the same."""
        head, own = look_at(self._path).head, self._contract.source.encoding
        if codecs.lookup(own).name == codecs.lookup(encoding).name:
            return True
        try:
            return head.decode(own) == head.decode(encoding)
        except UnicodeDecodeError:
            return False

    def _look(self, source: Source) -> _Look | None:
        try:
            with self._path.open("rb") as content:
                reading = read(content, source, file_name=self._path.name)
                chunks = [chunk for chunk in islice(reading.chunks(), 2) if chunk.row_count]
        except RingbackError:
            return None
        empty = pl.DataFrame(schema={LINE: pl.Int64(), **dict.fromkeys(reading.columns, pl.String())})
        return _Look(
            source=source,
            header=reading.header,
            rows=pl.concat([empty, *(chunk.rows for chunk in chunks)]).head(ROWS),
            reject_count=sum(chunk.rejects.height for chunk in chunks),
        )

    def _same_share(self, look: _Look) -> _SameShare:
        return _SameShare(self._contract, look, self._place)


class _SameShare:
    """How many of the held clients have the very value that a new column has for them."""

    def __init__(self, contract: Contract, look: _Look, place: Place) -> None:
        self._contract, self._rows, self._place = contract, look.rows, place
        there = {str(contract.fields[name].column) for name in contract.key} <= set(look.header)
        self._held = self._held_of(contract) if there else None

    def __call__(self, field: str, column: str) -> float | None:
        """The share; None where nobody of the delivery is held."""
        contract = self._with(field, column)
        if field in self._contract.key:
            held = self._held_of(contract) if len(contract.key) == 1 else None
            return held.height / max(1, self._rows.height) if held is not None and held.height else None
        if self._held is None or self._held.is_empty():
            return None
        fields = {name: contract.fields[name] for name in (*contract.key, field)}
        read = interpret(self._rows, contract.model_copy(update={"fields": fields})).records
        both = read.join(self._held.select([*contract.key, field]), on=list(contract.key), suffix=" held")
        told = both.filter(pl.col(f"{field} held").is_not_null())
        return float((told[field] == told[f"{field} held"]).sum()) / told.height if told.height else None

    def _with(self, field: str, column: str) -> Contract:
        spec = self._contract.fields[field].model_copy(update={"column": column})
        return self._contract.model_copy(update={"fields": {**self._contract.fields, field: spec}})

    def _held_of(self, contract: Contract) -> pl.DataFrame | None:
        keys = contract.model_copy(update={"fields": {name: contract.fields[name] for name in contract.key}})
        read = interpret(self._rows, keys).records.select(contract.key).unique()
        with suppress(RingbackError):
            return self._place.store.held_at(self._contract, read)
        return None


def _told(pair: Renamed) -> str:
    fit = f"{percent(pair.fit_share)} of its values fit {pair.field}"
    same = "" if pair.same_share is None else f", and {percent(pair.same_share)} of them are what is held"
    return f'"{pair.column}" is missing; "{pair.new_column}" is new: {fit}{same}'


def _source_reason(key: str, value: object, source: Source) -> str:
    was = getattr(source, key)
    return {
        "encoding": f"its bytes are {value}, and the contract says {was}",
        "delimiter": f'its values are separated by "{value}", and the contract says "{was}"',
        "quote": f"its values are quoted with {value}, and the contract says {was or 'no quotes'}",
        "preamble_lines": f"{value} lines stand before its header, and the contract says {was}",
    }[key]
