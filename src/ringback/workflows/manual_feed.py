"""One feed's part of the manual: what its contract says, and what the database and the archive know of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from ringback.contracts import ContractFile, differences
from ringback.errors import ContractError, DeliveryRefused, StoreError
from ringback.model.finding import Verdict, verdict
from ringback.model.manual import FeedManual, FieldManual, Rejected, ReleaseManual, Standing
from ringback.model.reading import RejectGroup
from ringback.model.release import Difference, Release
from ringback.model.run import Run
from ringback.steps.audit_header import audit_header
from ringback.steps.delivered_examples import DeliveredExamples
from ringback.steps.interpret import interpret
from ringback.steps.limits import limits
from ringback.steps.manual import described, misreadings_in_words, rejected, with_examples
from ringback.steps.read import read
from ringback.steps.reject_groups import RejectGroups, add_rejects
from ringback.steps.scramble import Secret
from ringback.workflows.place import Place, software_moved, software_since

_SOURCE = ("files", "issued", "encoding", "delimiter", "quoteChar", "escapeChar", "header", "preambleLines")
_POLICY = ("quarantined", "removed", "shrunk", "duplicates", "duplicated", "changed", "guard")
_KEYS = (  # whose lines are told
    *(("feed",), ("key",), ("delivers",), ("missing",), ("missingValues",), ("source",), ("target",), ("ignored",)),
    *(("source", key) for key in (*_SOURCE, "footerLines", "commentChar", "skip", "member")),
    *(("policy", key) for key in _POLICY),
)


def written_feed(found: ContractFile) -> FeedManual:
    """What the contract says; no other place is asked."""
    lines = {".".join(keys): found.line(*keys) for keys in _KEYS}
    return FeedManual(
        contract=found.contract,
        name=found.name,
        fields=described(found.contract, found.line),
        lines={key: line for key, line in lines.items() if line is not None},
    )


def listed_feed(found: ContractFile, place: Place) -> FeedManual:
    """What the contract says, with the feed's releases, limits and drill; no delivery is read."""
    manual = _with_releases(written_feed(found), found, place)
    return _with_learned(manual, place, fingerprint=place.fingerprint(found))


def told_feed(found: ContractFile, place: Place) -> FeedManual:
    """All of it: with examples and rejects of the newest delivery, too."""
    manual, newest = listed_feed(found, place), place.last_import(found.contract.feed)
    return manual if newest is None else _with_delivery(manual, newest, found, place)


def _with_releases(manual: FeedManual, found: ContractFile, place: Place) -> FeedManual:
    releases = place.store.releases(manual.contract.feed)
    if not releases:
        return replace(manual, standing=Standing.NEVER)
    current = releases[0]
    is_approved = current.fingerprint == place.fingerprint(found)
    return replace(
        manual,
        standing=Standing.APPROVED if is_approved else Standing.CHANGED,
        release=current,
        changed=() if is_approved else tuple(_changed(current, found, place)),
        releases=tuple(_history(releases, place)),
        waiting=place.not_acknowledged(manual.contract.feed),
    )


def _changed(release: Release, found: ContractFile, place: Place) -> Iterator[str]:
    with suppress(ContractError):  # a release that only an earlier ringback could read
        yield from (each.told for each in differences(place.parse_release(release), found))
    yield from (f"other software reads it: {moved}" for moved in software_since(release))


def _history(releases: tuple[Release, ...], place: Place) -> Iterator[ReleaseManual]:
    """Each release beside the one that it followed."""
    feed = releases[0].feed
    trials = {trial.id: trial for trial in place.store.trials(feed)}
    known = sorted(place.store.acknowledgements(feed), key=lambda each: each.id)
    for release, before in zip(releases, (*releases[1:], None), strict=True):
        yield ReleaseManual(
            release=release,
            before=before,
            differences=() if before is None else _differences(before, release, place),
            software=() if before is None else software_moved(before.software, release.software),
            trial=None if release.trial is None else trials.get(release.trial),
            acknowledged=tuple(each for each in known if each.release == release.id),
        )


def _differences(before: Release, release: Release, place: Place) -> tuple[Difference, ...] | None:
    try:
        return differences(place.parse_release(before), place.parse_release(release))
    except ContractError:
        return None


def _with_learned(manual: FeedManual, place: Place, *, fingerprint: str) -> FeedManual:
    feed = manual.contract.feed
    learned = limits(place.baseline(feed), manual.contract)
    drilled = next(iter(place.store.drills(feed)), None)
    told = replace(manual, delivery_count=learned.deliveries)
    if learned.deliveries:
        told = replace(
            told,
            limits=tuple(each for each in learned.limits if each.field is None),
            fields=tuple(
                replace(field, limits=tuple(each for each in learned.limits if each.field == field.name))
                for field in told.fields
            ),
        )
    if drilled is None:
        return told
    words = misreadings_in_words(each.code for each in drilled.counts)
    is_of_this = drilled.fingerprint == fingerprint
    return replace(told, drill=drilled, drill_is_of_this=is_of_this, misreadings=words)


def _with_delivery(manual: FeedManual, newest: Run, found: ContractFile, place: Place) -> FeedManual:
    """With examples of the newest delivery, and with what its import put into quarantine."""
    secret = _secret(manual.contract.feed, found, place)
    groups: RejectGroups = {}
    for frame in place.store.rejects(newest.feed, newest.id):
        add_rejects(frame, groups)
    told = replace(manual, newest=newest, rejected=_of(None, groups, manual, secret))
    try:
        examples = _examples(newest, found, place)
    except (DeliveryRefused, StoreError) as fault:
        return replace(told, gap=fault.what)
    if examples is None:
        return replace(told, gap="the contract as it stands cannot read its columns")
    return replace(told, fields=tuple(_field(field, examples, groups, told, secret) for field in told.fields))


def _field(
    field: FieldManual, examples: DeliveredExamples, groups: RejectGroups, manual: FeedManual, secret: Secret
) -> FieldManual:
    shown = with_examples(field, examples.texts(field.name), manual.contract, secret)
    return replace(shown, rejected=_of(field.name, groups, manual, secret))


def _of(name: str | None, groups: RejectGroups, manual: FeedManual, secret: Secret) -> tuple[Rejected, ...]:
    own: list[RejectGroup] = [group for group in groups.values() if group.field == name]
    return rejected(own, manual.contract, secret)


def _examples(newest: Run, found: ContractFile, place: Place) -> DeliveredExamples | None:
    """Texts of the newest delivery. None: the contract wants other columns. Raises: DeliveryRefused; StoreError."""
    contract = found.contract
    assert newest.sha256 is not None  # noqa: S101 - an import has its file
    examples, name = DeliveredExamples(contract), newest.file_name or ""
    with place.archive.open(newest.sha256) as stored:
        reading = read(stored, contract.source, file_name=name)
        findings = audit_header(reading.header, reading.columns, contract, line_of=found.line, file_name=name)
        if verdict(findings) is Verdict.REFUSE:
            return None
        for chunk in reading.chunks():
            examples.take(chunk.rows, interpret(chunk.rows, contract).records)
    return examples


def _secret(feed: str, found: ContractFile, place: Place) -> Secret:
    """Known to whoever has the first delivery, who has its clients anyway; and the same from manual to manual."""
    first = place.imports(feed)[-1]
    word = hashlib.sha256(f"ringback manual {feed} {first.sha256}".encode()).digest()
    return Secret(word=word, encoding=found.contract.source.encoding)
