"""Which releases an operator still has to acknowledge. The rule:

All that people approved since the newest one that he acknowledged; of a feed of which he acknowledged none, the newest.
Releases that ringback approved by itself change nothing, and ask nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ringback.model.acknowledgement import Acknowledgement
from ringback.model.release import Release


def unacknowledged(
    releases: Sequence[Release], acknowledgements: Sequence[Acknowledgement], operator: str
) -> tuple[Release, ...]:
    """Newest first, as `releases` are."""
    known = {each.release for each in acknowledgements if each.by == operator}
    return tuple(_since(releases, known))


def _since(releases: Sequence[Release], known: set[int]) -> Iterator[Release]:
    for release in releases:
        if release.is_machines:
            continue
        if release.id in known:
            return
        yield release
        if not known:
            return
