"""The night of 10 August, played on a project of its own: with and without ringback. Every figure is measured."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from ringback.errors import UsageError
from ringback.model.demo import Act, Damage, Night, PlainLoad, Runs
from ringback.model.incident import EntryKind
from ringback.model.progress import Progress
from ringback.model.run import Receipt, Run
from ringback.model.undo import UndoReceipt
from ringback.report.approval import approval_text
from ringback.report.demo import damage_text, plain_load_meaning, plain_load_text
from ringback.report.page import html, markdown
from ringback.report.postmortem import postmortem_parts, postmortem_title, summary_text
from ringback.report.receipt import receipt_text
from ringback.report.story import story_text
from ringback.report.trial import headline
from ringback.report.undo import undo_text
from ringback.steps.invent import CONTRACT_YAML, as_delivered, invent, next_night
from ringback.workflows.approve import Wanted, approve
from ringback.workflows.demo_damage import KEY, damage_of, measure_plain_load
from ringback.workflows.explain import explain
from ringback.workflows.import_file import Asked, import_file
from ringback.workflows.incident import Words, close_incident, open_incident
from ringback.workflows.place import Place, open_place
from ringback.workflows.postmortem import postmortem
from ringback.workflows.release import drop_run, release_run
from ringback.workflows.scope import Scope
from ringback.workflows.trial import Wanted as TrialWanted
from ringback.workflows.trial import trial
from ringback.workflows.undo import undo_run

_SEAL = "ringback-demo.txt"  # marks a folder that the demo made and may make anew
_MADE = (
    *("archive", "feeds", "inbox", "clients.db", "clients.db-wal", "clients.db-shm", "ringback.yaml"),
    *("postmortem.md", "postmortem.html"),
)
_PROJECT = """target: sqlite:///clients.db
consumers:  # who reads the live table: a postmortem names whom wrong values reached
  - {name: phone system, reads: [clients.phone, clients.name]}
  - {name: customer screens, reads: [clients]}
  - {name: client statements, reads: [clients.name, clients.born_on, clients.balance]}
"""
_FEED = "clients"
_CONTRACT = f"feeds/{_FEED}.yaml"
_DATES_WRONG = CONTRACT_YAML.replace("%d/%m/%Y", "%m/%d/%Y")
_WRONG = _DATES_WRONG.replace('decimalChar: ","\n    groupChar: "."', 'decimalChar: "."\n    groupChar: ","')


def play(folder: Path, *, count: int, seed: int, progress: Progress, tell: Callable[[Act], None]) -> Night:
    """Play the night on `count` invented clients; every act is told as it ends. Raises: UsageError; StoreError."""
    _make(folder)
    asked = Asked(now=datetime.now(UTC), by="demo", progress=progress)
    with open_place(folder, environ={}) as place:
        return _Played(place, asked, tell, _Truth(count, seed=seed)).night(folder)


class _Truth:
    """The clients as they really are."""

    def __init__(self, count: int, *, seed: int) -> None:
        eighth = invent(count, seed=seed)
        ninth = next_night(eighth, seed=seed + 1)
        tenth = next_night(ninth, seed=seed + 2)
        self.nights = {8: eighth, 9: ninth, 10: tenth, 11: next_night(tenth, seed=seed + 3)}

    def held(self, day: int) -> pl.DataFrame:
        """What a table should hold after a night: `missing: keep`, so those who left stay as they were."""
        if day == 8:
            return self.nights[8]
        left = self.held(day - 1).join(self.nights[day], on=KEY, how="anti")
        return pl.concat([self.nights[day], left])


class _Played:
    """One night under way."""

    def __init__(self, place: Place, asked: Asked, tell: Callable[[Act], None], truth: _Truth) -> None:
        self._place, self._first, self._tell, self._truth = place, asked, tell, truth
        self._folder = place.project.folder

    @property
    def _asked(self) -> Asked:
        """Each act at its own time: the postmortem tells how long it was from one to the next."""
        return replace(self._first, now=datetime.now(UTC))

    def night(self, folder: Path) -> Night:
        """All chapters in order."""
        clean = self._clean_nights()
        plain = self._plain_loader()
        refused, unreadable = self._gate(), self._unreadable()
        let_through, damage = self._let_through()
        wrong_client = self._explain()
        incident = self._complaint()
        undo, undone = self._undo(let_through)
        mended, _ = self._mended()
        lie, at_last = self._lie()
        self._postmortem(incident)
        return Night(
            folder=str(folder),
            clients=self._truth.nights[8].height,
            clean=clean,
            plain_loader=plain,
            let_through=damage,
            restored=undo.answers.restored,
            kept=undo.answers.kept.total(),
            not_possible=undo.answers.impossible.total(),
            undone=undone,
            mended=at_last,
            runs=Runs(
                refused=refused.name,
                unreadable=unreadable.name,
                let_through=let_through.name,
                undo=undo.run.name,
                mended=mended.name,
                lie=lie.name,
                incident=incident,
            ),
            wrong_client=wrong_client,
        )

    def _clean_nights(self) -> Damage:
        self._write(CONTRACT_YAML)
        self._approve("the contract as it always was", opens="1. Two clean nights")
        self._import(8, show=("rows",))
        _, damage = self._measured(9)
        return damage

    def _plain_loader(self) -> PlainLoad:
        """What loaders put into a table when they are told to read dates and amounts the other way round."""
        loaded = measure_plain_load(self._delivery(10), self._truth.nights[10])
        self._tell(
            Act(
                opens="2. Midnight: an update exchanges day and month, decimal mark and group mark. A plain loader:",
                command="(clients_2024-08-10.csv, read with Polars under the changed configuration)",
                printed=plain_load_text(loaded),
                meaning=plain_load_meaning(loaded),
            )
        )
        return loaded

    def _gate(self) -> Run:
        self._write(_WRONG)
        opens = f"3. The same update in {_CONTRACT}, with ringback"
        meaning = "The changed contract was never approved: the delivery is kept, not read, and each change is named."
        return self._import(10, opens=opens, meaning=meaning)

    def _unreadable(self) -> Run:
        opens = "4. Somebody approves it as an emergency, without looking, and releases what is held"
        self._approve("without looking", opens=opens, emergency=True)
        meaning = "To this contract a comma is no decimal mark, so no row can be read: held, nothing is published."
        return self._import(10, meaning=meaning)

    def _let_through(self) -> tuple[Run, Damage]:
        """Only the dates are wrong; released without looking."""
        self._write(_DATES_WRONG)
        first = "(the decimal mark is put back, the dates stay wrong)"
        self._approve("without looking again", first=first, emergency=True)
        meaning = (
            "The gate was passed on purpose; the guard holds what it let in. A 27th month cannot be read,\n"
            "but the 3rd of July reads well, as the 7th of March: well formed, and false."
        )
        held = self._import(10, meaning=meaning)
        released = release_run(held.id, self._place, self._asked)
        damage = self._damage(10, yesterday=9)
        meaning = f"Let through on purpose, so that there is something to take back.\n{damage_text(damage)}"
        command, outcome = f"ringback release {held.name}", released.run.outcome
        self._tell(Act(command=command, printed=_short(released, ()), meaning=meaning, outcome=outcome))
        return held, damage

    def _explain(self) -> str:
        live, truth = self._live(), self._truth.nights[9].select(KEY, pl.col("born_on").alias("true"))
        key = str(live.join(truth, on=KEY).filter(pl.col("born_on") != pl.col("true"))[KEY].min())
        story = explain(_FEED, (key,), self._place, field="born_on")
        meaning = "One text, two dates: each with its run, file, line, and the contract that read it."
        self._tell(Act(command=f"ringback explain {_FEED} {key} born_on", printed=story_text(story), meaning=meaning))
        return key

    def _complaint(self) -> int:
        said = "my birthday is wrong on your screen"
        words = Words(text=said, kind=EntryKind.COMPLAINT)
        incident = open_incident(_FEED, self._place, self._asked, [words])
        command, opens = f'ringback incident open {_FEED} --complaint "{said}"', "5. The first caller; taken back"
        self._tell(Act(opens=opens, command=command, printed=f"incident {incident.id}, feed {_FEED}: open"))
        return incident.id

    def _undo(self, run: Run) -> tuple[UndoReceipt, Damage]:
        receipt = undo_run(run.id, self._place, self._asked, scope=Scope())
        damage = self._damage(9)
        printed = _lines(undo_text(receipt), ("restored", "kept", "not possible", "records"))
        meaning = f"As it was on 9 August. {damage_text(damage)}"
        command = f"ringback undo {run.name}"
        self._tell(Act(command=command, printed=printed, meaning=meaning))
        return receipt, damage

    def _mended(self) -> tuple[Run, Damage]:
        self._write(CONTRACT_YAML)
        self._tell(Act(command="(the update is taken back)", printed=""))
        report = trial(_FEED, self._place, self._asked, TrialWanted())
        meaning = "No emergency this time: what changes is looked at first. Without a trial it could not be approved."
        self._tell(Act(command=f"ringback trial {_FEED}", printed=headline(report), meaning=meaning))
        self._approve("the midnight update taken back")
        return self._measured(10)

    def _lie(self) -> tuple[Run, Damage]:
        """A delivery that is false itself: no contract changed, and every row can be read."""
        opens = "6. 11 August: the contract is right, and the file lies"
        spoilt = "(the sender's spreadsheet takes days for months in clients_2024-08-11.csv, wherever it can)"
        self._tell(Act(opens=opens, command=spoilt, printed=""))
        delivered = _days_taken_for_months(as_delivered(self._truth.nights[11]))
        delivered.write_csv(self._path(11), separator=";")
        meaning = "Every row can be read, and each date is well formed. Only beside what is held are they seen."
        held = self._import(11, meaning=meaning)
        dropped, damage = drop_run(held.id, self._place, self._asked), self._damage(10)
        command, printed = (
            f"ringback drop {held.name}",
            f"dropped {dropped.name}: {dropped.file_name} was not published",
        )
        self._tell(Act(command=command, printed=printed, meaning=damage_text(damage)))
        return held, damage

    def _postmortem(self, number: int) -> None:
        """Written by ringback itself, of its own evidence."""
        said = "taken back, and the delivery imported again under the contract that is right"
        close_incident(number, self._place, self._asked, said)
        closing = f'ringback incident close {number} --conclusion "{said}"'
        self._tell(Act(opens="7. The postmortem of the night writes itself", command=closing, printed=""))
        told = postmortem(number, self._place, self._asked)
        title, parts = postmortem_title(told), postmortem_parts(told)
        (self._folder / "postmortem.md").write_text(markdown(title, parts), encoding="utf-8")
        (self._folder / "postmortem.html").write_text(html(title, parts, is_good=True), encoding="utf-8")
        meaning = "Each figure names its source; what only people know is marked. Look at postmortem.html."
        command = f"ringback postmortem {number} --markdown postmortem.md --html postmortem.html"
        self._tell(Act(command=command, printed=summary_text(told), meaning=meaning))

    def _measured(self, day: int) -> tuple[Run, Damage]:
        """Import a delivery, then compare the live table with the truth."""
        receipt = import_file(self._delivery(day), _FEED, self._place, self._asked)
        damage = self._damage(day)
        self._tell_import(receipt, day, ("rows", "fields"), Act(command="", printed="", meaning=damage_text(damage)))
        return receipt.run, damage

    def _import(self, day: int, *, show: Sequence[str] = ("",), opens: str = "", meaning: str = "") -> Run:
        receipt = import_file(self._delivery(day), _FEED, self._place, self._asked)
        self._tell_import(receipt, day, show, Act(command="", printed="", meaning=meaning, opens=opens))
        return receipt.run

    def _tell_import(self, receipt: Receipt, day: int, show: Sequence[str], act: Act) -> None:
        command = f"ringback import {_FEED} inbox/{self._delivery(day).name}"
        self._tell(replace(act, command=command, printed=_short(receipt, show), outcome=receipt.run.outcome))

    def _approve(self, reason: str, *, opens: str = "", first: str = "", emergency: bool = False) -> None:
        if first:
            self._tell(Act(command=first, printed=""))
        approval = approve(_FEED, self._place, self._asked, Wanted(reason=reason, emergency=emergency))
        command = f'ringback approve {_FEED}{" --emergency" if emergency else ""} --reason "{reason}"'
        self._tell(Act(opens=opens, command=command, printed=approval_text(approval).splitlines()[0]))

    def _write(self, contract: str) -> None:
        (self._folder / _CONTRACT).write_text(contract, encoding="utf-8")

    def _delivery(self, day: int) -> Path:
        path = self._path(day)
        if not path.exists():
            as_delivered(self._truth.nights[day]).write_csv(path, separator=";")
        return path

    def _path(self, day: int) -> Path:
        return self._folder / "inbox" / f"{_FEED}_2024-08-{day:02}.csv"

    def _damage(self, day: int, *, yesterday: int | None = None) -> Damage:
        before = None if yesterday is None else self._truth.held(yesterday)
        return damage_of(self._live(), self._truth.held(day), yesterday=before)

    def _live(self) -> pl.DataFrame:
        return pl.concat(list(self._place.store.held(self._place.contract(_FEED).contract)))


def _days_taken_for_months(delivered: pl.DataFrame) -> pl.DataFrame:
    """What spreadsheets do to dates when they take them for American ones; where they cannot, they stay as they are."""
    return delivered.with_columns(pl.col("Date of Birth").str.replace(r"^(0\d|1[0-2])/(\d\d)/", "$2/$1/"))


def _short(receipt: Receipt, show: Sequence[str]) -> str:
    return _lines(receipt_text(receipt, contract_name=_CONTRACT), show)


def _lines(text: str, show: Sequence[str]) -> str:
    """The first line, and the lines that begin so; never notes with what belongs to them, nor seconds."""
    first, *others = text.splitlines()
    is_note, kept = False, [first]
    for line in others:
        is_note = line.startswith(("note", "seconds")) or (is_note and line.startswith(" "))
        if not is_note and line.startswith(tuple(show)):
            kept.append(line)
    return "\n".join(kept)


def _make(folder: Path) -> None:
    """A new project folder. One that the demo did not make stays as it is."""
    try:
        _make_way(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _SEAL).write_text(f"`ringback demo` makes {', '.join(_MADE)} anew here.\n", encoding="utf-8")
        for part in ("feeds", "inbox"):
            (folder / part).mkdir()
        (folder / "ringback.yaml").write_text(_PROJECT, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{folder} cannot be made: {error.strerror}", mend="name another: --folder DIR") from None


def _make_way(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(f"{folder} is there already, and is no folder", mend="name another: --folder DIR")
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / _SEAL).is_file():
        raise UsageError(f"{folder} is there already, and the demo did not make it", mend="name another: --folder DIR")
    for name in _MADE:  # what somebody else put beside them stays, and the seal too, in case this is cut off
        made = folder / name
        if made.is_dir() and not made.is_symlink():
            shutil.rmtree(made)
        else:
            made.unlink(missing_ok=True)
