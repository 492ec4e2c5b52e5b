"""A careful operator: imports deliveries in order, looks at every hold and refusal, and decides as written down."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import ringback
from ringback.contracts import load_feed, load_project
from ringback.model.contract import Contract
from ringback.model.finding import Severity
from ringback.model.run import Outcome, Run

from ..workflows.office import run_sql
from .accounts import Table, assert_counted, assert_told, table_of
from .evidence import Claim, Issue

WHO = "operator"
TAKEN_BACK = 3  # published runs at the end of an era


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What people decide about a drafted contract."""

    decide: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)  # field -> its column, where the header tells another


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is expected of one delivery, why by the file itself, and what the operator does."""

    codes: tuple[str, ...]
    why: str
    shown: tuple[Claim, ...]  # by the file and the one before it
    act: str  # ignore, map: the new columns; drop; release; draft: a new contract, under another name of the feed
    outcome: Outcome = Outcome.HELD
    terms: Terms = field(default_factory=Terms)  # of the new contract


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """What the guard alone holds, why by the file itself, and what the operator does."""

    fields: frozenset[str]  # of its findings; those of the whole delivery have none
    why: str
    shown: tuple[Claim, ...]
    act: str  # drop or release


@dataclass(frozen=True)
class Met:
    """What became of a delivery."""

    outcome: Outcome
    codes: tuple[str, ...]


@dataclass
class Operator:
    """A corpus under the operator's eye: one project, and a feed and table for each era of the layout."""

    corpus: str
    project: Path
    target: str
    terms: Terms
    decisions: Mapping[str, Decision]
    encoding: str = "utf-8-sig"
    guarded: Mapping[str, Guarded] | None = None  # None: steps are wider than they were, so what it holds is released
    by_guard: dict[str, frozenset[str]] = field(default_factory=dict)
    met: dict[str, Met] = field(default_factory=dict)
    era: int = 0
    contract: Contract = field(init=False)  # the approved one
    table: Table = field(default_factory=Table)  # the live table after the newest published run
    before: list[tuple[int, Table]] = field(default_factory=list)  # newest published runs, and what was before them

    @property
    def feed(self) -> str:
        """The era's feed and table."""
        return f"{self.corpus}_{self.era}"

    def take(self, file: Path, name: str = "") -> Run:
        """Import one delivery and decide about it. Returns its last run."""
        name = name or file.name
        if not self.era:
            self.draft(file, self.terms)
        run = self._import(file)
        if run.outcome in (Outcome.PUBLISHED, Outcome.UNCHANGED):
            return run
        codes = {finding.code for finding in run.findings if finding.severity is not Severity.NOTE}
        by_rule = {code for code in codes if not code.startswith("guard.")}
        if not by_rule:
            return self._seen_by_guard(run, file, name)
        self.met[name] = Met(run.outcome, tuple(sorted(by_rule)))
        assert name in self.decisions, (name, self.met[name], [finding.why for finding in run.findings])
        return self._act(self.decisions[name], run, file)

    def _seen_by_guard(self, run: Run, file: Path, name: str) -> Run:
        """A hold that no fixed rule has a part in."""
        fields = frozenset(field for finding in run.findings for field in finding.fields or (finding.field,) if field)
        act = "release"
        if self.guarded is not None:
            self.by_guard[name] = fields
            assert name in self.guarded, (name, fields, [finding.why for finding in run.findings])
            act = self.guarded[name].act
        if act == "release":
            return self._published(ringback.release(run.id, by=WHO, project=self.project).run, file)
        ringback.api.drop(run.id, by=WHO, project=self.project)
        return run

    def draft(self, file: Path, terms: Terms) -> None:
        """A contract from this file, under a new name."""
        self.end_era()
        self.era, self.table = self.era + 1, Table()
        target = None if self.era > 1 else self.target
        report = ringback.init(file, project=self.project, feed=self.feed, decide=terms.decide, target=target)
        assert not report.undecided, [doubt.decide for doubt in report.undecided]
        for name, column in terms.columns.items():
            self._rewrite(rf"^  {name}:\n    from: .*$", f"  {name}:\n    from: {json.dumps(column)}")
        self._approve()

    def end_era(self) -> None:
        """Take the newest published runs back, in turn, and the last undo too: the table is each time as it was."""
        after = self.table
        while self.before:
            run_id, before = self.before.pop()
            undo_id = self._taken_back(run_id, before)
            if not self.before:
                self._taken_back(undo_id, after)
            after = before

    def _taken_back(self, run_id: int, before: Table) -> int:
        """Undo a run. Returns the undo's own number."""
        back = ringback.undo(run_id, by=WHO, project=self.project)

        assert not back.answers.kept
        assert not back.answers.impossible
        assert _narrowed(self._table(), before) == before
        return back.run.id

    def _import(self, file: Path) -> Run:
        run = ringback.import_file(self.feed, file, by=WHO, project=self.project).run
        assert_counted(run, self._issue(file), self.project)
        return self._published(run, file) if run.outcome is Outcome.PUBLISHED else run

    def _published(self, run: Run, file: Path) -> Run:
        """The live table has as many records as it should, and every text of the file."""
        before, self.table = self.table, self._table()
        self.before = [*self.before, (run.id, before)][-TAKEN_BACK:]
        assert self.table.total() == before.total() + run.rows.added - run.removed
        assert_told(run, self._issue(file), self.contract, project=self.project, table=self.table)
        return run

    def _act(self, decision: Decision, run: Run, file: Path) -> Run:
        if decision.act == "release":
            return self._published(ringback.release(run.id, by=WHO, project=self.project).run, file)
        if run.outcome is Outcome.HELD:
            ringback.api.drop(run.id, by=WHO, project=self.project)
        assert self._table() == self.table
        if decision.act == "drop":
            return run
        if decision.act == "draft":
            self.draft(file, decision.terms)
        else:
            self._make_room(run, decision.act)
        again = self._import(file)
        if again.outcome is not Outcome.PUBLISHED:
            assert all(each.code.startswith("guard.") for each in again.findings if each.severity is not Severity.NOTE)
            return self._seen_by_guard(again, file, file.name)
        return again

    def _make_room(self, run: Run, act: str) -> None:
        """Give the columns that have no place one: as texts, or under `ignored`; and approve that."""
        (finding,) = [finding for finding in run.findings if finding.code == "header.unmapped"]
        columns = re.findall(r'"([^"]*)"', finding.why.split(" neither")[0])
        if act == "map":
            names = {column.lower().replace(" ", "_"): json.dumps(column) for column in columns}
            fields = "".join(f"  {name}:\n    from: {column}\n    type: string\n" for name, column in names.items())
            self._rewrite(r"^(?=ignored: )", fields)
            self._alter(names)
        else:
            ignored = [*self.contract.ignored, *columns]
            self._rewrite(r"^ignored: .*$", f"ignored: {json.dumps(ignored)}")
        if self.before:
            ringback.trial(self.feed, by=WHO, newest=1, project=self.project)
        self._approve()

    def _alter(self, names: Iterable[str]) -> None:
        """Ringback never alters a table that is there: people do."""
        run_sql(self.target, *(f'alter table "{self.feed}" add column "{name}" text' for name in names))

    def _rewrite(self, pattern: str, text: str) -> None:
        path = self.project / "feeds" / f"{self.feed}.yaml"
        written, count = re.subn(pattern, lambda _: text, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert count == 1
        path.write_text(written, encoding="utf-8")

    def _approve(self) -> None:
        ringback.approve(self.feed, by=WHO, project=self.project)
        self.contract = load_feed(load_project(self.project, environ={}), self.feed).contract

    def _issue(self, file: Path) -> Issue:
        return Issue(file, self.encoding)

    def _table(self) -> Table:
        """The whole live table as it stands."""
        return table_of(self.target, self.feed, tuple(self.contract.fields))


def _narrowed(table: Table, before: Table) -> Table:
    """The table in the columns that it had before; those that came since have no value."""
    width = len(next(iter(before), ()))
    assert all(value is None for record in table for value in record[width:])
    return Table(record[:width] for record in table.elements())
