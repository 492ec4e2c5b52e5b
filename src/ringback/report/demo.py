"""The demo as text: a story for somebody with two minutes."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from ringback.model.demo import Act, Damage, Night, PlainLoad
from ringback.report.words import count, table


def opening_text(clients: int, folder: str) -> str:
    """What will be seen."""
    return (
        f"The night of 10 August, on {clients:,} invented clients, in {folder}/\n"
        "Everything below is done while you watch, and every figure is measured. Receipts are shortened."
    )


def act_text(act: Act, *, exit_code: int | None = None) -> str:
    """The command, what it printed, and what that means."""
    ended = f"   (exit code {exit_code})" if exit_code else ""
    lines = [f"\n{act.opens}"] if act.opens else []
    lines.append(act.command if act.command.startswith("(") else f"$ {act.command}{ended}")
    lines += [f"  {line}" for line in act.printed.splitlines() if line]
    lines += [f"=> {line}" for line in act.meaning.splitlines()]
    return "\n".join(lines)


def closing_text(night: Night, *, program: str) -> str:
    """What to try next on the demo's project: commands that a shell takes as they stand."""
    project, run = f"--project {shlex.quote(night.folder)}", night.runs.let_through
    program = shlex.quote(program)
    head = "The night ends with 0 wrong values." if night.ends_well else "WRONG VALUES ARE LEFT: please report this."
    return "\n".join(
        [
            f"\n{head} The project is yours to look at:",
            f"  {program} runs {project}",
            f"  {program} show {night.runs.lie} --field born_on {project}",
            f"  {program} show --baseline clients {project}",
            f"  {program} explain clients {night.wrong_client} {project}",
            f"  {program} quarantine clients --run {run} --limit 3 {project}",
            f"  {program} undo {night.runs.mended} --plan {project}",
            f"  {program} postmortem {night.runs.incident} {project}",
        ]
    )


def damage_text(damage: Damage) -> str:
    """One line: how far a table is from the truth."""
    compared = f"{damage.of:,} clients x {len(damage.by_field)} fields"
    if damage.is_none:
        return f"Compared with the truth, value by value: 0 wrong in {compared}."
    away = f", {count(damage.absent, 'client')} not there" if damage.absent else ""
    more = f", {count(damage.strangers, 'client')} too many" if damage.strangers else ""
    head = f"Compared with the truth: {damage.values:,} wrong in {compared} ({damage.clients:,} clients){away}{more}:"
    return f"{head}\n{', '.join(_kinds(damage))}"


def _kinds(damage: Damage) -> Iterator[str]:
    """False values field by field, the others in one number each."""
    for name, wrong in damage.by_field.items():
        if wrong.false:
            yield f"{name} {wrong.false:,} false"
    stale = sum(wrong.stale for wrong in damage.by_field.values())
    empty = sum(wrong.empty for wrong in damage.by_field.values())
    yield from (f"{number:,} {kind}" for number, kind in ((stale, "out of date"), (empty, "empty")) if number)


def plain_load_text(loaded: PlainLoad) -> str:
    """What a plain loader says, and what it has put in, field by field."""
    fields = [
        (name, f"{wrong.false:,}", f"{wrong.empty:,}", f"{loaded.damage.of - wrong.values:,}")
        for name, wrong in loaded.damage.by_field.items()
    ]
    lines = table(("field", "false", "left empty", "right"), fields, right=(1, 2, 3))
    return "\n".join([f"{loaded.rows:,} rows loaded, 0 errors", *lines])


def plain_load_meaning(loaded: PlainLoad) -> str:
    """What that means for clients; and a stricter loader."""
    damage, kept = loaded.damage, loaded.rows - loaded.dropped
    every = "all" if loaded.kept_wrong == kept else f"{loaded.kept_wrong:,}"
    return (
        f"{damage.clients:,} of {damage.of:,} clients have a wrong value, {damage.values:,} values in all; "
        "nobody is told.\n"
        f"A stricter loader drops the {loaded.dropped:,} rows that it cannot read; of the {kept:,} that it keeps, "
        f"{every} have a wrong value."
    )
