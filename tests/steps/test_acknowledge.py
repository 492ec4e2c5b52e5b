"""Who has to acknowledge which release."""

from __future__ import annotations

from datetime import UTC, datetime

from ringback.model.acknowledgement import Acknowledgement
from ringback.model.release import MACHINE, Release
from ringback.steps.acknowledge import unacknowledged

DAY = datetime(2024, 8, 10, tzinfo=UTC)


def test_an_operator_who_never_acknowledged_is_asked_for_the_newest_only() -> None:
    assert _due([3, 2, 1]) == [3]


def test_an_operator_is_asked_for_all_that_came_since_his_last() -> None:
    assert _due([4, 3, 2, 1], known=[2]) == [4, 3]
    assert _due([4, 3, 2, 1], known=[4]) == []


def test_what_ringback_approved_by_itself_asks_nobody_and_hides_nothing() -> None:
    assert _due([4, 3], known=[3], machines=[4]) == []
    assert _due([4, 3, 2], known=[2], machines=[4]) == [3]
    assert _due([4, 3], machines=[4]) == [3]


def test_what_another_acknowledged_is_not_mine() -> None:
    assert _due([1], known=[1], by="cora") == [1]


def test_a_feed_without_a_release_asks_nobody() -> None:
    assert _due([]) == []


def _due(releases: list[int], *, known: list[int] = [], machines: list[int] = [], by: str = "ben") -> list[int]:  # noqa: B006
    told = [
        Release(
            id=number,
            feed="clients",
            fingerprint=f"f{number}",
            contract_text="",
            software={},
            approved_by=MACHINE if number in machines else "ana",
            approved_at=DAY,
            reason="",
        )
        for number in releases
    ]
    kept = [Acknowledgement(id=number, feed="clients", release=number, at=DAY, by=by) for number in known]
    return [release.id for release in unacknowledged(told, kept, "ben")]
