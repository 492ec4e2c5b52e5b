"""Learned limits: ordinary nights pass, accidents do not, and what people accepted is learned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringback.contracts import parse
from ringback.model.baseline import Churn, FieldMeasures, Measures
from ringback.model.contract import Contract
from ringback.model.diagnosis import Diagnosis
from ringback.model.limits import Exceeded, Measure
from ringback.model.policy import Guard, Policy
from ringback.model.rows import LINE
from ringback.steps.churn import churn, kept_count, with_explained
from ringback.steps.invent import CONTRACT_YAML, invent, next_night
from ringback.steps.limits import exceeded, limits
from ringback.steps.measure import Counts, measure
from ringback.steps.plan import plan
from ringback.steps.profile import profile

CONTRACT = parse(CONTRACT_YAML, name="feeds/clients.yaml").contract
HELD = 20_000


def night(changed: dict[str, dict[str, int]] | None = None, *, kept: int = HELD, **told: Any) -> Measures:
    """A delivery like any other, in which some fields changed: {"born_on": {"replaced": 5}}."""
    fields = {
        name: FieldMeasures(type=spec.type, distinct_count=9_000, distinct_share=0.9)
        for name, spec in CONTRACT.fields.items()
    }
    for name, counts in (changed or {}).items():
        fields[name] = replace(fields[name], **counts)
    usual: dict[str, Any] = {"rows": kept, "records": kept, "held": kept, "kept": kept, "size_bytes": 90 * kept}
    return Measures(**{**usual, **told}, fields=fields)


def first() -> Measures:
    return replace(night(), held=0, kept=0, added=HELD)


def judged(tonight: Measures, *baseline: Measures) -> tuple[Exceeded, ...]:
    return exceeded(tonight, limits(baseline, CONTRACT))


def named(over: tuple[Exceeded, ...]) -> set[tuple[str | None, Measure]]:
    return {(each.field, each.measure) for each in over}


def test_a_first_delivery_into_an_empty_table_has_nothing_to_be_compared_with() -> None:
    assert judged(first()) == ()


def test_a_first_delivery_into_a_full_table_is_judged_by_what_such_fields_usually_do() -> None:
    assert judged(night({"born_on": {"replaced": 10}})) == ()
    assert named(judged(night({"born_on": {"replaced": 31_000}}))) == {("born_on", Measure.REPLACED)}


@pytest.mark.parametrize(
    ("field", "passes", "holds"),
    [
        ("born_on", 10, 60),  # stable: 0.1 % and a little luck
        ("phone", 600, 3_000),
        ("address", 1_000, 5_000),
        ("status", 600, 3_000),
    ],
)
def test_the_first_repeat_delivery_is_guarded_by_the_nature_of_each_field(field: str, passes: int, holds: int) -> None:
    assert judged(night({field: {"replaced": passes}}), first()) == ()
    assert named(judged(night({field: {"replaced": holds}}), first())) == {(field, Measure.REPLACED)}


def test_every_balance_may_change_on_the_first_repeat_delivery() -> None:
    assert judged(night({"balance": {"replaced": HELD}}), first()) == ()


def test_day_and_month_exchanged_are_held_with_all_that_a_finding_tells() -> None:
    usual = [first(), *(night({"born_on": {"replaced": 4}}) for _ in range(20))]

    (over,) = judged(night({"born_on": {"replaced": 6_240}}), *usual)

    assert (over.field, over.measure) == ("born_on", Measure.REPLACED)
    assert (over.part, over.whole) == (6_240, HELD)
    assert over.seen == pytest.approx(0.312)
    assert over.expected == pytest.approx(0.0002, rel=0.5)
    assert over.limit < 0.003


def test_a_quiet_field_is_judged_more_strictly_the_longer_it_is_quiet() -> None:
    def highest(nights: int) -> float:
        found = limits([first(), *(night() for _ in range(nights))], CONTRACT).of("phone", Measure.REPLACED)
        assert found is not None
        assert found.high is not None
        return found.high

    assert highest(1) > highest(5) > highest(20) > highest(50)
    assert highest(50) < 0.02


def test_a_field_that_changes_in_nine_of_ten_rows_is_not_held_once_that_is_known() -> None:
    lively = night({"address": {"replaced": 18_000}})

    assert named(judged(lively, first())) == {("address", Measure.REPLACED)}
    assert judged(lively, first(), lively, lively) == ()


def test_one_burst_that_was_released_does_not_make_the_guard_blind() -> None:
    quiet = [night({"address": {"replaced": 40}}) for _ in range(10)]
    burst = night({"address": {"replaced": 16_000}})

    over = judged(burst, first(), *quiet, burst, *quiet)

    assert named(over) == {("address", Measure.REPLACED)}


def test_what_was_released_twice_lately_may_come_again() -> None:
    quiet = [night() for _ in range(5)]
    burst = night({"phone": {"blanked": 1_600}})

    assert named(judged(burst, first(), *quiet)) == {("phone", Measure.BLANKED)}
    assert judged(burst, first(), *quiet, burst, *quiet, burst, *quiet) == ()


def test_a_delivery_that_stands_for_several_nights_may_change_as_much_as_they_would() -> None:
    usual = [first(), *(night({"balance": {"replaced": 2_000}}) for _ in range(30))]

    assert judged(night({"balance": {"replaced": 9_000}}), *usual) == ()


def test_a_lively_amount_is_guarded_by_how_far_it_goes() -> None:
    usual = [first(), *(night({"balance": {"replaced": 15_000, "far": 20}}) for _ in range(10))]

    shifted = night({"balance": {"replaced": 15_000, "far": 4_500}})

    assert named(judged(shifted, *usual)) == {("balance", Measure.FAR)}


def test_a_tenth_of_all_amounts_a_hundred_times_as_large_is_held_though_all_change_every_night() -> None:
    usual = [first(), *(night({"balance": {"replaced": 19_000, "far": 400, "wild": 3}}) for _ in range(10))]

    wrong = night({"balance": {"replaced": 19_000, "far": 1_900, "wild": 1_000}})

    assert (("balance", Measure.WILD)) in named(judged(wrong, *usual))
    assert judged(night({"balance": {"replaced": 19_500, "far": 420, "wild": 5}}), *usual) == ()


def test_an_amount_that_has_only_ever_grown_is_held_when_it_falls() -> None:
    grows = [first(), *(night({"balance": {"replaced": 12_000}}) for _ in range(15))]
    both_ways = [first(), *(night({"balance": {"replaced": 12_000, "lower": 6_000}}) for _ in range(15))]
    falls = night({"balance": {"replaced": 12_000, "lower": 3_000}})

    assert named(judged(falls, *grows)) == {("balance", Measure.LOWER)}
    assert judged(falls, *both_ways) == ()


def test_amounts_that_turn_out_to_hardly_change_are_guarded_after_a_few_nights() -> None:
    rewritten = night({"balance": {"replaced": 6_000}})

    assert judged(rewritten, first()) == ()
    assert named(judged(rewritten, first(), *(night() for _ in range(4)))) == {("balance", Measure.REPLACED)}


def test_pages_that_get_a_slash_pass_and_names_without_their_strokes_do_not() -> None:
    usual = [first(), *(night() for _ in range(10))]

    assert judged(night({"address": {"respelled": 4_000}}), *usual) == ()
    assert named(judged(night({"last_name": {"repunctuated": 700}}), *usual)) == {("last_name", Measure.REPUNCTUATED)}


def test_some_towns_in_capitals_pass_and_all_do_not() -> None:
    usual = [first(), *(night() for _ in range(30))]

    assert judged(night({"address": {"recased": 500}}), *usual) == ()
    assert named(judged(night({"address": {"recased": 5_000}}), *usual)) == {("address", Measure.RECASED)}


def test_phones_that_go_blank_are_held_and_phones_that_come_are_not() -> None:
    usual = [first(), *(night() for _ in range(3))]

    assert named(judged(night({"phone": {"blanked": 17_000}}), *usual)) == {("phone", Measure.BLANKED)}
    assert judged(night({"phone": {"changed": 9_000}}), *usual) == ()


def test_one_value_for_all_who_had_none_is_held() -> None:
    usual = [first(), night()]

    assert named(judged(night({"email": {"filled_alike": 800}}), *usual)) == {("email", Measure.FILLED_ALIKE)}


def test_changes_that_a_misreading_explains_have_a_limit_of_their_own() -> None:
    usual = [first(), night(), night()]

    assert judged(night({"address": {"replaced": 500, "explained": 20}}), *usual) == ()
    assert named(judged(night({"address": {"replaced": 500, "explained": 490}}), *usual)) == {
        ("address", Measure.EXPLAINED)
    }


def test_half_a_file_is_held_and_a_grown_one_is_not() -> None:
    usual = [first(), *(night() for _ in range(5))]

    half = night(rows=10_000, records=10_000, kept=10_000, held=HELD, gone=10_000, size_bytes=900_000)
    grown = night(rows=23_000, records=23_000, added=3_000, held=HELD, size_bytes=2_070_000)

    assert named(judged(half, *usual)) == {(None, Measure.ROWS), (None, Measure.GONE)}
    assert judged(grown, *usual) == ()


def test_a_delivery_of_other_clients_is_held() -> None:
    other = night(kept=HELD, added=HELD, gone=HELD)

    over = judged(replace(other, kept=0), first(), night(), night())

    assert {(None, Measure.ADDED), (None, Measure.GONE)} <= named(over)


def test_a_rising_share_without_a_value_is_held_and_a_falling_one_is_not() -> None:
    usual = [night({"email": {"missing_share": 0.2}}) for _ in range(7)]

    assert named(judged(night({"email": {"missing_share": 0.7}}), *usual)) == {("email", Measure.MISSING)}
    assert judged(night({"email": {"missing_share": 0.0}}), *usual) == ()


def test_dates_of_another_century_are_held() -> None:
    born = {"quantiles": (-9_000.0, -4_000.0, 0.0, 5_000.0, 9_000.0)}
    century = {"quantiles": tuple(day + 36_525 for day in born["quantiles"])}
    usual = [first(), *(night({"born_on": born}) for _ in range(6))]

    assert named(judged(night({"born_on": century}), *usual)) == {
        ("born_on", Measure.MIDDLE_DAY),
        ("born_on", Measure.TOP_DAY),
    }
    assert judged(night({"born_on": born}), *usual) == ()


def test_codes_of_another_meaning_and_text_of_another_shape_are_held() -> None:
    told = {"status": {"codes": {"active": 0.9, "closed": 0.1}}, "postcode": {"shapes": {"A9 9A": 1.0}}}
    usual = [first(), *(night(told) for _ in range(3))]
    permuted = {"status": {"codes": {"active": 0.1, "closed": 0.9}}, "postcode": {"shapes": {"Aa": 1.0}}}

    over = judged(night(permuted), *usual)

    assert named(over) == {("status", Measure.CODES), ("postcode", Measure.SHAPES)}
    assert judged(night(told), *usual) == ()


def test_a_sender_who_goes_to_and_fro_between_two_forms_is_not_held_each_time() -> None:
    forms = [{"postcode": {"shapes": {"A9 9A": 1.0}}}, {"postcode": {"shapes": {"A99A": 1.0}}}]
    usual = [first(), *(night(forms[place % 2]) for place in range(6))]

    assert judged(night(forms[0]), *usual) == ()
    assert judged(night(forms[1]), *usual) == ()


def test_a_handful_of_changed_clients_is_never_held() -> None:
    few = night({"born_on": {"replaced": 8}, "phone": {"blanked": 8}}, kept=40)

    assert judged(few, replace(first(), records=40, rows=40), *(night(kept=40) for _ in range(10))) == ()


def test_a_greater_budget_of_false_alarms_makes_narrower_limits() -> None:
    def highest(budget: str) -> float:
        contract = CONTRACT.model_copy(update={"policy": Policy(guard=Guard(false_alarms=budget))})
        found = limits([first(), night()], contract).of("phone", Measure.REPLACED)
        assert found is not None
        assert found.high is not None
        return found.high

    assert highest("1 in 20") < highest("1 in 200") < highest("1 in 2000")


def test_measures_of_another_version_teach_nothing() -> None:
    assert limits([replace(first(), version=99)], CONTRACT) == limits((), CONTRACT)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, HELD), max_size=12),
    st.integers(0, HELD),
    st.sampled_from(["born_on", "phone", "balance", "status"]),
)
def test_more_changes_are_never_judged_more_mildly(history: list[int], seen: int, field: str) -> None:
    baseline = [first(), *(night({field: {"replaced": part}}) for part in history)]

    fewer = judged(night({field: {"replaced": seen // 2}}), *baseline)
    more = judged(night({field: {"replaced": seen}}), *baseline)

    assert named(fewer) <= named(more)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, HELD), min_size=1, max_size=20))
def test_limits_are_shares_whatever_came_before(history: list[int]) -> None:
    baseline = [first(), *(night({"address": {"replaced": part}}) for part in history)]

    for limit in limits(baseline, CONTRACT).limits:
        if limit.measure in (Measure.REPLACED, Measure.BLANKED, Measure.ADDED):
            assert limit.high is not None
            assert 0 < limit.high <= 1
            assert limit.expected <= limit.high


# -- days


def nightly(count: int, changed: Callable[[date], dict[str, dict[str, int]]], *, until: date) -> list[Measures]:
    """The first delivery and one a night since, the last on the day before `until`."""
    days = [until - timedelta(days=back) for back in range(count, 0, -1)]
    return [replace(first(), issued=days[0]), *(replace(night(changed(day)), issued=day) for day in days[1:])]


def test_a_field_that_is_rewritten_on_sundays_may_be_so_on_a_sunday_and_on_no_other_day() -> None:
    sunday = date(2024, 8, 11)
    usual = nightly(50, lambda day: {"address": {"replaced": 5_000 if day.weekday() == 6 else 10}}, until=sunday)
    rewritten = night({"address": {"replaced": 5_200}})

    assert judged(replace(rewritten, issued=sunday), *usual) == ()
    assert named(judged(replace(rewritten, issued=sunday + timedelta(days=1)), *usual)) == {
        ("address", Measure.REPLACED)
    }
    assert named(judged(rewritten, *usual)) == {("address", Measure.REPLACED)}  # a delivery of no known day


def test_amounts_that_change_at_the_end_of_a_month_may_do_so_then() -> None:
    ends = [date(2024, 3, 31), date(2024, 4, 30), date(2024, 5, 31), date(2024, 6, 30), date(2024, 7, 31)]
    days = [*ends, *(end - timedelta(days=back) for end in ends for back in (3, 10, 17))]
    usual = [replace(night({"phone": {"replaced": 2_000 if day in ends else 4}}), issued=day) for day in sorted(days)]

    changed = night({"phone": {"replaced": 2_400}})

    assert judged(replace(changed, issued=date(2024, 8, 31)), *usual) == ()
    assert named(judged(replace(changed, issued=date(2024, 8, 29)), *usual)) == {("phone", Measure.REPLACED)}


def test_three_busy_sundays_are_no_habit_yet() -> None:
    usual = nightly(
        21, lambda day: {"phone": {"replaced": 1_500 if day.weekday() == 6 else 5}}, until=date(2024, 8, 11)
    )

    found = limits(usual, CONTRACT).of("phone", Measure.REPLACED)

    assert found is not None
    assert found.busy_day is None


def test_after_a_long_pause_a_delivery_may_differ_as_much_as_those_that_did_not_come() -> None:
    today = date(2024, 8, 11)
    usual = nightly(30, lambda _: {"status": {"replaced": 40}}, until=today)
    changed = night({"status": {"replaced": 900}})

    assert named(judged(replace(changed, issued=today), *usual)) == {("status", Measure.REPLACED)}
    assert judged(replace(changed, issued=today + timedelta(days=30)), *usual) == ()
    assert named(
        judged(replace(night({"status": {"replaced": 12_000}}), issued=today + timedelta(days=30)), *usual)
    ) == {("status", Measure.REPLACED)}


def test_a_pause_as_long_as_others_makes_no_difference() -> None:
    weekly = [
        replace(night({"status": {"replaced": 40}}), issued=date(2024, 1, 1) + timedelta(weeks=week))
        for week in range(20)
    ]
    changed = night({"status": {"replaced": 1_500}})
    newest = weekly[-1].issued
    assert newest is not None

    soon, later = (judged(replace(changed, issued=newest + timedelta(days=days)), *weekly) for days in (1, 7))

    assert named(soon) == named(later) == {("status", Measure.REPLACED)}
    assert soon[0].limit == later[0].limit


# -- with real change sets


def planned(before: pl.DataFrame, after: pl.DataFrame) -> dict[str, Churn]:
    delivered = after.with_row_index(LINE, offset=2).cast({LINE: pl.Int64})
    return churn(plan(delivered, before, CONTRACT), CONTRACT)


def test_churn_tells_how_values_change() -> None:
    before = invent(6, seed=3).with_columns(pl.Series("email", [None, None, None, "a@x.org", "b@x.org", "c@x.org"]))
    after = before.with_columns(
        pl.Series("email", ["n@x.org", "n@x.org", None, None, "z@x.org", "c@x.org"]),
        pl.Series("address", [f"{text}," for text in before["address"][:2]] + before["address"][2:].to_list()),
        pl.when(pl.int_range(6) == 0).then(pl.lit(date(1901, 1, 1))).otherwise("born_on").alias("born_on"),
        pl.when(pl.int_range(6) == 1).then(-pl.col("balance") - 50).otherwise("balance").alias("balance"),
    )

    found = planned(before, after)

    email = found["email"]
    assert (email.filled, email.filled_alike, email.blanked, email.replaced) == (2, 2, 1, 1)
    assert (found["address"].repunctuated, found["address"].replaced) == (2, 0)
    assert (found["born_on"].replaced, found["born_on"].far, found["born_on"].lower) == (1, 1, 1)
    assert (found["balance"].replaced, found["balance"].wild) == (1, 1)
    assert "client_no" not in found


def test_churn_tells_other_text_from_text_that_is_written_otherwise() -> None:
    before = invent(6, seed=3).with_columns(
        pl.Series("address", ["http://a.org", "https://b.org/x", "O'Hara", "New York", "Bonn", "12 Low Rd"])
    )
    after = before.with_columns(
        pl.Series("address", ["https://a.org/", "https://b.org/y", "OHara", "NEW YORK", "Köln", "12 Low Rd."])
    )

    found = planned(before, after)["address"]

    assert (found.respelled, found.repunctuated, found.recased, found.replaced) == (1, 2, 1, 2)
    assert found.changed == 6


def test_churn_of_partitions_adds_up() -> None:
    before, after = invent(400, seed=1), next_night(invent(400, seed=1), seed=2, changed_share=0.3)
    halves = [
        planned(before.filter(mine), after.filter(theirs))
        for mine, theirs in (
            (before["client_no"] <= "00010500", after["client_no"] <= "00010500"),
            (before["client_no"] > "00010500", after["client_no"] > "00010500"),
        )
    ]

    whole = planned(before, after)

    for name, counted in whole.items():
        added = halves[0][name] + halves[1][name]
        assert (added.replaced, added.far, added.blanked, added.filled) == (
            counted.replaced,
            counted.far,
            counted.blanked,
            counted.filled,
        )


def test_a_leading_zero_that_is_lost_is_no_other_spelling() -> None:
    before = invent(3, seed=3).with_columns(pl.Series("postcode", ["01067", "01.50", "-122.82906559999999"]))
    after = before.with_columns(pl.Series("postcode", ["1067", "1.5", "-122.8290656"]))

    found = planned(before, after)["postcode"]

    assert (found.replaced, found.respelled) == (1, 2)


def diagnosis(code: str, fields: tuple[str, ...], explained: int, changed: int) -> Diagnosis:
    return Diagnosis(
        code=code, sentence="", fields=fields, changed_count=changed, explained_count=explained, record_count=explained
    )


def test_each_field_is_told_what_a_misreading_of_its_meaning_explains_of_it() -> None:
    churns = {"a": Churn(replaced=100), "b": Churn(replaced=50), "c": Churn(blanked=9), "d": Churn(recased=50)}

    found = with_explained(
        churns,
        [
            diagnosis("columns.exchanged", ("a", "b"), 60, 150),
            diagnosis("missing.left_out", ("c",), 9, 9),
            diagnosis("text.case", ("d",), 20, 50),
        ],
    )

    assert {name: each.explained for name, each in found.items()} == {"a": 40, "b": 20, "c": 0, "d": 0}


def test_flags_that_are_taken_down_are_no_other_code_table() -> None:
    told = [diagnosis("code.table", ("status",), 90, 100)]

    assert with_explained({"status": Churn(replaced=100)}, told)["status"].explained == 0


def test_stamps_a_day_later_are_a_new_day_and_stamps_some_hours_earlier_are_not() -> None:
    told = [diagnosis("datetime.zone", ("written_at",), 90, 100)]

    later = with_explained({"written_at": Churn(replaced=100)}, told)
    earlier = with_explained({"written_at": Churn(replaced=100, lower=90)}, told)

    assert (later["written_at"].explained, earlier["written_at"].explained) == (0, 90)


def test_invented_nights_pass_and_a_wrong_one_does_not() -> None:
    contract: Contract = CONTRACT
    clients, held, baseline = invent(3_000, seed=5), None, []
    for number in range(6):
        baseline.append(_taken(clients, held, baseline, contract))
        held, clients = clients, next_night(clients, seed=number)
    tonight = _taken(clients, held, baseline, contract)
    swapped = clients.with_columns(
        pl.when(pl.col("born_on").dt.day() <= 12)
        .then(pl.date(pl.col("born_on").dt.year(), pl.col("born_on").dt.day(), pl.col("born_on").dt.month()))
        .otherwise("born_on")
        .alias("born_on")
    )

    wrong = exceeded(_taken(swapped, held, baseline, contract), limits(baseline, contract))

    for place in range(1, len(baseline)):
        assert exceeded(baseline[place], limits(baseline[:place], contract)) == ()
    assert exceeded(tonight, limits(baseline, contract)) == ()
    assert ("born_on", Measure.REPLACED) in named(wrong)
    assert {over.field for over in wrong} == {"born_on"}


def _taken(clients: pl.DataFrame, held: pl.DataFrame | None, baseline: list[Measures], contract: Contract) -> Measures:
    delivered = clients.with_row_index(LINE, offset=2).cast({LINE: pl.Int64})
    changes = plan(delivered, clients.clear() if held is None else held, contract)
    counts = Counts(
        rows=clients.height,
        held=0 if held is None else held.height,
        kept=kept_count(changes),
        added=changes.added.height,
        missing=changes.missing_count,
        size_bytes=90 * clients.height,
    )
    last = baseline[-1] if baseline else None
    return measure(profile(delivered, contract), churn(changes, contract), counts, contract, last=last)
