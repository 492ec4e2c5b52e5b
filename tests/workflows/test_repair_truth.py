"""The accident some deliveries ago, good edits since by later deliveries and by others: repaired, it is the truth."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pytest

from ringback.model.run import Outcome, Run
from ringback.steps.invent import CONTRACT_YAML, as_delivered, invent, next_night

from .office import Office

KEY = "client_no"
WRONG = {
    "day and month exchanged": ('format: "%d/%m/%Y"', 'format: "%m/%d/%Y"'),
    "codes exchanged": ("{A: active, S: suspended, C: closed}", "{A: suspended, S: active, C: closed}"),
    "codes fallen together": ("{A: active, S: suspended, C: closed}", "{A: active, S: active, C: closed}"),
    "numbers of another country": ("region: GB", "region: US"),
    "two columns exchanged": ("from: First Name", "from: Last Name"),
}


@pytest.mark.parametrize("misreading", WRONG)
@pytest.mark.parametrize(
    "nights", [pytest.param(1, marks=pytest.mark.slow, id="one night"), pytest.param(3, id="three nights")]
)
def test_after_the_repair_every_value_is_the_truth(office: Office, misreading: str, nights: int) -> None:
    first = invent(150, seed=1)
    second = _busy_night(first, seed=2)
    whole_third = _busy_night(second, seed=3)
    third = whole_third.gather_every(3)  # most clients were not delivered again
    fourth = _busy_night(whole_third, seed=4).gather_every(4, 1)
    delivered = [first, second, third, fourth]
    runs = []
    for number, clients in enumerate(delivered):
        _agree(office, WRONG[misreading] if 1 <= number <= nights else None)
        runs.append(_deliver(office, clients, number))
    _agree(office, None)
    truth = _edited(_held(delivered), office)
    damaged = not _live(office).equals(truth, null_equal=True)

    receipts = [office.repair(run) for run in runs[1 : 1 + nights]]

    assert damaged
    assert all(receipt.run.outcome in {Outcome.PUBLISHED, Outcome.UNCHANGED} for receipt in receipts)
    assert _differing(_live(office), truth) == {}
    for receipt in reversed(receipts):
        if receipt.run.outcome is Outcome.PUBLISHED:
            assert office.undo(receipt.run).answers.kept.total() == 0
    assert not _live(office).equals(truth, null_equal=True)


def _agree(office: Office, wrong: tuple[str, str] | None) -> None:
    text = CONTRACT_YAML.replace(*wrong) if wrong else CONTRACT_YAML
    (office.folder / "feeds" / "clients.yaml").write_text(text, encoding="utf-8")
    office.approve()


def _deliver(office: Office, clients: pl.DataFrame, number: int) -> Run:
    path = office.folder / f"clients_2024-08-{number + 10}.csv"
    as_delivered(clients).write_csv(path, separator=";")
    run = office.take_in_file(path)
    return office.release(run) if run.outcome is Outcome.HELD else run


def _busy_night(clients: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """A night on which four of ten clients change something, and every third his status."""
    moved = next_night(clients, seed=seed, changed_share=0.4)
    turned = pl.col("status").replace({"active": "suspended", "suspended": "active"})
    every_third = pl.int_range(pl.len()) % 3 == seed % 3
    return moved.with_columns(pl.when(every_third).then(turned).otherwise("status").alias("status"))


def _held(delivered: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """What a table should hold: of each client what was delivered last; who is missing is kept."""
    newest_first = pl.concat(list(delivered)[::-1])
    return newest_first.unique(KEY, keep="first", maintain_order=True).sort(KEY)


def _edited(truth: pl.DataFrame, office: Office) -> pl.DataFrame:
    """Others correct a few of the held clients by hand, rename a few, and delete one."""
    held = _live(office)[KEY]
    mended, renamed, gone = held.gather_every(11).to_list(), held.gather_every(5).to_list(), held[7]
    rows = truth.filter(pl.col(KEY).is_in(mended)).select(KEY, "born_on", "status", "first_name").rows()
    office.edit(
        *(
            f"update clients set born_on = '{born}', status = '{status}', first_name = '{first}' where {KEY} = '{key}'"
            for key, born, status, first in rows
        ),
        *(f"update clients set last_name = 'Renamed', email = null where {KEY} = '{key}'" for key in renamed),
        f"delete from clients where {KEY} = '{gone}'",
    )
    is_renamed = pl.col(KEY).is_in(renamed)
    return truth.filter(pl.col(KEY) != gone).with_columns(
        pl.when(is_renamed).then(pl.lit("Renamed")).otherwise("last_name").alias("last_name"),
        pl.when(~is_renamed).then("email").alias("email"),
    )


def _live(office: Office) -> pl.DataFrame:
    return pl.concat(list(office.place.store.held(office.place.contract("clients").contract))).sort(KEY)


def _differing(live: pl.DataFrame, truth: pl.DataFrame) -> dict[str, object]:
    """Values that are not the truth: field -> (held, true), a few of them."""
    assert live[KEY].to_list() == truth[KEY].to_list()
    wrong = {name: live[name].ne_missing(truth[name]) for name in truth.columns}
    return {
        name: (live[name].filter(mask).head(3).to_list(), truth[name].filter(mask).head(3).to_list())
        for name, mask in wrong.items()
        if mask.any()
    }
