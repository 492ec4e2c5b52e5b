"""A careful operator: imports deliveries in order, looks at every hold and refusal, and decides as written down."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import ringback
from ringback.model.finding import Severity
from ringback.model.run import Outcome, Run

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"


@dataclass(frozen=True, kw_only=True)
class Met:
    """What became of a delivery, and what the operator did about it."""

    outcome: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is expected of one delivery, why by the file itself, and what the operator does."""

    codes: tuple[str, ...]
    why: str
    act: str  # ignore: the new columns; drop; release; draft: a new contract, which begins a new project
    decide: dict[str, str] = field(default_factory=dict)  # what else is decided for the new contract


@dataclass
class Operator:
    """One feed under the operator's eye."""

    corpus: str
    folder: Path
    decide: dict[str, str]
    decisions: dict[str, Decision]
    met: dict[str, Met] = field(default_factory=dict)
    project: Path = Path()
    era: int = 0

    def take(self, file: Path) -> Run | None:
        """Import one delivery and decide about it. Returns the published run, if there is one."""
        if not self.era:
            self.draft(file)
        run = self._import(file)
        codes = tuple(sorted({finding.code for finding in run.findings if finding.severity is not Severity.NOTE}))
        if run.outcome in (Outcome.HELD, Outcome.REFUSED):
            self.met[file.name] = Met(outcome=str(run.outcome), codes=codes)
            decision = self.decisions.get(file.name)
            return self._act(decision, run, file) if decision is not None else None
        return run if run.outcome is Outcome.PUBLISHED else None

    def draft(self, file: Path) -> None:
        """A contract from this file, in a project of its own."""
        self.era += 1
        self.project = self.folder / str(self.era)
        report = ringback.init(file, project=self.project, feed=self.corpus, decide=self.decide)
        assert not report.undecided, [doubt.decide for doubt in report.undecided]
        ringback.approve(self.corpus, by="operator", project=self.project)

    def _import(self, file: Path) -> Run:
        run = ringback.import_file(self.corpus, file, by="operator", project=self.project).run
        assert run.rows.add_up()
        if run.rows.read:
            assert run.rows.read == records_of(file)
        return run

    def _act(self, decision: Decision, run: Run, file: Path) -> Run | None:
        match decision.act:
            case "release":
                return ringback.release(run.id, by="operator", project=self.project).run
            case "ignore":
                self._ignore(run)
                again = self._import(file)
                assert again.outcome is Outcome.PUBLISHED, again.findings
                return again
            case "draft":
                self.decide |= decision.decide
                self.draft(file)
                again = self._import(file)
                assert again.outcome is Outcome.PUBLISHED, again.findings
                return again
            case _:
                if run.outcome is Outcome.HELD:
                    ringback.drop(run.id, project=self.project)
                return None

    def _ignore(self, run: Run) -> None:
        """Put the columns that have no place under `ignored`, and approve that."""
        (finding,) = [finding for finding in run.findings if finding.code == "header.unmapped"]
        columns = re.findall(r'"([^"]*)"', finding.why.split(" neither")[0])
        contract = self.project / "feeds" / f"{self.corpus}.yaml"
        text = contract.read_text(encoding="utf-8")
        ignored = re.search(r"^ignored: \[(.*)\]", text, re.MULTILINE)
        assert ignored is not None
        listed = ", ".join([*filter(None, [ignored[1]]), *map(json.dumps, columns)])
        contract.write_text(text.replace(ignored[0], f"ignored: [{listed}]"), encoding="utf-8")
        ringback.approve(self.corpus, by="operator", project=self.project)


def records_of(file: Path) -> int:
    """Rows after the header, counted by the standard library; blank lines count, as ringback names them."""
    text = file.read_bytes().decode("utf-8-sig", errors="surrogateescape")
    return sum(1 for _ in csv.reader(text.splitlines(keepends=True))) - 1
