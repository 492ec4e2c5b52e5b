"""Readings of one environment, written to a file for another to compare with: old and new software on one project."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from ringback.contracts import ContractFile, fingerprint, software
from ringback.engine.local import Workspace
from ringback.errors import UsageError
from ringback.model.trial import Chosen, RecordedReading, Recording, Trial, TrialKind, TrialReport
from ringback.workflows.import_file import Asked
from ringback.workflows.place import Place
from ringback.workflows.trial_choice import choose
from ringback.workflows.trial_software import Before, read_again, try_software


def record(feed: str, path: Path, place: Place, asked: Asked, *, newest: int | None) -> Recording:
    """Read deliveries under the working copy and write digests of what they are read as. Nothing is stored.

    Raises: ContractError; UsageError, when the file cannot be written; DeliveryRefused; StoreError.
    """
    contract = place.contract(feed)
    readings: list[RecordedReading] = []
    for run in choose(feed, place, newest=newest).runs:
        with Workspace() as workspace:
            digest = read_again(run, contract, place, asked, workspace).digest
        readings.append(RecordedReading(sha256=run.sha256 or "", file_name=run.file_name or "", digest=digest))
    recording = Recording(
        feed=feed,
        meaning=_meaning(contract),
        fingerprint=place.fingerprint(contract),
        software=software(),
        readings=tuple(readings),
    )
    _write(path, recording)
    return recording


def against(feed: str, path: Path, place: Place, asked: Asked) -> TrialReport:
    """Read the deliveries of a recording here, under the same contract, and compare.

    Raises: ContractError; UsageError, when it is no recording of this contract; StoreError.
    """
    recording, contract = _load(path), place.contract(feed)
    _require_same(recording, contract, path)
    digests = {reading.sha256: reading.digest for reading in recording.readings}
    chosen = choose(feed, place, newest=None, contents=frozenset(digests))
    before = Before(contract=lambda _: contract, digest=lambda run: digests.get(run.sha256 or ""))
    found = try_software(chosen.runs, before, place, asked)
    made = Trial(
        id=0,
        feed=feed,
        kind=TrialKind.MACHINES,
        before=recording.fingerprint,
        after=place.fingerprint(contract),
        contract_changes=0,
        of_deliveries=chosen.of,
        deliveries=found.deliveries,
        fields=found.fields,
        live=found.live,
        at=asked.now,
        by=asked.by,
    )
    return TrialReport(
        trial=place.store.tried(made.sealed()),
        contract_name=contract.name,
        compared_with=path.name,
        software=_moved(recording),
        found=found,
        remarks=(*_absent(recording, chosen), *chosen.remarks, *found.remarks),
    )


def _meaning(contract: ContractFile) -> str:
    return fingerprint(contract.contract, {})


def _moved(recording: Recording) -> tuple[str, ...]:
    now, then = software(), recording.software
    return tuple(f"{name} {then.get(name, 'none')} -> {now[name]}" for name in now if now[name] != then.get(name))


def _absent(recording: Recording, chosen: Chosen) -> list[str]:
    here = {run.sha256 for run in chosen.runs}
    return [
        f"{reading.file_name} is in the recording and was not read: it was not published here, or its bytes are gone."
        for reading in recording.readings
        if reading.sha256 not in here
    ]


def _write(path: Path, recording: Recording) -> None:
    try:
        path.write_text(recording.to_json() + "\n", encoding="utf-8")
    except OSError as fault:
        raise UsageError(
            "the recording cannot be written", where=str(path), why=fault.strerror or "", mend="name another file"
        ) from None


def _load(path: Path) -> Recording:
    try:
        return Recording.from_json(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise UsageError("the recording cannot be read", where=str(path), why=fault.strerror or "") from None
    except (ValidationError, UnicodeDecodeError):
        raise UsageError(
            "this is no recording of a reading",
            where=str(path),
            mend="make one in the other environment: ringback trial FEED --record FILE",
        ) from None


def _require_same(recording: Recording, contract: ContractFile, path: Path) -> None:
    if recording.meaning == _meaning(contract):
        return
    raise UsageError(
        f"it was recorded of feed {recording.feed} under a contract that says something else than {contract.name}",
        where=str(path),
        why="Two environments are compared on one contract: else nobody could tell what made the difference.",
        mend="Bring the same feeds/ and ringback.yaml to both environments, and record again.",
    )
