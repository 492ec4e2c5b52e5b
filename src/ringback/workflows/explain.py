"""Explain a client's values: since when, from which run, file, line, raw text, contract line."""

from __future__ import annotations

from functools import cache

import polars as pl

from ringback.contracts import ContractFile
from ringback.errors import UsageError
from ringback.model.canonical import from_text, to_text
from ringback.model.contract import Contract
from ringback.model.rows import LINE
from ringback.model.run import Run
from ringback.model.story import FieldStory, Step, Story
from ringback.steps.interpret import interpret
from ringback.workflows.delivered import delivered_rows
from ringback.workflows.place import Place


def explain(feed: str, key: tuple[str, ...], place: Place, *, field: str | None = None) -> Story:
    """Tell a client's values and where each comes from. Raises: UsageError, when nothing is known of the client."""
    contract = _contract(feed, place)
    if field is not None and field not in contract.fields:
        raise UsageError(f"{field} is not a field of {feed}", mend=f"fields: {', '.join(contract.fields)}")
    typed = _typed_key(key, contract)
    live = place.store.held_at(contract, typed)
    cells = place.store.cells_of_key(contract, tuple(typed.row(0)))
    if live.is_empty() and cells.is_empty():
        raise UsageError(f"no client of {feed} has this key", why="it is neither held nor in history")
    teller = _Teller(place)
    names = [field] if field else list(contract.fields)
    return Story(
        feed=feed,
        key=key,
        is_held=not live.is_empty(),
        fields=tuple(_field_story(name, live, cells, contract, teller=teller) for name in names),
    )


def _contract(feed: str, place: Place) -> Contract:
    releases = place.store.releases(feed)
    if not releases:
        raise UsageError(f"no release of {feed} was ever approved, so nothing of it was imported")
    return place.parse_release(releases[0]).contract


def _typed_key(key: tuple[str, ...], contract: Contract) -> pl.DataFrame:
    if len(key) != len(contract.key):
        raise UsageError(
            f"the key of {contract.feed} has {len(contract.key)} parts", mend=f"give {','.join(contract.key)}, in order"
        )
    texts = pl.DataFrame({name: [text] for name, text in zip(contract.key, key, strict=True)})
    typed = texts.select(from_text(pl.col(name), contract.fields[name].dtype) for name in contract.key)
    unreadable = [name for name in contract.key if typed[name].null_count()]
    if unreadable:
        kind = contract.fields[unreadable[0]].type
        raise UsageError(
            f"the key's {unreadable[0]} is not written as ringback writes a {kind}", mend="see it in the table"
        )
    return typed


def _field_story(
    name: str, live: pl.DataFrame, cells: pl.DataFrame, contract: Contract, *, teller: _Teller
) -> FieldStory:
    steps = tuple(
        step
        for cell in cells.iter_rows(named=True)
        if cell["field"] in (None, name) and (step := teller.step(cell, name)) is not None
    )
    now = None
    if not live.is_empty():
        now = live.select(to_text(pl.col(name), contract.fields[name].dtype)).item()
    return FieldStory(field=name, now=now, steps=steps, outside=bool(steps) and steps[-1].after != now)


class _Teller:
    """Finds the run, the delivered row and the contract line behind a cell; each is looked up once."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._run = cache(place.require_run)
        self._contract = cache(self._contract_of)
        self._row = cache(self._row_at)

    def step(self, cell: dict[str, object], name: str) -> Step | None:
        run = self._run(int(str(cell["run"])))
        contract = self._contract(run.id)
        if name not in contract.contract.fields:
            return None
        line = None if cell["line"] is None else int(str(cell["line"]))
        raw, value = self._delivered(run, line, name)
        after = value if cell["field"] is None else cell["after"]
        return Step(
            run=run,
            kind=str(cell["kind"]),
            before=_text(cell["before"]),
            after=_text(after),
            line=line,
            counted=contract.contract.source.counted,
            raw=raw,
            contract_name=contract.name,
            contract_line=contract.line("fields", name),
        )

    def _contract_of(self, run_id: int) -> ContractFile:
        return self._place.released(self._run(run_id))

    def _delivered(self, run: Run, line: int | None, name: str) -> tuple[str | None, str | None]:
        """(raw text, canonical text of its meaning) of one value as delivered."""
        if line is None or run.sha256 is None:
            return None, None
        row = self._row(run.id, line)
        if row.is_empty():
            return None, None
        contract = self._contract(run.id).contract
        raw = str(row[str(contract.fields[name].column)].item())
        records = interpret(row, contract).records
        dtype = contract.fields[name].dtype
        return raw, None if records.is_empty() else records.select(to_text(pl.col(name), dtype)).item()

    def _row_at(self, run_id: int, line: int) -> pl.DataFrame:
        run = self._run(run_id)
        return delivered_rows(
            str(run.sha256),
            pl.Series(LINE, [line], dtype=pl.Int64),
            file_name=str(run.file_name),
            source=self._contract(run_id).contract.source,
            archive=self._place.archive,
        )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
