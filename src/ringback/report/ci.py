"""What `ci` found: one table that is read in ten seconds, then what stands behind each line of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ringback.model.ci import Answer, CiReport, FeedCi, Standing
from ringback.model.trial import Found, Moving, TrialReport
from ringback.report.drill import share_text
from ringback.report.page import Grid, Heading, Paragraph, Part, Points
from ringback.report.trial import field_line, headline
from ringback.report.trial_page import difference_parts
from ringback.report.words import count, table

_HEAD = ("feed", "contract", "examples", "what would change", "drill", "")
_MANY = 20  # differences of a contract that are listed


def ci_text(report: CiReport) -> str:
    """The summary and what stands behind it, for the log of a pipeline."""
    lines = [ci_title(report), "", *table(_HEAD, [_row(each) for each in report.feeds])]
    lines += [*_project_lines(report)]
    for each in report.feeds:
        told = [*_behind(each)]
        lines += ["", f"{each.feed}:", *(f"  {line}" for line in told)] if told else []
    return "\n".join(lines)


def ci_title(report: CiReport) -> str:
    """One line: what becomes of the change."""
    feeds = [each for each in report.feeds if each.answer is report.answer]
    many = f"{len(feeds)} of {count(len(report.feeds), 'feed')}"
    match report.answer:
        case Answer.WELL:
            return "ringback: nothing changes its meaning, nobody needs to approve anything"
        case Answer.FAULTY:
            return f"ringback: faults in {many if feeds else 'the project'}; mend them first"
        case Answer.REFUSED:
            return f"ringback: deliveries of {many} cannot be read any more"
        case Answer.APPROVAL:
            return f"ringback: {many if feeds else 'a feed'} would change; a person must look and approve"


def ci_parts(report: CiReport) -> tuple[Part, ...]:
    """The same for a pull request, with the difference in what deliveries mean; `ci_title` is its title."""
    return tuple(_parts(report))


def _parts(report: CiReport) -> Iterator[Part]:
    yield Grid(head=_HEAD, rows=tuple(_row(each) for each in report.feeds))
    lines = [*_project_lines(report)]
    if lines:
        yield Points(texts=tuple(lines))
    yield Paragraph(text=f"Tried on {report.ground}.")
    for each in report.feeds:
        yield from _feed_parts(each, report)
    if report.feeds and not report.shows_values and any(each.trial for each in report.feeds):
        yield Paragraph(
            text="Values of clients are left out: this page is read by more people than the deliveries are."
        )


def _feed_parts(told: FeedCi, report: CiReport) -> Iterator[Part]:
    behind = [*_behind(told, is_page=True)]
    if not behind and told.trial is None:
        return
    yield Heading(text=f"{told.feed}: {_answer(told)}")
    if behind:
        yield Points(texts=tuple(behind))
    if told.trial is not None:
        trial = told.trial if report.shows_values else without_values(told.trial)
        for part in difference_parts(trial):
            if isinstance(part, Heading):
                yield Heading(text=f"{told.feed}: {part.text}")
            else:
                yield part
    if told.answer is Answer.APPROVAL:
        yield Paragraph(text=_next(told))


def _row(told: FeedCi) -> tuple[str, ...]:
    return told.feed, _contract(told), _examples(told), _change(told), _drill(told), _answer(told)


def _answer(told: FeedCi) -> str:
    is_open = told.standing is Standing.UNKNOWN and told.answer is Answer.APPROVAL
    return "not tried" if is_open else told.answer.told


def _contract(told: FeedCi) -> str:
    if told.faults:
        return count(len(told.faults), "fault")
    if told.standing is Standing.CHANGED:
        return f"changed in {count(len(told.differences), 'place')}" if told.differences else "other software"
    return told.standing.value


def _examples(told: FeedCi) -> str:
    if told.examples is None:
        return "none"
    failed = told.examples.failed
    return f"{failed} of {len(told.examples.names)} fail" if failed else f"{len(told.examples.names)} pass"


def _change(told: FeedCi) -> str:
    if told.trial is not None:
        return headline(told.trial).removeprefix(f"{told.feed}: ")
    return {Standing.SAME: "nothing", Standing.NEW: "a new feed"}.get(told.standing, "not tried")


def _drill(told: FeedCi) -> str:
    if told.drill is None:
        return ""
    now, before = told.drill.drilled, told.drill_before
    was = "" if before is None or share_text(before) == share_text(now) else f", before {share_text(before)}"
    return f"{share_text(now)} caught{was}"


def _project_lines(report: CiReport) -> Iterator[str]:
    yield from report.faults
    for feed in report.gone:
        yield f"feeds/{feed}.yaml is gone: deliveries of {feed} can no longer be imported"


def _behind(told: FeedCi, *, is_page: bool = False) -> Iterator[str]:
    """What stands behind a feed's line of the table; a page has the trial in tables of its own."""
    yield from told.faults
    if told.examples is not None:
        yield from (str(fault) for fault in told.examples.faults)
        if told.examples.faults:
            yield f"If the contract is right, accept this: ringback check --examples --accept {told.feed}"
    if is_page and told.trial is not None:
        yield from told.remarks
        return
    many = len(told.differences)
    if many:
        yield f"compared with {told.compared_with}:"
    yield from (f"  {told.contract_name} {each.told}" for each in told.differences[:_MANY])
    if many > _MANY:
        yield f"  and {many - _MANY} more places"
    yield from _changed_fields(told.trial)
    yield from told.remarks
    if told.answer is Answer.APPROVAL and not is_page:
        yield _next(told)


def _changed_fields(report: TrialReport | None) -> Iterator[str]:
    for each in report.trial.fields if report is not None else ():
        if each.is_other:
            yield field_line(each) + (f": {each.sentence}" if each.sentence else "")


def _next(told: FeedCi) -> str:
    if told.standing is Standing.UNKNOWN:
        return f"Where the database is: ringback ci, or ringback trial {told.feed}"
    if told.standing is Standing.NEW:
        return f"A new feed. Where the database is: ringback approve {told.feed}"
    return (
        f"If all of this is meant, once it is merged, where the database is: ringback trial {told.feed}, "
        f"then ringback approve {told.feed}"
    )


def without_values(report: TrialReport) -> TrialReport:
    """A trial without a value of any client: counts, codes and names only."""
    found = report.found
    bare = Found(
        deliveries=found.deliveries,
        fields=found.fields,
        live=found.live,
        columns=found.columns,
        entering=tuple(map(_bare, found.entering)),
        leaving=tuple(map(_bare, found.leaving)),
        remarks=found.remarks,
    )
    return replace(report, found=bare)


def _bare(moving: Moving) -> Moving:
    return replace(moving, group=replace(moving.group, raws=()))
