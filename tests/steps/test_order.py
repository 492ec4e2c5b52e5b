"""The order of deliveries comes from their names and contents, never from a clock."""

from __future__ import annotations

import pytest

from ringback.steps.order import issued


@pytest.mark.parametrize(
    ("name", "pattern", "told"),
    [
        ("clients_2024-08-09.csv", "clients_%Y-%m-%d.csv", "2024-08-09T00:00:00.000000"),
        ("clients_2024-08-09.csv.gz", "clients_%Y-%m-%d.csv", "2024-08-09T00:00:00.000000"),
        ("clients_0908241130.csv", "clients_%d%m%y%H%M.csv", "2024-08-09T11:30:00.000000"),
        ("clients_2024-13-09.csv", "clients_%Y-%m-%d.csv", None),
        ("branches_2024-08-09.csv", "clients_%Y-%m-%d.csv", None),
        ("clients_2024-08-09.csv", None, None),
    ],
)
def test_the_issue_is_read_from_the_name(name: str, pattern: str | None, told: str | None) -> None:
    assert issued(name, pattern) == told


def test_issues_are_ordered_as_their_dates_are() -> None:
    names = ["clients_31.12.2023.csv", "clients_01.02.2024.csv", "clients_30.01.2024.csv"]

    in_order = sorted(names, key=lambda name: issued(name, "clients_%d.%m.%Y.csv") or "")

    assert in_order == [names[0], names[2], names[1]]
