"""What `ci` found as a JUnit file, which pipelines show beside their tests.

A fault, a failing example, and deliveries that cannot be read are failures. What needs a person's approval is skipped
with its reason: nothing is broken, and it is not passed either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from ringback.model.ci import Answer, CiReport, FeedCi
from ringback.report.trial import field_line, headline

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    suite: str
    name: str
    failure: str = ""
    skipped: str = ""
    behind: str = ""


def junit_text(report: CiReport) -> str:
    """The file's text."""
    cases = [*_project(report), *(case for feed in report.feeds for case in _feed(feed))]
    root = Element("testsuites", {"name": "ringback", **_counts(cases)})
    for name in dict.fromkeys(case.suite for case in cases):
        own = [case for case in cases if case.suite == name]
        suite = SubElement(root, "testsuite", {"name": name, **_counts(own)})
        for case in own:
            _write(case, suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _counts(cases: list[_Case]) -> dict[str, str]:
    failures, skipped = (sum(bool(getattr(case, part)) for case in cases) for part in ("failure", "skipped"))
    return {"tests": str(len(cases)), "failures": str(failures), "errors": "0", "skipped": str(skipped)}


def _write(case: _Case, suite: Element) -> None:
    element = SubElement(suite, "testcase", classname=f"ringback.{case.suite}", name=_clean(case.name))
    for tag, message in (("failure", case.failure), ("skipped", case.skipped)):
        if message:
            SubElement(element, tag, message=_clean(message)).text = _clean(case.behind)


def _clean(text: str) -> str:
    return _NO_XML.sub("?", text)


def _project(report: CiReport) -> Iterator[_Case]:
    told = "\n".join(report.faults)
    yield _Case(suite="project", name="ringback.yaml", failure=report.faults[0] if report.faults else "", behind=told)
    for feed in report.gone:
        yield _Case(suite="project", name=feed, skipped=f"feeds/{feed}.yaml is gone: a person must approve that")


def _feed(told: FeedCi) -> Iterator[_Case]:
    failure = told.faults[0] if told.faults else ""
    yield _Case(suite=told.feed, name=told.contract_name, failure=failure, behind="\n".join(told.faults))
    yield from _examples(told)
    if told.faults:
        return
    unreadable = told.trial is not None and told.trial.trial.is_unreadable
    headlined = headline(told.trial) if told.trial is not None else f"{told.feed}: {told.standing}"
    yield _Case(
        suite=told.feed,
        name="what deliveries mean",
        failure=headlined if unreadable else "",
        skipped=f"{headlined}; {told.answer.told}" if told.answer is Answer.APPROVAL else "",
        behind="\n".join(_fields(told)),
    )


def _examples(told: FeedCi) -> Iterator[_Case]:
    if told.examples is None:
        return
    for name in told.examples.names:
        faults = [str(fault) for fault in told.examples.faults if fault.example == name]
        yield _Case(suite=told.feed, name=name, failure=faults[0] if faults else "", behind="\n".join(faults))


def _fields(told: FeedCi) -> Iterator[str]:
    yield from (f"{told.contract_name} {each.told}" for each in told.differences)
    if told.trial is not None:
        yield from (field_line(each) for each in told.trial.trial.fields if each.is_other)
