"""A client's values and where each comes from, as text."""

from __future__ import annotations

from collections.abc import Iterator

from ringback.model.story import FieldStory, Step, Story
from ringback.report.receipt import what_text
from ringback.report.words import shown


def story_text(story: Story) -> str:
    """Every field with its value today and every step that led to it, the newest first."""
    state = "" if story.is_held else " (not held now)"
    lines = [f"{story.feed} {','.join(story.key)}{state}"]
    for field in story.fields:
        lines += ["", *_field(field)]
    return "\n".join(lines)


def _field(field: FieldStory) -> Iterator[str]:
    yield f"{field.field}: {shown(field.now)}"
    if field.outside:
        yield f"  edited outside ringback: the last run wrote {shown(field.steps[-1].after)}"
    for step in reversed(field.steps):
        yield from _step(step)


def _step(step: Step) -> Iterator[str]:
    change = shown(step.after) if step.kind == "added" else f"{shown(step.before)} -> {shown(step.after)}"
    if step.kind == "removed":
        change = f"{shown(step.before)}, removed"
    what = f", {what_text(step.run)}" if step.run.corrects_values else ""
    yield f"  since {step.run.started_at:%Y-%m-%d %H:%M} UTC, {step.run.name}{what}: {change}"
    if step.raw is not None:
        yield f'    {step.run.file_name}, {step.counted} {step.line}: "{shown(step.raw)}"'
        yield f"    read by {step.contract_name}, line {step.contract_line}"
