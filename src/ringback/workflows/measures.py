"""Measures after an incident: what was done, and what would keep it from coming again. Each rests on evidence."""

from __future__ import annotations

from collections.abc import Iterator

from ringback.model.finding import Severity
from ringback.model.incident import EntryKind
from ringback.model.measured import percent
from ringback.model.postmortem import Action, Basis, Postmortem, RunImpact
from ringback.model.release import Release
from ringback.model.run import Outcome, RunKind
from ringback.workflows.place import Place


def corrective(told: Postmortem, place: Place) -> Iterator[Action]:
    """What was done, and what of it is still to do."""
    for deed in told.deeds:
        run = deed.run
        what = f"R{run.undoes} undone" if run.kind is RunKind.UNDO else f"R{run.repairs} repaired"
        verb = "restored" if run.kind is RunKind.UNDO else "repaired"
        counts = f"{deed.restored:,} values {verb}, {deed.kept:,} kept, {deed.impossible:,} not possible"
        yield Action(text=f"{what} by {run.name}: {counts}", evidence=run.name, by=run.by)
    yield from _delivered_again(told, place)
    for impact in told.published:
        if impact.stands:
            run = impact.run
            yield Action(
                text=f"still to do: wrong values of {run.name} stand in the live table: ringback repair {run.name}, "
                f"or ringback undo {run.name}",
                evidence=run.name,
            )
    yield from _read_alike(told, place)
    emergency = place.emergency(told.incident.feed)
    if emergency is not None:
        yield Action(
            text=f"still to do: release {emergency.id} is in force on an emergency approval: "
            f"ringback approve {emergency.feed}",
            evidence=f"release {emergency.id}",
        )


def preventive(told: Postmortem, place: Place) -> Iterator[Action]:
    """What people named, then what evidence proposes."""
    for entry in told.incident.of_kind(EntryKind.MEASURE):
        yield Action(text=entry.text, evidence=entry.name, by=entry.by)
    if told.cause.release is not None and told.cause.lines:
        yield from _of_release(told.cause.release, place)
    for impact in told.impacts:
        yield from _of_run(impact)
    yield from _of_drills(told, place)
    if told.published and not told.consumers_named:
        yield Action(
            text="name under consumers: in ringback.yaml who reads the live tables, so that it is known whom wrong "
            "values reach",
            evidence="ringback.yaml has no consumers",
        )


def _delivered_again(told: Postmortem, place: Place) -> Iterator[Action]:
    """Imports of the same delivery that stand, under another contract."""
    undone = place.undone(told.incident.feed)
    for impact in told.impacts:
        run = impact.run
        again = place.store.published_imports(run.feed, run.sha256) if run.sha256 else ()
        for later in again:
            if later.id > run.id and later.id not in undone and later.fingerprint != run.fingerprint:
                release = next((r.id for r in place.store.releases(run.feed) if r.fingerprint == later.fingerprint), 0)
                yield Action(
                    text=f"the delivery of {run.name} imported again under release {release}, as {later.name}: "
                    f"{later.rows.added:,} added, {later.rows.changed:,} changed",
                    evidence=later.name,
                    by=later.by,
                )
                break


def _read_alike(told: Postmortem, place: Place) -> Iterator[Action]:
    """Other imports that stand and were read by the contract at fault."""
    right = next((each.right for each in told.published if each.right is not None), None)
    wrong = {each.run.fingerprint for each in told.published if each.right is not None}
    if right is None or right.fingerprint in wrong:
        return
    named = {each.run.id for each in told.impacts}
    repaired = {run.repairs for run in place.store.repairs(told.incident.feed) if not run.partial}
    for run in place.imports(told.incident.feed):
        if run.fingerprint in wrong and run.id not in named | repaired:
            yield Action(
                text=f"still to do: {run.name} was read under the same contract, and nobody repaired it: "
                f"ringback repair {run.name}",
                evidence=run.name,
            )


def _of_release(release: Release, place: Place) -> Iterator[Action]:
    evidence = f"release {release.id}"
    settings = place.project.settings
    is_first = all(release.id <= each.id for each in place.store.releases(release.feed))
    if is_first:
        yield Action(
            text=f"look at what a first contract reads before it is approved: ringback plan {release.feed} FILE",
            evidence=evidence,
        )
    elif release.trial is None:
        how = "in an emergency, without a trial" if release.emergency else "without a trial"
        yield Action(
            text=f"let no contract into production untried: release {release.id} was approved {how} "
            f"(ringback trial {release.feed} shows what it would change)",
            evidence=evidence,
        )
    if not settings.approvers:
        yield Action(
            text="name approvers: in ringback.yaml, so that nobody approves his own change: "
            f"release {release.id} was approved by {release.approved_by}",
            evidence=f"{evidence}; ringback.yaml has no approvers",
        )
    if release.emergency and not settings.alerts:
        yield Action(
            text="name alerts: in ringback.yaml, so that people are told of emergency approvals",
            evidence=f"{evidence}; ringback.yaml has no alerts",
        )


def _of_run(impact: RunImpact) -> Iterator[Action]:
    run = impact.run
    grave = [each for each in run.findings if each.severity is not Severity.NOTE]
    if run.outcome is Outcome.PUBLISHED and grave:
        yield Action(
            text=f"have a second person look before a held run is released: the guard had held {run.name} "
            f"({grave[0].why}), and it was released by {run.by}",
            evidence=run.name,
        )
    elif run.outcome is Outcome.PUBLISHED:
        yield from _policy_lines(impact)
    elif run.outcome is Outcome.DROPPED:
        yield Action(
            text=f"tell the sender of {run.file_name} what was wrong with it, and have it delivered again",
            evidence=run.name,
        )


def _policy_lines(impact: RunImpact) -> Iterator[Action]:
    """The line of the policy that would hold it, where the guard let it through."""
    run = impact.run
    again = run.rows.changed + run.rows.unchanged  # clients that were held before
    for wrong in impact.fields:
        share = run.changed_by_field.get(wrong.field, 0) / again if again else 0.0
        if share > 0 and impact.basis is not Basis.PLAN:
            yield Action(
                text=f"policy of feeds/{run.feed}.yaml: changed: {{{wrong.field}: {{hold_above: {_below(share)}}}}} "
                f"would have held it: {run.name} changed {wrong.field} of {percent(share)} of the clients that it "
                "had again",
                evidence=run.name,
            )


def _below(share: float) -> str:
    """Half of a share, as a limit in a contract is written."""
    return f"{100 * share / 2:.1f} %" if share >= 0.01 else f"{max(100 * share / 2, 1e-6):.6f} %"


def _of_drills(told: Postmortem, place: Place) -> Iterator[Action]:
    feed = told.incident.feed
    drills = place.store.drills(feed)
    current = next((release.fingerprint for release in place.store.releases(feed)), None)
    newest = next((each for each in drills if each.fingerprint == current), None)
    if newest is None:
        if told.cause.misreading is not None:
            yield Action(
                text=f"see which misreadings the contract in force would let through: ringback drill {feed}",
                evidence="no drill of it is kept",
            )
    elif newest.caught < newest.total:
        yield Action(
            text=f"{newest.total - newest.caught:,} of {newest.total:,} misreadings that the drill of "
            f"{newest.at:%Y-%m-%d} tried would be published; it names the policy lines that catch them: "
            f"ringback drill {feed}",
            evidence=f"drill {newest.id}",
        )
