"""Name the cause of an incident: the misreading, the lines of the contract and the release that brought them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from ringback.contracts import ContractFile, differences
from ringback.errors import ContractError
from ringback.model.diagnosis import Diagnosis
from ringback.model.finding import Finding, Severity
from ringback.model.incident import EntryKind, Incident
from ringback.model.postmortem import Basis, Cause
from ringback.model.release import Difference, Release
from ringback.model.run import Run
from ringback.workflows.place import Place, software_moved
from ringback.workflows.wrong_values import Counted, Right

_POLICY = "policy"


def blame(incident: Incident, counted: Sequence[Counted], rights: dict[int, Right | None], place: Place) -> Cause:
    """The cause, as far as guard, contracts and people name it. `counted`: the runs at fault, the worst first."""
    told = tuple(f"{each.text} ({each.by}, {each.name})" for each in incident.of_kind(EntryKind.FOUND) if each.text)
    if not counted:
        return Cause(told=told)
    worst = counted[0]
    run = worst.impact.run
    good, lines = _lines(run, rights.get(run.id), place)
    release = _that_brought(lines, run, place)
    return replace(
        _misreading(worst),
        run=run,
        lines=lines,
        contract_name=f"feeds/{run.feed}.yaml",
        release=release,
        good=good,
        software=_software(good, release),
        told=told,
        others=tuple(_held_for(run)),
    )


def _misreading(worst: Counted) -> Cause:
    """Of the values themselves; else what the guard named when it held the run."""
    run = worst.impact.run
    if worst.diagnoses:
        first = _alike(worst.diagnoses)
        against = f"{run.name}, compared with release {worst.impact.right.id}" if worst.impact.right else ""
        basis = against or f"{run.name}, its values before and after"
        return Cause(
            misreading=first.code,
            sentence=first.sentence,
            explained=first.explained_count,
            changed=first.changed_count,
            fields=first.fields,
            basis=basis,
        )
    named = next((each for each in _grave(run) if each.misreading), None)
    if named is None:
        return Cause()
    return Cause(
        misreading=named.misreading,
        sentence=next(iter(named.because), None),
        explained=round((named.share_explained or 0.0) * named.row_count),
        changed=named.row_count,
        fields=named.fields or ((named.field,) if named.field else ()),
        basis=f"{run.name}, the guard's finding",
    )


def _alike(diagnoses: Sequence[Diagnosis]) -> Diagnosis:
    """The first one, with all fields that the same misreading explains."""
    same = [each for each in diagnoses if (each.code, each.sentence) == (diagnoses[0].code, diagnoses[0].sentence)]
    return replace(
        same[0],
        fields=tuple(name for each in same for name in each.fields),
        changed_count=sum(each.changed_count for each in same),
        explained_count=sum(each.explained_count for each in same),
    )


def _held_for(run: Run) -> Iterator[str]:
    yield from (each.why for each in _grave(run))


def _grave(run: Run) -> tuple[Finding, ...]:
    return tuple(each for each in run.findings if each.severity is not Severity.NOTE)


def _lines(run: Run, right: Right | None, place: Place) -> tuple[Release | None, tuple[Difference, ...]]:
    """(the release that is compared with, what the run's contract says otherwise than that one, at its lines).

    That is the release that repaired it; where there is none, the one that the last good import before was read under.
    """
    wrong = _approved(run, place)
    if wrong is None:
        return None, ()
    good = right or _before(run, place)
    if good is None:
        return None, ()
    told = differences(good.contract, wrong)
    return good.release, tuple(each for each in told if each.path[0] != _POLICY)


def _approved(run: Run, place: Place) -> ContractFile | None:
    if not any(release.fingerprint == run.fingerprint for release in place.store.releases(run.feed)):
        return None
    with suppress(ContractError):
        return place.approved(run)
    return None


def _before(run: Run, place: Place) -> Right | None:
    """What the last good import before the run was read under."""
    for earlier in place.imports(run.feed):
        if earlier.id < run.id and earlier.fingerprint != run.fingerprint:
            for release in place.store.releases(run.feed):
                if release.fingerprint == earlier.fingerprint:
                    with suppress(ContractError):
                        return Right(contract=place.parse_release(release), release=release)
    return None


def _that_brought(lines: Sequence[Difference], run: Run, place: Place) -> Release | None:
    """The oldest of the releases up to the run's own that say, without a break, what it says."""
    wanted = {(each.path, each.after) for each in lines}
    found: Release | None = None
    own = False
    for release in place.store.releases(run.feed):
        own = own or release.fingerprint == run.fingerprint
        if not own:
            continue
        if found is not None and not (wanted and _says(release, wanted, found, place)):
            break
        found = release
    return found


def _says(older: Release, wanted: set[tuple[tuple[str, ...], str | None]], newer: Release, place: Place) -> bool:
    """Whether nothing of what is wanted came with the newer one."""
    with suppress(ContractError):
        came = differences(place.parse_release(older), place.parse_release(newer))
        return not wanted & {(each.path, each.after) for each in came}
    return False


def _software(good: Release | None, release: Release | None) -> tuple[str, ...]:
    """What read otherwise in the release at fault than in the good one."""
    if good is None or release is None:
        return ()
    return software_moved(good.software, release.software)


def worst_first(counted: Sequence[Counted]) -> tuple[Counted, ...]:
    """Those in the live table before those that were kept out; the most wrong values first."""
    return tuple(sorted(counted, key=lambda each: (each.impact.basis is Basis.PLAN, -each.impact.values)))
