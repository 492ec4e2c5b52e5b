"""The numbers whose answer runs changed. Phone systems keep answers, and do not notice by themselves."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from ringback.model.contract import Contract
from ringback.model.phone import Changed, PhoneSettings
from ringback.model.run import Outcome, Run
from ringback.store.protocol import Store

MANY = 10_000  # numbers that are listed; beyond, whoever keeps answers does better to forget all


def changed_numbers(since: int, store: Store, contract: Contract, settings: PhoneSettings) -> Changed:
    """The numbers whose answer was changed by what was published after a run: by imports, repairs and undos.

    Numbers that went and came back are among them: an answer given in between may be kept. What others wrote into the
    table is not: ringback was not told of it. Raises: StoreError.
    """
    newest = store.last_published(contract.feed)
    told = Changed(feed=contract.feed, since=since, run=newest.id if newest else 0)
    if newest is None or newest.id == since:
        return told
    if not _is_known(since, store, contract.feed):
        return Changed(feed=told.feed, since=since, run=told.run, everything=True)
    runs = store.published_after(contract.feed, since)
    numbers = None if _cell_count(runs, settings) > MANY else _numbers(runs, store, contract, settings)
    if numbers is None or len(numbers) > MANY:
        return Changed(feed=told.feed, since=since, run=told.run, everything=True)
    return Changed(feed=told.feed, since=since, run=runs[-1].id if runs else told.run, numbers=tuple(sorted(numbers)))


def _is_known(run_id: int, store: Store, feed: str) -> bool:
    run = store.run(run_id)
    return run is not None and run.feed == feed and run.outcome is Outcome.PUBLISHED


def _cell_count(runs: Iterable[Run], settings: PhoneSettings) -> int:
    """How many values of answers the runs changed, by the ledger alone."""
    return sum(
        run.rows.added + run.removed + run.closed + sum(run.changed_by_field.get(name, 0) for name in settings.fields)
        for run in runs
    )


def _numbers(runs: Iterable[Run], store: Store, contract: Contract, settings: PhoneSettings) -> set[str]:
    """All numbers that the changed clients had before, in between, or have now."""
    key, concerned = list(contract.key), [*settings.fields, contract.target.closed]
    found: set[str] = set()
    keys = []
    for run in runs:
        for cells in store.cells_of_run(contract, run.id):
            told = cells.filter(pl.col("field").is_null() | pl.col("field").is_in(concerned))
            keys.append(told.select(key))
            of_numbers = told.filter(pl.col("field").is_in(list(settings.numbers)))
            found.update(pl.concat([of_numbers["before"], of_numbers["after"]]).drop_nulls())
    if keys:
        held = store.held_at(contract, pl.concat(keys).unique())
        for name in settings.numbers:
            found.update(held[name].drop_nulls())
    return found
