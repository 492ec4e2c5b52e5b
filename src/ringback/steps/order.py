"""Order of deliveries without a clock: by their content and by the date in their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from ringback.model.delivery import Delivery
from ringback.model.finding import Finding, Severity
from ringback.model.run import Run


def issued(file_name: str, pattern: str | None) -> str | None:
    """The sortable issue date of a file name; None where the pattern does not fit.

    Source of the letters: `datetime.strptime`. Compression endings are left out.
    """
    if pattern is None:
        return None
    for name in (file_name, file_name.rpartition(".")[0]):
        try:
            return datetime.strptime(name, pattern).isoformat(timespec="microseconds")  # noqa: DTZ007 - a name has no zone
        except ValueError:
            continue
    return None


def audit_order(
    delivery: Delivery, *, last: Run | None, published: Sequence[Run], live: Sequence[int], fingerprint: str
) -> Iterator[Finding]:
    """Judge a delivery's place among those published.

    last: the newest published import that was not undone; published: imports of the same content, newest first;
    live: ids of those among them that were not undone; fingerprint: of this reading. What was taken back may come again
    under another contract: that is how a misreading is mended.
    """
    undone = [run for run in published if run.id not in live and run.fingerprint == fingerprint]
    stale = [run for run in published if run.id in live]
    if stale:
        yield _hold("delivery.stale", f"this content was published as {stale[0].name}, and others came after it")
    elif undone:
        yield _hold("delivery.undone", f"this content was published as {undone[0].name} and taken back since")
    elif last is not None and last.issued and delivery.issued and delivery.issued < last.issued:
        yield _hold("delivery.older", f"issued {delivery.issued[:16]}; {last.name} was issued {last.issued[:16]}")


def _hold(code: str, why: str) -> Finding:
    return Finding(
        code=code,
        severity=Severity.HOLD,
        row_count=0,
        why=why,
        mend="drop the run, unless it is really meant to go back",
    )
