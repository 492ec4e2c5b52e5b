"""The history of a feed's releases in the manual: what each changed, why, on what evidence, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterator

from ringback.model.manual import FeedManual, ReleaseManual, Standing
from ringback.report.approval import trial_lines
from ringback.report.page import Heading, Pairs, Paragraph, Part, Points
from ringback.report.words import count

_DIGEST = 12  # digits that are shown of one


def release_parts(feed: FeedManual, heading: Heading) -> Iterator[Part]:
    """The newest release first."""
    yield heading
    if not feed.releases:
        asked = feed.standing is not Standing.UNASKED
        yield Paragraph(text="None yet." if asked else "They are in the database, which was not asked.")
    for told in feed.releases:
        yield from _release(told)


def _release(told: ReleaseManual) -> Iterator[Part]:
    release = told.release
    mark = ", IN AN EMERGENCY" if release.emergency else ""
    yield Heading(text=f"Release {release.id}, {release.approved_at:%Y-%m-%d}{mark}", level=3)
    yield Pairs(rows=tuple(_in_short(told)))
    yield from _changes(told)
    if release.notes:
        yield Paragraph(text="What operators were told:")
        yield Points(texts=tuple(release.notes.splitlines()))
    if told.trial is not None:
        _, *found = trial_lines(told.trial)
        yield Paragraph(text=f"The trial showed, {_scope(told)}:")
        yield Points(texts=tuple(found))


def _in_short(told: ReleaseManual) -> Iterator[tuple[str, str]]:
    release = told.release
    yield "Approved by", _approved_by(told)
    if release.author is not None:
        yield "Changed by", release.author
    if release.reason:
        yield "Why", release.reason
    yield "Fingerprint", release.fingerprint[:_DIGEST]
    yield "Evidence", _evidence(told)
    if told.acknowledged:
        yield "Known to", ", ".join(f"{each.by} ({each.at:%Y-%m-%d})" for each in told.acknowledged)


def _approved_by(told: ReleaseManual) -> str:
    release = told.release
    by = "ringback itself: all reads the same" if release.is_machines else release.approved_by
    late = "; nobody else looked at it, and a regular approval had to follow" if release.emergency else ""
    return f"{by}, {release.approved_at:%Y-%m-%d %H:%M} UTC{late}"


def _evidence(told: ReleaseManual) -> str:
    release, trial = told.release, told.trial
    if trial is not None and release.evidence is not None:
        whole = "" if trial.digest == release.evidence else " (it is no longer the trial that was approved)"
        return f"trial {trial.id} by {trial.by}, digest {release.evidence[:_DIGEST]}{whole}"
    if told.before is None:
        return "none: the first release has nothing to be compared with"
    return "none: untried"


def _changes(told: ReleaseManual) -> Iterator[Part]:
    """What the contract says otherwise than before, and what else reads it."""
    if told.before is None:
        return
    since = f"since release {told.before.id}"
    if told.differences is None:
        yield Paragraph(text=f"What changed {since} only an older ringback can tell.")
        return
    changes = (*map(str, told.differences), *(f"other software reads it: {moved}" for moved in told.software))
    if changes:
        yield Paragraph(text=f"What changed {since}:")
        yield Points(texts=changes)
    else:
        yield Paragraph(text=f"Nothing of its meaning changed {since}.")


def _scope(told: ReleaseManual) -> str:
    trial = told.trial
    assert trial is not None  # noqa: S101 - asked for by the caller alone
    other = (
        "" if told.before is None or trial.before == told.before.fingerprint else ", compared with an earlier release"
    )
    read = f"{len(trial.deliveries)} of {count(trial.of_deliveries, 'delivery')}, {count(trial.rows, 'row')}"
    return f"on {read}{other}"
