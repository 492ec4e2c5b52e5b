"""A column's meaning is drafted only as far as its own values decide it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest

from ringback.contracts.draft.columns import column_texts
from ringback.contracts.draft.evidence import UNDECIDED, FieldDraft
from ringback.contracts.draft.readings import Decided, draft_field
from ringback.errors import UsageError


def drafted(
    texts: list[str], name: str = "thing", *, reading: str = "", keys: Mapping[str, str] | None = None
) -> FieldDraft:
    column = column_texts(pl.Series(texts, dtype=pl.String), "Thing")
    return draft_field(column, name, Decided(reading=reading, keys=keys or {}))


def settings(field: FieldDraft) -> dict[str, object]:
    return {setting.key: setting.value for setting in field.reading.settings}


def test_day_and_month_that_no_value_tells_apart_stay_undecided_with_both_readings() -> None:
    field = drafted(["03/04/1980", "05/06/1981"], "born_on")

    assert (field.reading.type, settings(field)) == ("date", {"format": UNDECIDED})
    (doubt,) = field.doubts
    assert doubt.where == "fields.born_on.format"
    assert doubt.why == "2 values, 0 decide between day/month/year and month/day/year"
    assert doubt.choices[0] == 'format: "%d/%m/%Y"   "03/04/1980" is 1980-04-03, "05/06/1981" is 1981-06-05'
    assert doubt.decide == ("born_on=%d/%m/%Y", "born_on=%m/%d/%Y")


def test_days_that_are_the_same_either_way_decide_nothing_about_tomorrow() -> None:
    field = drafted(["03/03/1980", "05/05/1981"])

    assert settings(field) == {"format": UNDECIDED}


def test_one_value_is_enough_to_decide_and_is_counted() -> None:
    field = drafted(["03/04/1980", "05/06/1981", "13/06/1981"])

    assert settings(field) == {"format": "%d/%m/%Y"}
    assert not field.doubts
    assert [(rival.unread_count, rival.unread) for rival in field.rivals] == [(1, ("13/06/1981",))]


def test_a_person_decides_between_day_and_month() -> None:
    field = drafted(["03/04/1980"], reading="%m/%d/%Y")

    assert settings(field) == {"format": "%m/%d/%Y"}
    assert not field.doubts


def test_a_decision_that_reads_only_some_values_says_how_many_it_loses() -> None:
    field = drafted(["03/04/1980", "13/06/1981"], reading="%m/%d/%Y")

    assert (field.reading.read_count, field.reading.unread_count) == (1, 1)


@pytest.mark.parametrize("reading", ["%Y-%m-%d", "integer", "no such type", "email"])
def test_a_decision_that_reads_nothing_is_refused(reading: str) -> None:
    with pytest.raises(UsageError):
        drafted(["03/04/1980"], reading=reading)


@pytest.mark.parametrize(
    ("texts", "written"),
    [
        (["1952-11-09", "1958-10-13"], "%Y-%m-%d"),
        (["1/12/2020", "13/1/2020"], "%-d/%-m/%Y"),
        (["01/12/2020", "13/1/2020"], "%-d/%-m/%Y"),
        (["13.12.2020"], "%d.%m.%Y"),
        (["9 Aug 2024", "31 Dec 2024"], "%-d %b %Y"),
        (["August 09, 2024", "May 31, 2024"], "%B %d, %Y"),
    ],
)
def test_a_date_is_read_by_the_strictest_format_that_reads_all(texts: list[str], written: str) -> None:
    field = drafted(texts)

    assert (field.reading.type, settings(field)) == ("date", {"format": written})


def test_two_digit_years_need_a_person_for_their_century() -> None:
    open_ended = drafted(["13/04/80", "05/06/24"], "born_on")
    decided = drafted(["13/04/80", "05/06/24"], "born_on", keys={"pivot": "1930"})

    assert settings(open_ended) == {"format": "%d/%m/%y", "pivot": UNDECIDED}
    assert settings(decided) == {"format": "%d/%m/%y", "pivot": 1930}


def test_a_moment_without_a_zone_needs_a_person_for_it() -> None:
    open_ended = drafted(["2020-11-03 06:30:00"], "moved_at")
    decided = drafted(["2020-11-03 06:30:00"], "moved_at", keys={"zone": "Europe/Berlin"})

    assert settings(open_ended) == {"format": "%Y-%m-%d %H:%M:%S", "zone": UNDECIDED}
    assert settings(decided) == {"format": "%Y-%m-%d %H:%M:%S", "zone": "Europe/Berlin"}


def test_a_moment_with_its_offset_is_decided() -> None:
    field = drafted(["2021-05-05T09:11:12.7109988-03:00", "2021-05-05T09:11:12.7-03:00"])

    assert (field.reading.type, settings(field)) == ("datetime", {"format": "%Y-%m-%dT%H:%M:%S.%f%z"})
    assert not field.doubts


def test_a_number_that_is_a_thousand_or_a_fraction_is_undecided() -> None:
    field = drafted(["1.234", "2.345"], "amount")

    assert field.reading.type == UNDECIDED
    assert field.doubts[0].choices == (
        'type: decimal, decimalChar: ".", scale: 3   "1.234" is 1.234, "2.345" is 2.345',
        'type: integer, groupChar: "."   "1.234" is 1234, "2.345" is 2345',
    )


@pytest.mark.parametrize(
    ("reading", "type_", "written"),
    [
        (".", "decimal", {"decimalChar": ".", "scale": 3}),
        (",", "integer", {"groupChar": "."}),
        ("integer", "integer", {"groupChar": "."}),
    ],
)
def test_a_person_decides_the_mark_of_a_number(reading: str, type_: str, written: dict[str, object]) -> None:
    field = drafted(["1.234", "2.345"], reading=reading)

    assert (field.reading.type, settings(field)) == (type_, written)
    assert not field.doubts


@pytest.mark.parametrize(
    ("texts", "type_", "written"),
    [
        (["1", "-20", "300"], "integer", {}),
        (["1,234", "1,234,567"], "integer", {"groupChar": ","}),
        (["1.5", "2.25"], "decimal", {"decimalChar": ".", "scale": 2}),
        (["387.199,33", "12,5"], "decimal", {"decimalChar": ",", "groupChar": ".", "scale": 2}),
        (["0.123", "1.234"], "decimal", {"decimalChar": ".", "scale": 3}),
        (["1 234,50", "1,00"], "decimal", {"decimalChar": ",", "groupChar": " ", "scale": 2}),
        (["true", "False"], "boolean", {"trueValues": ("true",), "falseValues": ("False",)}),
        (["ada@example.org", "bob@example.org"], "email", {}),
        (["+44 20 7946 0958", "+49 30 901820"], "phone", {}),
        (["DE89370400440532013000", "GB82WEST12345698765432"], "iban", {}),
        (["12:30", "23:59"], "time", {"format": "%H:%M"}),
    ],
)
def test_a_reading_of_every_value_is_drafted(texts: list[str], type_: str, written: dict[str, object]) -> None:
    field = drafted(texts)

    assert (field.reading.type, settings(field), field.doubts) == (type_, written, ())


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (["00123", "12345"], "thing"),  # leading zeros
        (["+1", "+2"], "thing"),
        (["1234567890123456", "1"], "thing"),  # a card number
        (["123", "456"], "govtrack_id"),
        (["90210", "10001"], "zip_code"),
        (["020 7946 0958", "020 7946 0959"], "phone"),
        (["NA", "12"], "thing"),
        (["Yes", "No"], "thing"),
        (["NO", "SE", "NO"], "country"),
        (["None", "3"], "thing"),
        (["-", "3"], "thing"),
        (["1", "2", "1e5"], "thing"),
        (["31.02.1984", "01.03.1984"], "thing"),
        ([], "thing"),
        (["", " "], "thing"),
    ],
)
def test_what_a_reading_would_lose_stays_text(texts: list[str], name: str) -> None:
    field = drafted(texts, name)

    assert (field.reading.type, settings(field), field.doubts) == ("string", {}, ())


def test_words_for_missing_values_are_told_with_what_the_column_would_be_without_them() -> None:
    field = drafted(["NA", "12", "7", "NA"])

    assert field.remarks[0] == '2 x "NA": text, unless the field says missingValues: ["", NA]'
    assert field.remarks[1] == "all other 2 values would then be type: integer"


def test_the_few_values_that_speak_against_a_type_are_told() -> None:
    field = drafted([f"{day:02}.01.1984" for day in range(1, 31)] + ["31.02.1984"])

    assert any(
        '30 of 31 values would be type: date, format: "%d.%m.%Y"; not "31.02.1984"' in it for it in field.remarks
    )


def test_national_numbers_are_told_with_the_region_that_reads_them() -> None:
    field = drafted(["202-224-2315", "202-224-3441"], "phone")

    assert any("US reads 2" in remark and "--decide phone=US" in remark for remark in field.remarks)


def test_a_person_decides_the_region_of_national_numbers() -> None:
    field = drafted(["202-224-2315", "202-224-3441"], "phone", reading="US")

    assert (field.reading.type, settings(field)) == ("phone", {"region": "US"})


def test_eight_digits_that_may_be_days_are_undecided_until_their_name_or_number_decides() -> None:
    few = drafted(["20240809", "20240810"])
    named = drafted(["20240809", "20240810"], "date_opened")
    many = drafted([f"202401{day:02}" for day in range(1, 29)])

    assert (few.reading.type, named.reading.type, many.reading.type) == (UNDECIDED, "date", "date")


def test_values_are_counted_by_rows_and_not_by_what_is_different() -> None:
    field = drafted(["1", "1", "2", "", " "])

    assert (field.value_count, field.distinct_count, field.missing_count) == (3, 2, 2)
