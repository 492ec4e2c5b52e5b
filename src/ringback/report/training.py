"""Trainings as text: what to do, what was noted, how well it went, and the record of all."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from ringback.model.drill import Kind
from ringback.model.training import HINTS, POSSIBLE, Begun, Hint, Left, Noted, Result, Training, Trainings, Words
from ringback.report.words import count, shown, table

_MANY = 3  # fields that a line names


def begun_text(begun: Begun) -> str:
    """What happened, where, and the commands; nothing that tells what the accident is."""
    training = begun.training
    feed = training.feed
    key = shlex.quote(",".join(begun.caller)) if begun.caller else "KEY"
    lines = [
        f"Training {training.id} of {feed} has begun, {training.begun_at:%H:%M} UTC: the clock runs. "
        f"On shift: {training.by}.",
        f"  A night has gone by in a copy of the feed, with a database and an archive of its own: {begun.folder} "
        f"({count(begun.clients, 'client')}, {count(len(training.deliveries), 'delivery')}).",
        "  Something was misread tonight, and nobody was asked: the run was published.",
    ]
    if begun.caller:
        lines.append(
            f"  09:00, the first call: client {shown(','.join(begun.caller))} says that what we have is wrong."
        )
    drill = f"ringback drill {feed} --train"
    return "\n".join(
        [
            *lines,
            "",
            "In that folder all commands are the usual ones, and nothing that you do reaches the feed itself:",
            f"  cd {shlex.quote(str(begun.folder))}",
            *_aligned(
                ("ringback runs", "what came in"),
                (f"ringback explain {feed} {key}", "what we have of the client who called, and since when"),
                ("ringback show RUN", "what a run changed; --field F --limit 20 for more of one field"),
                ("ringback undo RUN --plan", "what an undo would do; --field F for one field; then without --plan"),
            ),
            "",
            "Find the field and the misreading, say so, and take it back:",
            *_aligned(
                (f"{drill} --names", "the misreadings by name"),
                (f"{drill} --answer FIELD=MISREADING", "as soon as you know: the time to it counts"),
                (f"{drill} --done", "when it is taken back: this ends the training"),
                (f"{drill} --hint", f"costs {_costs()} points"),
            ),
        ]
    )


def names_text(told: Words) -> str:
    """One line a misreading."""
    rows = [(word.code, word.sentence, _some(word.fields)) for word in told.words]
    return "\n".join(table(("misreading", "what it does", "fields that it can happen to"), rows))


def _some(fields: tuple[str, ...]) -> str:
    if len(fields) > _MANY:
        return f"{', '.join(fields[:_MANY])} and {len(fields) - _MANY} more"
    return ", ".join(fields) or "(several at once)"


def hint_text(hint: Hint) -> str:
    """The hint, and its price."""
    more = f"; {count(hint.left, 'hint')} left" if hint.left else "; there are no more"
    return f"hint {hint.training.hints} (-{hint.cost} points{more}): {hint.text}"


def noted_text(noted: Noted) -> str:
    """That the answer was taken down; not whether it is right."""
    answer, feed = noted.training.answer, noted.training.feed
    assert answer is not None  # noqa: S101
    return (
        f"noted after {span(noted.seconds)}: {answer.field}={answer.code}; whether it is right is said at the end\n"
        f"Nothing is taken back yet: ringback undo R{noted.training.run}, with --field {answer.field} or without; "
        f"then: ringback drill {feed} --train --done"
    )


def ended_text(training: Training, *, is_kept: bool) -> str:
    """How well it was done, and what it was."""
    result = training.result
    assert result is not None  # noqa: S101
    got, answer = result.points, training.answer
    said = f"{answer.field}={answer.code}" if answer else ""
    is_said = answer is not None
    rows = [
        ("field", _right(is_right=result.is_field, is_said=is_said), _of(got.field, POSSIBLE.field), said),
        (
            "misreading",
            _right(is_right=result.is_misreading, is_said=is_said),
            _of(got.misreading, POSSIBLE.misreading),
            "",
        ),
        ("taken back", _exactly(result.left), _of(got.exact, POSSIBLE.exact), _left(result.left)),
        ("time", _times(result), _of(got.time, POSSIBLE.time), "all until 10 minutes, none after an hour"),
        ("hints", str(training.hints), f"{got.hints}", ""),
    ]
    lines = [
        f"Training {training.id} of {training.feed}: {training.by}, {got.total} of 100 points",
        *(f"  {line}" for line in table(("", "", "points", ""), rows, right=(2,))[1:]),
        *_what_it_was(training, result),
        *_lessons(result.left),
        f"Kept as training {training.id}: ringback drill {training.feed} --train --records",
    ]
    return "\n".join([*lines, *(() if is_kept else ("The copy and its client records were removed.",))])


def records_text(told: Trainings) -> str:
    """One line a training, newest first."""
    if not told.trainings:
        return f"no training of {told.feed} yet; the first: ringback drill {told.feed} --train"
    head = ("training", "who", "UTC", "points", "found", "taken back", "hints", "what it was")
    return "\n".join(table(head, [_record(each) for each in told.trainings], right=(3,)))


def span(seconds: float | None) -> str:
    """3 min 10 s."""
    if seconds is None:
        return "never"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _aligned(*pairs: tuple[str, str]) -> list[str]:
    """Commands, and what each is for."""
    width = max(len(command) for command, _ in pairs)
    return [f"  {command.ljust(width)}   {what}" for command, what in pairs]


def _costs() -> str:
    return f"{', '.join(str(cost) for cost in HINTS[:-1])} and {HINTS[-1]}"


def _right(*, is_right: bool, is_said: bool) -> str:
    return ("right" if is_right else "wrong") if is_said else "not said"


def _of(number: int, possible: int) -> str:
    return f"{number} of {possible}"


def _exactly(wrong: Left) -> str:
    return "exactly" if wrong.is_exact else "not all of it"


def _left(wrong: Left) -> str:
    parts = [
        (wrong.false - wrong.new, "false value left", "false values left"),
        (wrong.new, "false value left of a new client", "false values left of new clients"),
        (wrong.absent, "client not there", "clients not there"),
        (wrong.strangers, "client who does not exist", "clients who do not exist"),
        (wrong.stale, "good change of the night went with it", "good changes of the night went with it"),
    ]
    told = [f"{number:,} {one if number == 1 else several}" for number, one, several in parts if number]
    return ", ".join(told) or "0 values wrong"


def _times(result: Result) -> str:
    return f"found {span(result.found_seconds)}, taken back {span(result.taken_back_seconds)}"


def _what_it_was(training: Training, result: Result) -> Iterator[str]:
    accident = result.accident
    how = "by the contract" if accident.kind is Kind.CONTRACT else "by the sender"
    yield (
        f"It was {' and '.join(accident.fields)}={accident.code}: {accident.sentence}, {how} ({accident.told}), "
        f"in {count(accident.wrong, 'record')} of R{training.run}"
    )


def _lessons(wrong: Left) -> Iterator[str]:
    """What the next undo should mind."""
    if wrong.new:
        yield (
            "An undo of one field leaves clients who were new that night as they came; "
            "an undo of the whole run takes them out."
        )
    if wrong.stale and wrong.is_exact:
        yield "What was good in the night comes back with the next delivery."


def _record(training: Training) -> tuple[str, ...]:
    result = training.result
    return (
        str(training.id),
        training.by,
        f"{training.begun_at:%Y-%m-%d %H:%M}",
        str(result.points.total) if result else "-",
        span(result.found_seconds) if result else "",
        span(result.taken_back_seconds) if result else "not ended",
        str(training.hints),
        f"{' and '.join(result.accident.fields)}={result.accident.code}" if result else "",
    )
