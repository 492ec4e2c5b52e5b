"""An approval as text: what is approved, by whom, on what evidence."""

from __future__ import annotations

from collections.abc import Iterator

from ringback.errors import MANY
from ringback.model.measured import percent
from ringback.model.release import Approval, Release
from ringback.model.trial import FieldTrial, Trial
from ringback.report.trial import NOTHING_READ, came_to, field_line, live_text, outcome_text
from ringback.report.words import count


def approval_text(approval: Approval, *, shown: bool = False) -> str:
    """Which release is in force, and what it rests on. With `shown`, a person has seen the changes just before."""
    release = approval.release
    if not approval.is_new:
        return (
            f"{release.feed}: this contract is release {release.id} already, "
            f"approved by {release.approved_by} on {release.approved_at:%Y-%m-%d}"
        )
    software = ", ".join(f"{name} {version}" for name, version in release.software.items())
    lines = [
        _title(release),
        f"  fingerprint {release.fingerprint[:12]} (the contract's meaning; {software})",
        *([] if shown else change_lines(approval)),
        *_emergency_lines(approval),
    ]
    for finding in approval.findings:
        lines += [f"{finding.severity}: {finding.why}", f"  {finding.mend}"]
    return "\n".join(lines)


def proposal_text(approval: Approval) -> str:
    """What a person looks at before he gives a reason."""
    return "\n".join([f"{approval.release.feed}: to be approved", *change_lines(approval)])


def change_lines(approval: Approval) -> Iterator[str]:
    """All that is other than in the release that it is compared with, and what the trial showed of it."""
    before = approval.compared_with
    if before is not None:
        who = f"approved by {before.approved_by} on {before.approved_at:%Y-%m-%d}"
        yield f"  since release {before.id}, {who}:"
        yield from _causes(approval)
    if approval.release.author is not None:
        yield f"  changed by {approval.release.author}"
    if approval.trial is not None:
        yield from _trial_lines(approval.trial)
    elif approval.untried:
        yield f"  {approval.untried}"


def alarm(approval: Approval) -> tuple[str, str]:
    """Title and text of the alert of an emergency approval. No client value."""
    release = approval.release
    causes = [line.strip() for line in _causes(approval)]
    title = f"ringback: {release.feed}, emergency approval by {release.approved_by}"
    lines = [
        f"Release {release.id} of {release.feed} was approved in an emergency by {release.approved_by} "
        f"at {release.approved_at:%Y-%m-%d %H:%M} UTC.",
        f"Reason: {release.reason}",
        *causes,
        f"Nobody else looked at it, and no trial was asked for. Next: ringback trial {release.feed}, "
        f"then ringback approve {release.feed}",
    ]
    return title, "\n".join(lines)


def _title(release: Release) -> str:
    if release.emergency:
        return f"{release.feed}: release {release.id} approved IN AN EMERGENCY by {release.approved_by}"
    if release.approved_by == "ringback":
        return (
            f"{release.feed}: release {release.id} approved by ringback itself: other software, and all reads the same"
        )
    return f"{release.feed}: release {release.id} approved by {release.approved_by}"


def _causes(approval: Approval) -> Iterator[str]:
    name = f"feeds/{approval.release.feed}.yaml"
    yield from (f"    {name} {each.told}" for each in approval.differences[:MANY])
    if len(approval.differences) > MANY:
        yield f"    and {len(approval.differences) - MANY} more places"
    yield from (f"    other software reads it: {moved}" for moved in approval.software)
    told = {each.told for each in approval.differences}
    if approval.trial is not None:
        yield from (f"    {each}" for each in approval.trial.needs_person if each not in told)


def _trial_lines(trial: Trial) -> Iterator[str]:
    amount = "whole" if trial.share >= 1 else f"{percent(trial.share)} of their rows"
    runs = ", ".join(f"R{each.run}" for each in trial.deliveries)
    yield (
        f"  trial {trial.id} by {trial.by} read {len(trial.deliveries)} of {count(trial.of_deliveries, 'delivery')}, "
        f"{amount} ({runs}), {count(trial.rows, 'row')}:"
    )
    yield f"    {'every delivery reads the same' if trial.changes_nothing else came_to(trial) or NOTHING_READ}"
    for told in trial.fields:
        if told.is_other:
            yield f"    {field_line(told)}{_cause(told)}"
    for each in trial.deliveries:
        if each.news or each.refused is not None:
            yield f"    {outcome_text(each)}"
    if trial.live is not None and not trial.live.is_none:
        yield f"    the live table, if R{trial.live.run}'s file came again so: {live_text(trial.live)}"


def _cause(told: FieldTrial) -> str:
    return f": {told.sentence}" if told.sentence else ""


def _emergency_lines(approval: Approval) -> Iterator[str]:
    release = approval.release
    if not release.emergency:
        return
    yield f'  reason: "{release.reason}"'
    yield f"  Every receipt of {release.feed} says so until a regular approval follows:"
    yield f"  ringback trial {release.feed}, then ringback approve {release.feed}"
    yield from (f"note: {each}" for each in approval.unheard)
