"""Findings as text: what is wrong, what explains it, where, examples, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ringback.model.finding import Example, Finding, Severity
from ringback.report.words import count, shown

NOTES_SHOWN = 8
EXAMPLES_SHOWN = 3
_WIDE = 120  # characters that examples may share
_LABELS = {Severity.HOLD: "held", Severity.REFUSE: "refused", Severity.NOTE: "note"}


def grave_lines(findings: Iterable[Finding], contract_name: str, *, in_full: bool = False) -> Iterator[str]:
    """What holds or refuses a run, in the order in which a person should look at it."""
    for finding in findings:
        if finding.severity is not Severity.NOTE:
            yield from finding_lines(finding, contract_name, in_full=in_full)


def past_lines(findings: Iterable[Finding], contract_name: str, *, in_full: bool = False) -> Iterator[str]:
    """The same of a run that was released, dropped or failed since."""
    for line in grave_lines(findings, contract_name, in_full=in_full):
        yield line if line.startswith(" ") else f"was {line}"


def note_lines(findings: Iterable[Finding], contract_name: str, run_name: str) -> Iterator[str]:
    """What is only kept with the run."""
    notes = [finding for finding in findings if finding.severity is Severity.NOTE]
    for finding in notes[:NOTES_SHOWN]:
        yield from finding_lines(finding, contract_name)
    if len(notes) > NOTES_SHOWN:
        yield f"note: and {len(notes) - NOTES_SHOWN} more kinds: ringback show {run_name}"


def finding_lines(finding: Finding, contract_name: str, *, in_full: bool = False) -> Iterator[str]:
    """One finding. In full, changed values stand with their lines and delivered texts, one below the other."""
    first = f"line {finding.where.line}, " if finding.where and finding.where.line else ""
    rows = f" ({count(finding.row_count, 'row')})" if first else ""
    yield f"{_LABELS[finding.severity]}: {first}{finding.why}{rows}"
    yield from (f"  {reason}" for reason in finding.because)
    yield from _contract_lines(finding, contract_name)
    if finding.measure is not None and not in_full:
        yield from _side_by_side(finding.examples)
    else:
        yield from (f"  {example_text(example)}" for example in finding.examples)
    if finding.mend and finding.severity is not Severity.NOTE and not is_mended_in_contract(finding):
        yield f"  {finding.mend}"


def is_mended_in_contract(finding: Finding) -> bool:
    """Whether a change of the contract is the cause: the last line of a receipt then says what to do."""
    return bool(finding.since) and finding.mend.startswith("mend line")


def example_text(example: Example) -> str:
    """One record concerned."""
    parts = [",".join(example.key)] if example.key else []
    if example.line is not None:
        parts.append(f"line {example.line}")
    if example.before is not None or example.after is not None:
        parts.append(f"{shown(example.before)} -> {shown(example.after)}")
    if example.raw is not None:
        parts.append(f'"{shown(example.raw)}"')
    return "  ".join(parts)


def _contract_lines(finding: Finding, contract_name: str) -> Iterator[str]:
    """What changed; or where the contract speaks of it."""
    yield from (f"  {contract_name} {each}" if each.startswith("line ") else f"  {each}" for each in finding.since)
    if not finding.since and finding.line is not None:
        yield f"  {contract_name}, line {finding.line}"


def _side_by_side(examples: tuple[Example, ...]) -> Iterator[str]:
    """Changed values, in one line."""
    texts = [example_text(replace(example, line=None, raw=None)) for example in examples]
    fitting = next((n for n in range(EXAMPLES_SHOWN, 1, -1) if sum(map(len, texts[:n])) <= _WIDE), 1)
    if texts:
        yield "  " + "    ".join([*texts[:fitting], *(["..."] if len(texts) > fitting else [])])
