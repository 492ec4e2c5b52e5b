"""Imports, undos of any run, and edits of others, in any order: the table is what the truth says, on both databases."""

from __future__ import annotations

import csv
import io
import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from ringback.model.run import Outcome

from .office import OPEN_POLICY, Office
from .truth import FIELDS, Change, Row, Truth

KEYS = st.sampled_from([f"000{number}" for number in range(1, 6)])
NAMES = st.sampled_from(["Ann", "Zoë O'Neil", 'quoted "x"; y', "two\nlines", None])
DATES = st.sampled_from(["1980-04-03", "1999-12-31", None])
BALANCES = st.sampled_from(["0.00", "12.50", "-1234567.89"])
VALUES = st.tuples(NAMES, DATES, BALANCES)
ROWS = st.lists(st.builds(Row, KEYS, VALUES, st.sampled_from([None, None, None, None, "value", "key"])), max_size=7)
EXAMPLE = itertools.count(1)


class Night(RuleBasedStateMachine):
    """What can happen to a table."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = replace(office, feed=f"clients{next(EXAMPLE)}")  # a table of its own for each example
        self.files = itertools.count(1)

    @initialize(
        missing=st.sampled_from(["keep", "close", "delete"]), duplicates=st.sampled_from(["reject", "first", "last"])
    )
    def agree(self, missing: str, duplicates: str) -> None:
        self.truth = Truth(missing, duplicates)
        self.columns = (*FIELDS, "closed") if missing == "close" else FIELDS
        self.office.agree(missing=missing, policy={**OPEN_POLICY, "duplicates": duplicates})

    @rule(rows=ROWS, again=st.booleans())
    def deliver(self, rows: list[Row], again: bool) -> None:
        content = _written(rows)
        expected = self.truth.expect(rows)
        path = self.office.folder / f"{next(self.files)}.csv"
        path.write_text(content, encoding="utf-8")

        run = self.office.take_in_file(path)
        if run.outcome is Outcome.HELD:
            run = self.office.release(run)

        if self.truth.shows(content):
            assert run.outcome is Outcome.UNCHANGED
            return
        assert run.outcome is Outcome.PUBLISHED
        assert run.rows == expected.rows
        assert (run.missing, run.removed, run.closed) == (expected.missing, expected.removed, expected.closed)
        self._publish(expected.change, run.id, content)
        if again:
            assert self.office.take_in_file(path).outcome is Outcome.UNCHANGED

    @precondition(lambda self: self.truth.changes)
    @rule(chosen=st.randoms(use_true_random=False), name=st.sampled_from([None, None, *FIELDS]), keyed=st.booleans())
    def take_back(self, chosen: Any, name: str | None, keyed: bool) -> None:
        undone = self.truth.undone()
        change = chosen.choice(self.truth.changes)
        if change.number in undone:
            return
        key = chosen.choice(sorted({key for key, _ in change.cells} or {"0001"})) if keyed else None
        expected, kept = self.truth.expect_undo(change, name, key)
        run = self.office.place.require_run(change.number)
        scope: dict[str, Any] = {"field": name, "key": None if key is None else (key,)}

        told = self.office.undo(run, **scope, dry=True)
        receipt = self.office.undo(run, **scope)

        assert told.answers == receipt.answers
        assert receipt.answers.restored == len(expected.cells)
        assert receipt.answers.kept.total() == kept
        assert receipt.answers.impossible.total() == 0
        self._publish(expected, receipt.run.id, None)

    @precondition(lambda self: self.truth.live)
    @rule(chosen=st.randoms(use_true_random=False), name=st.sampled_from(FIELDS), values=VALUES)
    def edit_outside(self, chosen: Any, name: str, values: tuple[str | None, ...]) -> None:
        key = chosen.choice(sorted(self.truth.live))
        value = values[FIELDS.index(name)]

        self.office.edit(f"update {self.office.feed} set {name} = {_quoted(value)} where client_no = '{key}'")

        self.truth.live[key][name] = value

    @precondition(lambda self: self.truth.live)
    @rule(chosen=st.randoms(use_true_random=False))
    def remove_outside(self, chosen: Any) -> None:
        key = chosen.choice(sorted(self.truth.live))

        self.office.edit(f"delete from {self.office.feed} where client_no = '{key}'")

        del self.truth.live[key]

    def _publish(self, change: Change, number: int, content: str | None) -> None:
        change.content = content
        self.truth.publish(change, number)
        assert self.office.live(self.columns) == self.truth.table(self.columns)


def test_the_table_is_always_what_the_truth_says(office: Office) -> None:
    run_state_machine_as_test(lambda: Night(office), settings=_settings(examples=5, steps=10))


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_table_is_what_the_truth_says_through_long_nights(office: Office) -> None:
    run_state_machine_as_test(lambda: Night(office), settings=_settings(examples=60, steps=20))


def _settings(*, examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(
            Phase.explicit,
            Phase.reuse,
            Phase.generate,
        ),  # each step is an import: making a failure small takes long
        print_blob=True,
    )


def _written(rows: list[Row]) -> str:
    """The file that a sender writes."""
    written = io.StringIO()
    lines = csv.writer(written, delimiter=";", lineterminator="\n")
    lines.writerow(["Client No", "Name", "Born", "Balance"])
    for row in rows:
        name, born, balance = row.values
        day = "" if born is None else "/".join(reversed(born.split("-")))
        lines.writerow(
            [
                "whose?" if row.fault == "key" else row.key,
                name or "",
                "31/02/2000" if row.fault == "value" else day,
                str(balance).replace(".", ","),
            ]
        )
    return written.getvalue()


def _quoted(value: str | None) -> str:
    if value is None:
        return "null"
    return "'" + value.replace("'", "''") + "'"
