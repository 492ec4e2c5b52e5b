"""What `check` found, as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ringback.model.check import CheckReport
from ringback.model.event import ChainReport
from ringback.model.example import ExamplesReport
from ringback.report.words import count

_MANY = 20  # faults of the trail that are listed


def check_text(report: CheckReport) -> str:
    """Every fault, every feed without one, and the audit trail where it was asked for."""
    trail = () if report.chain is None else chain_lines(report.chain)
    return "\n".join([*report.faults, *(str(feed) for feed in report.feeds), *example_lines(report.examples), *trail])


def example_lines(reports: Iterable[ExamplesReport]) -> Iterator[str]:
    """How many examples each feed has, and where one is not as it should be."""
    for report in reports:
        yield str(report)
        yield from (f"  {fault}" for fault in report.faults)
        if report.accepted is not None:
            yield f"  written: {report.accepted}; look at the difference before you commit it"
        elif report.faults:
            yield f"  If the contract is right, accept this: ringback check --examples --accept {report.feed}"


def chain_lines(chain: ChainReport) -> Iterator[str]:
    """Whether the audit trail is whole, and the hash to keep."""
    if chain.began_at is None or chain.head is None:
        yield from (f"audit trail: {fault}" for fault in chain.faults)
        yield "audit trail: not begun; it begins with the next approval or import"
        return
    if chain.faults:
        yield f"audit trail: NOT WHOLE, {count(len(chain.faults), 'fault')}"
        yield from (f"  {fault}" for fault in chain.faults[:_MANY])
        if len(chain.faults) > _MANY:
            yield f"  and {len(chain.faults) - _MANY} more"
        yield "  Compare with a backup of the database; who could write to it since?"
    else:
        told = [count(chain.run_count, "run"), count(chain.release_count, "release")]
        told += [f"all that is written of incidents ({chain.entry_count:,})"] if chain.entry_count else []
        yield (
            f"audit trail: whole, {count(chain.event_count, 'event')} since {chain.began_at:%Y-%m-%d %H:%M} UTC; "
            f"it agrees with {', '.join(told[:-1])} and {told[-1]}"
        )
    if chain.known_head is not None:
        later = count(chain.event_count - chain.known_head, "event")
        yield f"  the hash that you kept is that of event {chain.known_head}; {later} came after it"
    if chain.faults:
        return
    yield f"  head {chain.head}"
    if chain.known_head is None:
        yield "  Keep it elsewhere: with --head HASH a later check proves that nothing up to it was changed since."
