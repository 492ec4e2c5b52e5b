"""What machines read: exactly one JSON object a command. The shapes are the command line's contract."""

from __future__ import annotations

from typing import Any

from ringback.errors import ContractError, RingbackError
from ringback.model.finding import Example, Finding
from ringback.model.run import Receipt, Run, RunKind
from ringback.model.story import FieldStory, Step, Story
from ringback.model.undo import Answers

Json = dict[str, Any]  # what json.dumps takes


def receipt_json(receipt: Receipt) -> Json:
    """`import --json`: design, section 9."""
    return {**run_json(receipt.run), "seconds": receipt.seconds}


def plan_json(receipt: Receipt, examples: dict[str, tuple[Example, ...]]) -> Json:
    """`plan --json`: what `import --json` would print, and values before and after."""
    changed = {name: [example_json(example) for example in shown] for name, shown in examples.items()}
    return {**receipt_json(receipt), "changed": changed}


def run_json(run: Run) -> Json:
    """One run; a plan has no `run` name."""
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
        "corrects": _name(run.corrects),
        "started_at": run.started_at.isoformat(),
        "by": run.by,
    }


def answers_json(run: Run, answers: Answers) -> Json:
    """`undo --json`."""
    assert run.kind is RunKind.UNDO  # noqa: S101 - nothing else has answers
    return {
        **run_json(run),
        "restored": answers.restored,
        "kept": dict(answers.kept),
        "impossible": dict(answers.impossible),
    }


def story_json(story: Story) -> Json:
    """`explain --json`."""
    return {
        "feed": story.feed,
        "key": list(story.key),
        "held": story.is_held,
        "fields": {field.field: _field_json(field) for field in story.fields},
    }


def error_json(error: RingbackError) -> Json:
    """What any command says with `--json` when the set-up is wrong."""
    faults = list(error.faults) if isinstance(error, ContractError) else []
    told = {"what": error.what, "where": error.where, "why": error.why, "mend": error.mend, "faults": faults}
    return {"error": {"kind": type(error).__name__, **told}}


def _finding_json(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "field": finding.field,
        "row_count": finding.row_count,
        "why": finding.why,
        "mend": finding.mend,
        "misreading": finding.misreading,
        "share_explained": finding.share_explained,
        "line": finding.line,
        "where": str(finding.where) if finding.where else None,
        "examples": [example_json(example) for example in finding.examples],
    }


def example_json(example: Example) -> Json:
    """One record concerned."""
    return {
        "key": list(example.key),
        "line": example.line,
        "before": example.before,
        "after": example.after,
        "raw": example.raw,
    }


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
