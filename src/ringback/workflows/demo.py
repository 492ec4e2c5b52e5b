"""The night of 10 August, played on a project of its own: with and without ringback. Every figure is measured."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from ringback.errors import UsageError
from ringback.model.demo import Act, Damage, Night
from ringback.model.progress import Progress
from ringback.model.run import Outcome, Receipt
from ringback.report.receipt import receipt_text
from ringback.report.story import story_text
from ringback.report.undo import undo_text
from ringback.steps.invent import CONTRACT_YAML, as_delivered, invent, next_night
from ringback.workflows.approve import approve
from ringback.workflows.explain import explain
from ringback.workflows.import_file import Asked, import_file
from ringback.workflows.place import Place, open_place
from ringback.workflows.release import release_run
from ringback.workflows.undo import Scope, undo_run

_SEAL = "ringback-demo.txt"  # marks a folder that the demo made and may make anew
_FEED = "clients"
_DATES_WRONG = CONTRACT_YAML.replace("%d/%m/%Y", "%m/%d/%Y")
_WRONG = _DATES_WRONG.replace('decimalChar: ","\n    groupChar: "."', 'decimalChar: "."\n    groupChar: ","')
_CHANGED = ("born_on", "client_since", "balance", "credit_limit")  # the fields that the midnight update touched


def play(folder: Path, *, count: int, seed: int, progress: Progress, tell: Callable[[Act], None]) -> Night:
    """Play the night on `count` invented clients; every act is told as it ends. Raises: UsageError; StoreError."""
    _make(folder)
    with open_place(folder, environ={}) as place:
        return _Played(place, folder, count=count, seed=seed, progress=progress, tell=tell).night()


class _Played:
    """One night under way."""

    def __init__(
        self, place: Place, folder: Path, *, count: int, seed: int, progress: Progress, tell: Callable[[Act], None]
    ) -> None:
        self._place, self._folder, self._tell = place, folder, tell
        self._count, self._seed = count, seed
        self._asked = Asked(now=datetime.now(UTC), by="demo", progress=progress)
        eighth = invent(count, seed=seed)
        ninth = next_night(eighth, seed=seed + 1)
        self._truth = {8: eighth, 9: ninth, 10: next_night(ninth, seed=seed + 2)}

    def night(self) -> Night:
        """All acts in order."""
        self._clean_nights()
        plain = self._plain_loader()
        self._gate()
        let_through = self._let_through()
        after = self._undo(let_through)
        mended = self._mended()
        return Night(
            folder=str(self._folder),
            clients=self._count,
            plain_loader=plain,
            let_through=self._damage_let_through,
            after_undo=after,
            mended=mended,
        )

    def _clean_nights(self) -> None:
        self._write(CONTRACT_YAML)
        self._approve("the contract as it always was")
        for day in (8, 9):
            self._import(day, "A clean night.")

    def _plain_loader(self) -> Damage:
        """What a loader under the changed configuration puts into a table: it reads what it can and says nothing."""
        loaded = plain_load(as_delivered(self._truth[10]))
        damage = damage_of(loaded, self._truth[10])
        self._tell(
            Act(
                command="(a plain loader, with the field configuration of the midnight update)",
                printed=f"{loaded.height:,} rows loaded successfully",
                meaning=f"{damage.sentence()} Nobody is told.",
            )
        )
        return damage

    def _gate(self) -> None:
        self._write(_WRONG)
        self._import(
            10, "The same update meets ringback: the contract was changed and never approved. Nothing is read."
        )

    def _let_through(self) -> int:
        """The update is approved and released without looking, so that there is something to take back."""
        self._approve("without looking")
        self._import(10, "Approved without looking. A comma is no decimal mark any more, so no row can be read: held.")
        self._write(_DATES_WRONG)
        self._approve("without looking again")
        held = self._import(10, "Only the dates are left wrong. Days above 12 are no months: held again.")
        receipt = release_run(held, self._place, self._asked)
        self._damage_let_through = damage_of(self._live(), self._truth[10])
        meaning = f"Released on purpose. Now in the live table: {self._damage_let_through.sentence()}"
        self._act(f"ringback release R{held}", _short(receipt, findings=0), meaning)
        self._explain()
        return held

    def _explain(self) -> None:
        live, truth = self._live(), self._truth[9].select("client_no", pl.col("born_on").alias("true"))
        wrong = live.join(truth, on="client_no").filter(pl.col("born_on") != pl.col("true"))
        key = str(wrong["client_no"].min())
        story = explain(_FEED, (key,), self._place, field="born_on")
        meaning = "Where the wrong value comes from: run, file, line, raw text, contract line."
        self._act(f"ringback explain {_FEED} {key} born_on", story_text(story), meaning)

    def _undo(self, run_id: int) -> Damage:
        receipt = undo_run(run_id, self._place, self._asked, scope=Scope())
        damage = damage_of(self._live(), self._truth[9])
        meaning = f"Compared with the truth of 9 August: {damage.sentence()}"
        self._act(f"ringback undo R{run_id}", undo_text(receipt), meaning)
        return damage

    def _mended(self) -> Damage:
        self._write(CONTRACT_YAML)
        self._approve("the midnight update taken back")
        self._import(10, "The contract is mended, the delivery of 10 August read as it was meant.")
        damage = damage_of(self._live(), self._truth[10])
        self._act("(the live table against the truth of 10 August)", damage.sentence(), "The phones can be answered.")
        return damage

    def _import(self, day: int, meaning: str) -> int:
        path = self._folder / "inbox" / f"clients_2024-08-{day:02}.csv"
        if not path.exists():
            as_delivered(self._truth[day]).write_csv(path, separator=";")
        receipt = import_file(path, _FEED, self._place, self._asked)
        self._act(f"ringback import {_FEED} inbox/{path.name}", _short(receipt, findings=2), meaning)
        assert receipt.run.outcome is not Outcome.FAILED  # noqa: S101
        return receipt.run.id

    def _approve(self, reason: str) -> None:
        approve(_FEED, self._place, now=self._asked.now, by=self._asked.by, reason=reason)

    def _write(self, contract: str) -> None:
        (self._folder / "feeds" / f"{_FEED}.yaml").write_text(contract, encoding="utf-8")

    def _live(self) -> pl.DataFrame:
        return pl.concat(list(self._place.store.held(self._place.contract(_FEED).contract)))

    def _act(self, command: str, printed: str, meaning: str) -> None:
        self._tell(Act(command=command, printed=printed, meaning=meaning))


def plain_load(rows: pl.DataFrame) -> pl.DataFrame:
    """What a loader with the changed field configuration makes of the delivery: month first, a comma groups digits.

    As loaders do, it takes what can be read, leaves the other values empty, and reports nothing.
    """
    dates = [
        pl.col(column).str.to_date("%m/%d/%Y", strict=False).alias(name)
        for name, column in {"born_on": "Date of Birth", "client_since": "Client Since"}.items()
    ]
    amounts = [
        pl.col(column).str.replace_all(",", "", literal=True).cast(pl.Float64, strict=False).round(2).alias(name)
        for name, column in {"balance": "Balance", "credit_limit": "Credit Limit"}.items()
    ]
    return rows.select(pl.col("Client No").alias("client_no"), *dates, *amounts)


def damage_of(loaded: pl.DataFrame, truth: pl.DataFrame) -> Damage:
    """Compare what is held of the clients of the truth with the truth, value by value."""
    both = truth.select("client_no", *_CHANGED).join(
        loaded.select("client_no", *_CHANGED), on="client_no", how="left", suffix=".held"
    )
    wrong = {name: _differs(both, name) for name in _CHANGED}
    any_wrong = pl.DataFrame(wrong).select(pl.any_horizontal(pl.all())).to_series()
    by_field = {name: int(mask.sum()) for name, mask in wrong.items()}
    return Damage(values=sum(by_field.values()), clients=int(any_wrong.sum()), of=truth.height, by_field=by_field)


def _short(receipt: Receipt, *, findings: int) -> str:
    """The receipt with the gravest findings only, and without seconds."""
    run = replace(receipt.run, findings=receipt.run.findings[:findings])
    return receipt_text(Receipt(run=run), contract_name=f"feeds/{_FEED}.yaml")


def _differs(both: pl.DataFrame, name: str) -> pl.Series:
    held = both[name + ".held"]
    return both[name].cast(held.dtype).ne_missing(held)


def _make(folder: Path) -> None:
    """A new project folder. One that the demo did not make stays as it is."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _SEAL).exists():
            raise UsageError(
                f"{folder} is there already, and the demo did not make it", mend="name another: --folder DIR"
            )
        shutil.rmtree(folder)
    for part in ("feeds", "inbox"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / _SEAL).write_text("Made by `ringback demo`, which makes this folder anew each time.\n", encoding="utf-8")
    (folder / "ringback.yaml").write_text("target: sqlite:///clients.db\n", encoding="utf-8")
