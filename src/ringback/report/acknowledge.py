"""Acknowledgements as text, and the notes that an operator sees until he acknowledges them."""

from __future__ import annotations

from collections.abc import Sequence

from ringback.model.acknowledgement import Acknowledged
from ringback.model.release import Release
from ringback.report.notes import notes_lines


def acknowledged_text(told: Acknowledged) -> str:
    """What he knows now, and who does not yet."""
    if told.releases:
        lines = [line for release in reversed(told.releases) for line in notes_lines(release)]
        names = " and ".join(str(release.id) for release in reversed(told.releases))
        lines.append(f"{told.feed}: acknowledged by {told.by}: release {names}")
    else:
        before = told.before
        when = f" (release {before.release}, on {before.at:%Y-%m-%d %H:%M} UTC)" if before else ""
        lines = [f"{told.feed}: {told.by} has acknowledged all there is already{when}; nothing was written"]
    if told.others:
        lines.append(f"still to acknowledge: {', '.join(told.others)}")
    return "\n".join(lines)


def unread_text(releases: Sequence[Release], by: str) -> str:
    """What an operator's import prints first."""
    feed = releases[0].feed
    lines = [line for release in reversed(releases) for line in notes_lines(release)]
    lines[0] = f"NEW TO {by}: {lines[0]}"
    return "\n".join([*lines, f"If this is clear: ringback acknowledge {feed} --by {by}", ""])
