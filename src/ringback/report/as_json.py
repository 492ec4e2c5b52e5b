"""What machines read: exactly one JSON object a command. The shapes are the command line's contract."""

from __future__ import annotations

from dataclasses import asdict
from functools import singledispatch
from typing import Any

from ringback.contracts.draft.evidence import InitReport
from ringback.errors import ContractError, NotApproved, RingbackError
from ringback.model.acknowledgement import Acknowledged
from ringback.model.check import CheckReport
from ringback.model.ci import CiReport
from ringback.model.demo import Night
from ringback.model.drill import Drill, Drilled
from ringback.model.finding import Example, Finding
from ringback.model.incident import Incident, Incidents
from ringback.model.limits import Known
from ringback.model.manual import ManualReport
from ringback.model.postmortem import Postmortem
from ringback.model.quarantine import Quarantine
from ringback.model.reformat import Learned, Reformatted
from ringback.model.release import Approval, Release
from ringback.model.run import Ledger, Plan, Receipt, Run, Shown
from ringback.model.sample import Exported
from ringback.model.status import Status
from ringback.model.story import FieldStory, Step, Story
from ringback.model.training import Begun, Hint, Noted, Training, Trainings, Words
from ringback.model.trial import Recording, TrialReport
from ringback.model.undo import RepairReceipt, UndoReceipt
from ringback.report.ci_json import ci_json
from ringback.report.draft_json import draft_json
from ringback.report.drill_json import drill_json, drilled_json
from ringback.report.examples_json import examples_json
from ringback.report.incident_json import incident_json, postmortem_json
from ringback.report.status import status_json
from ringback.report.training_json import training_json
from ringback.report.trial_json import trial_json

Json = dict[str, Any]  # what json.dumps takes


@singledispatch
def as_json(result: object) -> Json:
    """The result of a command as the object that its `--json` prints. `import`: design, section 9."""
    raise TypeError(f"no command gives a {type(result).__name__}")


@as_json.register
def _(receipt: Receipt) -> Json:
    return {
        **as_json(receipt.run),
        "seconds": receipt.seconds,
        "emergency": receipt.emergency is not None,
        "unacknowledged": [_notes(release) for release in receipt.unacknowledged],
    }


@as_json.register
def _(plan: Plan) -> Json:
    return {**as_json(plan.receipt), "changed": _examples(plan.changed)}


@as_json.register
def _(shown: Shown) -> Json:
    told = {"changed": _examples(shown.changed), "emergency": shown.emergency is not None}
    return {**as_json(shown.run), **told}


@as_json.register
def _(learned: Learned) -> Json:
    told = {name: getattr(learned, name) for name in ("name", "file", "columns", "words", "row_count")}
    rivals = len(learned.rules.rivals)
    return {**told, "answered_count": learned.answered_count, "rivals": rivals, "open_rows": learned.open_rows}


@as_json.register
def _(made: Reformatted) -> Json:
    return asdict(made)


@as_json.register
def _(known: Known) -> Json:
    fields = (None, *known.types) if known.field is None else (known.field,)
    limits = [limit for limit in known.limits.limits if limit.field in fields]
    return {
        "feed": known.feed,
        "deliveries": known.limits.deliveries,
        "false_alarms": known.false_alarms,
        "limits": [asdict(limit) for limit in limits],
    }


@as_json.register
def _(ledger: Ledger) -> Json:
    runs = [{**as_json(run), "undone": run.id in ledger.undone} for run in ledger.runs]
    return {"runs": runs, "drills": [as_json(drilled) for drilled in ledger.drills]}


@as_json.register
def _(receipt: UndoReceipt) -> Json:
    answers = receipt.answers
    told = {"restored": answers.restored, "kept": dict(answers.kept), "impossible": dict(answers.impossible)}
    return {**as_json(receipt.run), **told, "emergency": receipt.emergency is not None}


@as_json.register
def _(receipt: RepairReceipt) -> Json:
    answers = receipt.answers
    told: Json = {"repaired": answers.restored, "right": answers.right, "kept": dict(answers.kept)}
    others = [run.name for run in receipt.others]
    told |= {"impossible": dict(answers.impossible), "others": others, "emergency": receipt.emergency is not None}
    return {**as_json(receipt.run), **told}


@as_json.register
def _(approval: Approval) -> Json:
    release = approval.release
    return {
        "feed": release.feed,
        "release": release.id,
        "fingerprint": release.fingerprint,
        "approved_by": release.approved_by,
        "approved_at": release.approved_at.isoformat(),
        "reason": release.reason,
        "notes": release.notes,
        "operators": list(approval.operators),
        "author": release.author,
        "emergency": release.emergency,
        "is_new": approval.is_new,
        "since": approval.compared_with.id if approval.compared_with else None,
        "differences": [each.told for each in approval.differences],
        "software_changes": list(approval.software),
        "trial": release.trial,
        "evidence": release.evidence,
        "untried": approval.untried or None,
        "not_alerted": list(approval.unheard),
        "findings": [_finding_json(finding) for finding in approval.findings],
    }


@as_json.register
def _(report: ManualReport) -> Json:
    told = {"feeds": list(report.feeds), "written": list(report.written)}
    return {"into": str(report.into), **told, "faulty": list(report.faulty), "strays": list(report.strays)}


@as_json.register
def _(told: Acknowledged) -> Json:
    return {
        "feed": told.feed,
        "by": told.by,
        "releases": [_notes(release) for release in told.releases],
        "before": told.before.release if told.before else None,
        "still_to_acknowledge": list(told.others),
    }


@as_json.register
def _(told: Begun | Training | Trainings | Words | Hint | Noted) -> Json:
    return training_json(told)


@as_json.register
def _(status: Status) -> Json:
    return status_json(status)


@as_json.register
def _(drilled: Drilled) -> Json:
    return drilled_json(drilled)


@as_json.register
def _(drill: Drill) -> Json:
    return drill_json(drill)


@as_json.register
def _(incident: Incident) -> Json:
    return incident_json(incident)


@as_json.register
def _(told: Incidents) -> Json:
    return {"incidents": [incident_json(each) for each in told.incidents]}


@as_json.register
def _(told: Postmortem) -> Json:
    return postmortem_json(told)


@as_json.register
def _(report: TrialReport) -> Json:
    return trial_json(report)


@as_json.register
def _(recording: Recording) -> Json:
    files = [{"file": reading.file_name, "sha256": reading.sha256} for reading in recording.readings]
    return {"feed": recording.feed, "fingerprint": recording.fingerprint, "readings": files}


@as_json.register
def _(report: CiReport) -> Json:
    return ci_json(report)


@as_json.register
def _(exported: Exported) -> Json:
    sample = exported.sample
    told: Json = {"feed": sample.feed, "folder": exported.folder, "scrambled": sample.is_scrambled}
    deliveries = [asdict(each) for each in sample.deliveries]
    return {**told, "release": sample.release, "deliveries": deliveries, "remarks": list(exported.remarks)}


@as_json.register
def _(report: CheckReport) -> Json:
    feeds = [{"feed": feed.feed, "file": feed.file_name, "fingerprint": feed.fingerprint} for feed in report.feeds]
    examples = [examples_json(each) for each in report.examples]
    told: Json = {"faults": list(report.faults), "feeds": feeds, "examples": examples}
    if report.chain is not None:
        began = report.chain.began_at
        told["audit_trail"] = {**asdict(report.chain), "began_at": began.isoformat() if began else None}
    return told


@as_json.register
def _(report: InitReport) -> Json:
    return draft_json(report)


@as_json.register
def _(night: Night) -> Json:
    return {**asdict(night), "ends_well": night.ends_well}


@as_json.register
def _(quarantine: Quarantine) -> Json:
    rows = [
        {
            "run": _name(row["run"][0]),
            "line": row["line"][0],
            "row": row["row"][0],
            "faults": row.select("code", "field", "column", "raw", "reason").to_dicts(),
        }
        for row in quarantine.rows
    ]
    return {"feed": quarantine.feed, "row_count": len(rows), "rows": rows}


@as_json.register
def _(run: Run) -> Json:
    rows = run.rows
    return {
        "run": run.name if run.id else None,
        "feed": run.feed,
        "file": run.file_name,
        "kind": str(run.kind),
        "verdict": str(run.outcome),
        "rows": {
            "read": rows.read,
            "added": rows.added,
            "changed": rows.changed,
            "unchanged": rows.unchanged,
            "quarantined": rows.quarantined,
            "duplicate": rows.duplicate,
            "skipped": rows.skipped,
        },
        "missing": run.missing,
        "removed": run.removed,
        "closed": run.closed,
        "fields": {name: {"changed": number} for name, number in run.changed_by_field.items()},
        "findings": [_finding_json(finding) for finding in run.findings],
        "sha256": run.sha256,
        "issued": run.issued,
        "undoes": _name(run.undoes),
        "repairs": _name(run.repairs),
        "corrects": _name(run.corrects),
        "started_at": run.started_at.isoformat(),
        "by": run.by,
    }


@as_json.register
def _(story: Story) -> Json:
    return {
        "feed": story.feed,
        "key": list(story.key),
        "held": story.is_held,
        "fields": {field.field: _field_json(field) for field in story.fields},
    }


@as_json.register
def _(error: RingbackError) -> Json:
    faults = list(error.faults) if isinstance(error, ContractError) else []
    told = {"what": error.what, "where": error.where, "why": error.why, "mend": error.mend, "faults": faults}
    if isinstance(error, NotApproved):
        told["differences"] = [str(difference) for difference in error.differences]
    return {"error": {"kind": type(error).__name__, **told}}


def _notes(release: Release) -> Json:
    return {"release": release.id, "notes": release.notes, "approved_by": release.approved_by}


def _finding_json(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "field": finding.field,
        "row_count": finding.row_count,
        "why": finding.why,
        "mend": finding.mend,
        "fields": list(finding.fields or ([finding.field] if finding.field else [])),
        "measure": finding.measure,
        "expected": finding.expected,
        "seen": finding.seen,
        "limit": finding.limit,
        "because": list(finding.because),
        "since": list(finding.since),
        "misreading": finding.misreading,
        "share_explained": finding.share_explained,
        "line": finding.line,
        "where": str(finding.where) if finding.where else None,
        "examples": [_example(example) for example in finding.examples],
    }


def _example(example: Example) -> Json:
    return {
        "key": list(example.key),
        "line": example.line,
        "before": example.before,
        "after": example.after,
        "raw": example.raw,
    }


def _examples(changed: dict[str, tuple[Example, ...]]) -> Json:
    return {name: [_example(example) for example in few] for name, few in changed.items()}


def _field_json(field: FieldStory) -> Json:
    return {"now": field.now, "edited_outside": field.outside, "steps": [_step_json(step) for step in field.steps]}


def _step_json(step: Step) -> Json:
    return {
        "run": step.run.name,
        "since": step.run.started_at.isoformat(),
        "kind": step.kind,
        "before": step.before,
        "after": step.after,
        "file": step.run.file_name if step.line is not None else None,
        "line": step.line,
        "raw": step.raw,
        "contract": step.contract_name,
        "contract_line": step.contract_line,
    }


def _name(run_id: int | None) -> str | None:
    return None if run_id is None else f"R{run_id}"
