"""Names of columns that are not what they seem."""

from __future__ import annotations

import pytest

from ringback.model.finding import Finding, Verdict, verdict
from ringback.steps.audit_header import audit_header

from .records import contract


def found(*header: str) -> tuple[Finding, ...]:
    usual = ["branch", "client_no", "name", "born_on", "balance"]
    columns = [*usual, *header]
    return audit_header(columns, columns, contract(), line_of=lambda *_: None, file_name="clients.csv")


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("n\u0430me", 'looks like "name" and is another name: it has U+0430'),
        ("na\u200bme", 'looks like "name"'),
        ("name\u202e", 'looks like "name"'),
        ("name ", 'looks like "name"'),
        ("\uff4e\uff41\uff4d\uff45", 'looks like "name"'),
        ("\u202eemail", "nobody sees: U+202E"),
        ("\ufeffno", "nobody sees: U+FEFF"),
        ("a\x07b", "nobody sees: U+0007"),
    ],
)
def test_a_name_that_deceives_is_held_and_told_by_its_letters(column: str, word: str) -> None:
    findings = found(column)

    assert verdict(findings) is Verdict.HOLD
    assert [finding.code for finding in findings] == ["header.unmapped", "header.deceptive"]
    assert word in findings[1].why
    assert all(finding.why.isprintable() for finding in findings)


def test_a_name_in_another_alphabet_deceives_nobody() -> None:
    assert [finding.code for finding in found("Имя", "Όνομα", "名前")] == ["header.unmapped"]


def test_of_very_many_new_columns_only_some_are_told() -> None:
    (finding,) = found(*(f"c{number}" for number in range(10_000)))

    assert "and 9,980 more" in finding.why
    assert len(finding.why) < 500
