"""No change of a contract or of the software reaches production unseen: who approves what, on which evidence."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any

import pytest

from ringback.errors import ApprovalRefused, StoreError
from ringback.model.run import Outcome
from ringback.report.approval import approval_text
from ringback.report.as_json import as_json
from ringback.report.receipt import plan_text, receipt_text, run_text
from ringback.report.undo import undo_text
from ringback.steps.chain import verify
from ringback.workflows.approve import Wanted, consider, settle
from ringback.workflows.import_file import import_file, plan_file
from ringback.workflows.place import open_place
from ringback.workflows.show import show_run
from ringback.workflows.trial import Wanted as TrialWanted
from ringback.workflows.trial import trial

from .office import FIELDS, Office, asked, codes

ANN, BOB, EVE, DAN = (
    "0001;Ann;03/04/1980;1,00",
    "0002;Bob;05/06/1970;2,00",
    "0003;Eve;07/08/1990;3,00",
    "0004;Dan;09/10/1991;4,00",
)
pytestmark = pytest.mark.sqlite_first

AMERICAN = {**FIELDS, "born_on": {**FIELDS["born_on"], "format": "%m/%d/%Y"}}
SHORTER = {**FIELDS, "name": {**FIELDS["name"], "constraints": {"maxLength": "3"}}}


@pytest.fixture
def changed(office: Office) -> Office:
    """A feed with a delivery, and a contract that was changed since it was approved."""
    office.take_in(ANN, BOB)
    office.write_contract(fields=AMERICAN)
    return office


# -- the trial


def test_a_first_release_needs_no_trial_and_says_so(bare_office: Office) -> None:
    bare_office.write_contract()

    approval = bare_office.approve_untried()

    assert "first release: nothing to compare with" in approval_text(approval)
    assert approval.release.trial is None


def test_a_change_that_nobody_tried_is_refused_with_what_to_do(changed: Office) -> None:
    with pytest.raises(ApprovalRefused) as told:
        changed.approve_untried()

    assert told.value.exit_code == 2
    assert str(told.value).splitlines() == [
        "feeds/clients.yaml: the change was not tried",
        "no trial of this feed was made yet",
        '  born_on.format: "%d/%m/%Y" -> "%m/%d/%Y" (line 27)',
        "See what it would change: ringback trial clients",
    ]
    assert len(changed.place.store.releases("clients")) == 1
    assert codes(changed.take_in(EVE)) == ["gate.not_approved"]


@pytest.mark.every_store
def test_a_change_is_approved_on_its_trial_and_the_release_is_bound_to_it(changed: Office) -> None:
    tried = changed.try_out()

    approval = changed.approve_untried(by="ana", reason="the supplier is American since May")

    release = changed.place.store.releases("clients")[0]
    assert approval.release == release
    assert (release.trial, release.evidence, release.approved_by) == (tried.id, tried.digest, "ana")
    told = json.loads(str(changed.place.store.chain().events[-1]["what"]))
    assert (told["trial"], told["evidence"], told["reason"]) == (tried.id, tried.digest, release.reason)
    assert changed.take_in(EVE).outcome is Outcome.PUBLISHED


def test_what_was_tried_is_shown_again(changed: Office) -> None:
    changed.try_out()

    text = approval_text(changed.approve_untried())

    assert "since release 1, approved by owner on 2024-08-10:" in text
    assert 'feeds/clients.yaml line 27: format is "%m/%d/%Y"; it was "%d/%m/%Y"' in text
    assert "trial 1 by night shift read 1 of 1 delivery, whole (R1), 2 rows:" in text
    assert "born_on: 2 of 2 records change (100.0 %)" in text


def test_a_contract_that_was_changed_again_since_its_trial_is_refused(changed: Office) -> None:
    changed.try_out()
    changed.write_contract(fields=SHORTER)

    with pytest.raises(ApprovalRefused, match="trial 1, the newest, was of another change"):
        changed.approve_untried()


def test_a_trial_is_stale_when_a_delivery_was_published_that_it_did_not_read(changed: Office) -> None:
    changed.try_out()
    changed.write_contract()
    assert changed.take_in(ANN, BOB, EVE, name="later.csv").outcome is Outcome.PUBLISHED
    changed.write_contract(fields=AMERICAN)

    with pytest.raises(ApprovalRefused, match=r"trial 1 did not read R2 \(later.csv\), which is published"):
        changed.approve_untried()

    changed.try_out(newest=1)
    assert changed.approve_untried().release.trial == 2


def test_a_delivery_that_was_taken_back_since_the_trial_makes_it_no_older(changed: Office) -> None:
    changed.try_out()
    changed.write_contract()
    changed.undo(changed.take_in(ANN, BOB, EVE))
    changed.write_contract(fields=AMERICAN)

    assert changed.approve_untried().is_new


def test_where_every_delivery_was_taken_back_there_is_nothing_to_try(changed: Office) -> None:
    changed.undo(changed.ledger()[0])

    assert "no delivery of the feed is published" in approval_text(changed.approve_untried())


def test_a_trial_of_another_feeds_change_counts_for_nothing(changed: Office) -> None:
    report = trial("clients", changed.place, asked(), TrialWanted(software=True))  # the software only

    with pytest.raises(ApprovalRefused, match="was of another change"):
        changed.approve_untried()
    assert report.trial.changes_nothing


def test_going_back_to_an_older_release_is_a_change_like_any_other(changed: Office) -> None:
    changed.approve()
    changed.write_contract()

    with pytest.raises(ApprovalRefused, match="was of another change"):
        changed.approve_untried()

    assert changed.approve().release.id == 3


def test_what_is_approved_already_is_not_approved_again(office: Office) -> None:
    office.take_in(ANN)

    approval = office.approve_untried(by="ben")

    assert not approval.is_new
    assert "is release 1 already, approved by owner" in approval_text(approval)


@pytest.mark.every_store
def test_evidence_that_somebody_changed_since_is_found(changed: Office) -> None:
    changed.approve()

    changed.edit(
        "update ringback_trial set evidence = replace(evidence, '\"changed\":2', '\"changed\":0') where id = 1"
    )

    assert verify(changed.place.store.chain()).faults == (
        "trial 1, on which release 2 was approved, is not as it was then",
    )


@pytest.mark.every_store
def test_an_approval_that_another_one_overtakes_is_refused(changed: Office) -> None:
    changed.try_out()
    considered = consider("clients", changed.place, asked(by="ana"), Wanted())
    changed.approve_untried(by="ben")

    with pytest.raises(StoreError, match="release 2 of clients was approved meanwhile"):
        settle(considered, changed.place, asked(by="ana"))


# -- software


def test_other_software_that_reads_all_the_same_is_approved_by_the_machine(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.take_in(ANN, BOB)
    _upgrade(monkeypatch)
    office.try_out()

    with _with_settings(office, "approvers: [ben]\n") as strict:
        approval = strict.approve_untried(by="ana")

    assert approval.release.approved_by == "ringback"
    assert "approved by ringback itself: other software, and all reads the same" in approval_text(approval)
    assert office.place.store.chain().events[-1]["done_by"] == "ana"
    assert office.take_in(EVE).outcome is Outcome.PUBLISHED


def test_other_software_that_reads_something_else_needs_a_person(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.take_in(ANN, BOB)
    digest = office.place.store.reading_digest(1)
    assert digest is not None
    other = replace(digest, fields={**digest.fields, "name": "0" * 32}).to_json()
    office.edit(f"update ringback_reading set digest = '{other}' where run = 1")
    _upgrade(monkeypatch)
    office.try_out()

    with (
        _with_settings(office, "approvers: [ben]\n") as strict,
        pytest.raises(ApprovalRefused, match="may not approve"),
    ):
        strict.approve_untried(by="ana")

    text = approval_text(office.approve_untried(by="ana"))
    assert "approved by ana" in text
    assert f"other software reads it: polars {version('polars')} -> 9.0" in text


def test_where_contract_and_software_changed_a_sample_is_not_enough(
    changed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed.try_out(sample=1)
    assert consider("clients", changed.place, asked(), Wanted()).trial is not None
    _upgrade(monkeypatch)
    changed.try_out(sample=1)

    with pytest.raises(ApprovalRefused, match="whole deliveries must be read"):
        changed.approve_untried()

    changed.try_out()
    assert changed.approve_untried().is_new


# -- approvers


def test_only_an_approver_approves(changed: Office) -> None:
    changed.try_out()

    with _with_settings(changed, "approvers: [ben, cleo]\n") as strict:
        with pytest.raises(ApprovalRefused, match="ana may not approve") as told:
            strict.approve_untried(by="ana", author="dev")
        approval = strict.approve_untried(by="ben", author="dev")

    assert "ringback.yaml names who may: ben, cleo" in str(told.value)
    assert (approval.release.approved_by, approval.release.author) == ("ben", "dev")


def test_nobody_approves_his_own_change(changed: Office) -> None:
    changed.try_out()

    with (
        _with_settings(changed, "approvers: [ben, cleo]\n") as strict,
        pytest.raises(ApprovalRefused, match="ben made the change") as told,
    ):
        strict.approve_untried(by="ben", author=" BEN")

    assert told.value.mend == "Ask cleo."


def test_who_imports_does_not_approve_what_is_imported(changed: Office) -> None:
    changed.try_out()

    with (
        _with_settings(changed, "approvers: [night shift, loader]\n") as strict,
        pytest.raises(ApprovalRefused, match="night shift imports this feed") as told,
    ):
        strict.approve_untried(by="night shift", author="dev")
    with _with_settings(changed, "approvers: [night shift, loader]\nimports_by: loader\n") as strict:
        with pytest.raises(ApprovalRefused, match="loader imports this feed"):
            strict.approve_untried(by="loader", author="dev")
        assert strict.approve_untried(by="night shift", author="dev").is_new

    assert "by R1" in str(told.value)


def test_a_first_release_needs_another_person_too(bare_office: Office) -> None:
    bare_office.write_contract()

    with _with_settings(bare_office, "approvers: [ben]\n") as strict:
        with pytest.raises(ApprovalRefused, match="who made the change is not known"):
            strict.approve_untried(by="ben")
        assert strict.approve_untried(by="ben", author="ana").is_new


def test_git_tells_who_made_the_change_once_it_is_committed(changed: Office) -> None:
    changed.try_out()
    _git(changed, "init", "--quiet")

    with _with_settings(changed, "approvers: [ben, cleo]\n") as strict:
        with pytest.raises(ApprovalRefused, match="is in no commit, or was changed since"):
            strict.approve_untried(by="ben")
        _git(changed, "add", "feeds")
        _git(changed, "commit", "--quiet", "--message", "dates are American")
        with pytest.raises(ApprovalRefused, match=r"the author is Ben Carter <ben@example\.com>"):
            strict.approve_untried(by="ben")
        approval = strict.approve_untried(by="cleo")

    assert approval.release.author == "Ben Carter <ben@example.com>"
    assert "changed by Ben Carter <ben@example.com>" in approval_text(approval)


# -- emergencies


def test_an_emergency_needs_a_reason_and_nothing_else(changed: Office) -> None:
    with _with_settings(changed, "approvers: [ben]\n") as strict:
        with pytest.raises(ApprovalRefused, match="needs a reason"):
            strict.approve_untried(by="ana", emergency=True, reason=" ")
        approval = strict.approve_untried(by="ana", emergency=True, reason="the supplier changed at midnight")

    assert approval.release.emergency
    assert changed.place.store.releases("clients")[0].emergency
    assert changed.place.store.chain().events[-1]["kind"] == "approved in an emergency"
    assert "release 2 approved IN AN EMERGENCY by ana" in approval_text(approval)
    assert "note: nobody was told: ringback.yaml has no alerts" in approval_text(approval)


def test_every_receipt_says_so_until_a_regular_approval_follows(changed: Office) -> None:
    changed.approve_untried(by="ana", emergency=True, reason="at midnight")
    said = (
        'emergency: release 2 was approved in an emergency by ana on 2024-08-10 ("at midnight"); '
        "a regular approval is due: ringback approve clients"
    )

    marked = _receipts(changed, EVE)
    changed.approve(by="ben")
    regular = _receipts(changed, DAN)

    assert [said in text for text, _ in marked] == [True] * 4
    assert [told["emergency"] for _, told in marked] == [True] * 4
    assert ["emergency" in text for text, _ in regular] == [False] * 4
    assert [told["emergency"] for _, told in regular] == [False] * 4


def test_a_regular_approval_after_an_emergency_looks_at_all_that_changed_since_the_last_regular_one(
    changed: Office,
) -> None:
    changed.approve_untried(by="ana", emergency=True, reason="at midnight")
    changed.write_contract(fields={**SHORTER, "born_on": AMERICAN["born_on"]})
    changed.approve_untried(by="ana", emergency=True, reason="a minute later")
    with pytest.raises(ApprovalRefused, match="was not tried"):
        changed.approve_untried(by="ben")

    approval = changed.approve(by="ben")

    assert [each.name for each in approval.differences] == ["name.constraints.maxLength", "born_on.format"]
    assert approval.compared_with is not None
    assert approval.compared_with.id == 1
    assert [each.emergency for each in changed.place.store.releases("clients")] == [False, True, True, False]


def test_an_emergency_that_is_taken_back_is_tried_against_itself(changed: Office) -> None:
    changed.approve_untried(by="ana", emergency=True, reason="at midnight")
    changed.write_contract()

    approval = changed.approve(by="ben")

    assert approval.compared_with is not None
    assert approval.compared_with.id == 2
    assert changed.place.emergency("clients") is None


def test_an_emergency_as_the_first_release_is_regular_once_somebody_approves_it(bare_office: Office) -> None:
    bare_office.write_contract()
    bare_office.approve_untried(by="ana", emergency=True, reason="today")
    bare_office.take_in(ANN)

    assert bare_office.approve_untried(by="ben").is_new
    assert bare_office.place.emergency("clients") is None


def test_people_are_told_of_an_emergency_without_a_value_of_a_client(changed: Office) -> None:
    heard = Heard()
    wanted = Wanted(emergency=True, reason="the supplier changed at midnight")

    approval = settle(
        consider("clients", changed.place, asked(by="ana"), wanted), changed.place, asked(by="ana"), alerts=heard
    )

    ((title, text),) = heard.messages
    assert title == "ringback: clients, emergency approval by ana"
    assert "Reason: the supplier changed at midnight" in text
    assert 'feeds/clients.yaml line 27: format is "%m/%d/%Y"; it was "%d/%m/%Y"' in text
    assert "Ann" not in text
    assert approval.unheard == ()


def test_a_regular_approval_alarms_nobody(changed: Office) -> None:
    heard = Heard()
    changed.try_out()

    settle(consider("clients", changed.place, asked(), Wanted()), changed.place, asked(), alerts=heard)

    assert heard.messages == []


def test_an_approval_is_one_object_for_machines(changed: Office) -> None:
    tried = changed.try_out()

    told: Any = as_json(changed.approve_untried(by="ana", author="dev", reason="looked at"))

    assert json.loads(json.dumps(told)) == told
    assert (told["since"], told["trial"], told["evidence"]) == (1, tried.id, tried.digest)
    assert (told["author"], told["reason"], told["emergency"]) == ("dev", "looked at", False)
    assert told["differences"] == ['line 27: format is "%m/%d/%Y"; it was "%d/%m/%Y"']


@dataclass
class Heard:
    """A place that hears everything."""

    messages: list[tuple[str, str]] = field(default_factory=list)

    def tell(self, title: str, text: str) -> tuple[str, ...]:
        """See `Alerts`."""
        self.messages.append((title, text))
        return ()


def _receipts(office: Office, another: str) -> list[tuple[str, Any]]:
    """A plan, an import, that run as the ledger shows it, and its undo: as text and for machines."""
    name = "feeds/clients.yaml"
    path = office.file(ANN, BOB, another)
    planned = plan_file(path, "clients", office.place, asked())
    receipt = import_file(path, "clients", office.place, asked())
    assert receipt.run.outcome is Outcome.PUBLISHED
    shown = show_run(receipt.run.id, office.place, field=None, limit=3)
    undone = office.undo(receipt.run)
    texts = (
        plan_text(planned, contract_name=name),
        receipt_text(receipt, contract_name=name),
        run_text(shown, contract_name=name),
        undo_text(undone),
    )
    return list(zip(texts, map(as_json, (planned, receipt, shown, undone)), strict=True))


def _upgrade(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of a library that reads."""
    module = sys.modules["ringback.contracts.fingerprint"]  # the package has a function of the same name
    monkeypatch.setattr(module, "version", lambda name: "9.0" if name == "polars" else version(name))


@contextmanager
def _with_settings(office: Office, settings: str) -> Iterator[Office]:
    """The same office, with more in ringback.yaml."""
    (office.folder / "ringback.yaml").write_text(f"target: {office.target}\n{settings}", encoding="utf-8")
    with open_place(office.folder, environ={}) as place:
        yield replace(office, place=place)


def _git(office: Office, *words: str) -> None:
    person = ("-c", "user.name=Ben Carter", "-c", "user.email=ben@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *person, *words], cwd=office.folder, check=True, capture_output=True)
